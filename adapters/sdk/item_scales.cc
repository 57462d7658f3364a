#include "adapters/sdk/item_scales.h"

#include <chrono>

#include "adapters/sdk/retry.h"

namespace stockd::sdk {

absl::Status ItemScales::Refresh(CatalogueClient& catalogue, Backoff::Options pauses,
                                 const std::stop_token& stop) {
  constexpr std::chrono::minutes kFreshFor{1};
  const auto now = SteadyNow();
  if (loaded_at_ && now - *loaded_at_ < kFreshFor) return absl::OkStatus();
  v1::ListItemsRequest request;
  request.set_page_size(1000);
  do {
    v1::ListItemsResponse response;
    absl::Status status = Retry("ListItems", pauses, stop, [&] {
      response.Clear();
      return catalogue.ListItems(request, &response);
    });
    if (!status.ok()) return status;
    for (const v1::Item& item : response.items()) Set(item.sku(), item.scale());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  loaded_at_ = now;
  return absl::OkStatus();
}

void ItemScales::Set(const std::string& sku, int scale) {
  if (scale == fallback_) {
    scales_.erase(sku);
  } else {
    scales_[sku] = scale;
  }
}

int ItemScales::ScaleOf(std::string_view sku) const {
  const auto found = scales_.find(std::string(sku));
  return found == scales_.end() ? fallback_ : found->second;
}

}  // namespace stockd::sdk
