#include "adapters/tryton/level_booker.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "adapters/sdk/daemon_channel.h"
#include "adapters/sdk/log.h"
#include "adapters/sdk/random_seed.h"
#include "adapters/tryton/json_rpc.h"

namespace stockd::tryton {
namespace {

// Entries of one position that are looked at in one go. A position with more unbooked ones is a
// journal that was never connected, and is refused.
constexpr int kEntriesMax = 20'000;
constexpr size_t kEntriesReadAgainMax = 16;

bool IsWorthRepeating(const absl::Status& status) {
  return IsPassing(status) || sdk::IsWorthRetrying(status.code());
}

}  // namespace

LevelBooker::LevelBooker(Options options, sdk::JournalClient* journal, TrytonState* state,
                         DocumentWriter* writer, const ProductBook* products, std::stop_token stop,
                         std::function<void(std::string_view)> report_trouble)
    : options_(std::move(options)),
      journal_(*journal),
      state_(*state),
      writer_(*writer),
      products_(*products),
      stop_(std::move(stop)),
      report_trouble_(std::move(report_trouble)) {}

void LevelBooker::Begin(std::shared_ptr<const StockPlaces> places) {
  const std::scoped_lock lock(mutex_);
  places_ = std::move(places);
  changed_.notify_all();
}

std::shared_ptr<const StockPlaces> LevelBooker::WaitForPlaces() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, stop_, [this] { return places_ != nullptr; });
  return places_;
}

absl::Status LevelBooker::BookAll(const v1::Level& level, const Product& product,
                                  const Warehouse& warehouse, const StockPlaces& places) {
  const absl::StatusOr<std::optional<BookingProgress>> stored =
      state_.FindProgress(level.sku(), level.location());
  if (!stored.ok()) return stored.status();
  const Opening opening = state_.opening().value_or(Opening());
  BookingProgress progress =
      stored->value_or(BookingProgress{.booked = opening.sequence_before, .planned = 0});
  while (level.version() > progress.booked) {
    const absl::StatusOr<sdk::JournalPart> part =
        sdk::ReadJournal(journal_, level.sku(), level.location(), progress.booked, kEntriesMax);
    if (!part.ok()) return part.status();
    if (part->is_truncated) {
      return absl::FailedPreconditionError(
          fmt::format("more than {} entries wait at this position; count it in Tryton and remove "
                      "the files of the state folder",
                      kEntriesMax));
    }
    // A change of rules has versions, too, and no entries here.
    if (part->entries.empty() || part->entries.back().sequence() <= progress.booked) break;
    const bool is_planned = progress.planned > progress.booked;
    if (!is_planned) progress.planned = part->entries.back().sequence();
    const std::vector<Booking> bookings =
        BookingsOf(part->entries, progress, options_.source, opening, options_.key_prefix);
    // Entries that need no booking are cheaper to read again than to note one by one.
    if (bookings.empty() && part->entries.size() < kEntriesReadAgainMax) break;
    if (!is_planned) {
      absl::Status status = state_.PutProgress(level.sku(), level.location(), progress);
      if (!status.ok()) return status;
    }
    for (const Booking& booking : bookings) {
      absl::Status status = writer_.Write(booking, product, warehouse, places);
      if (!status.ok()) return status;
      ++booked_;
    }
    progress.booked = progress.planned;
    absl::Status status = state_.PutProgress(level.sku(), level.location(), progress);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

sdk::LevelAnswer LevelBooker::Take(const v1::Level& level) {
  sdk::Backoff pauses(options_.retry, sdk::RandomSeed());
  bool is_in_trouble = false;
  for (;;) {
    const std::shared_ptr<const StockPlaces> places = WaitForPlaces();
    if (places == nullptr) return sdk::LevelAnswer::Retry("the adapter is being stopped");
    const Warehouse* warehouse = places->FindByCode(level.location());
    if (warehouse == nullptr) return sdk::LevelAnswer::Refused("no such warehouse in Tryton");
    const auto products = products_.Get();
    const auto product = products->by_sku.find(level.sku());
    if (product == products->by_sku.end()) {
      return sdk::LevelAnswer::Refused("no product in Tryton has this code");
    }
    const absl::Status status = BookAll(level, product->second, *warehouse, *places);
    if (status.ok()) {
      if (is_in_trouble) report_trouble_("");
      return sdk::LevelAnswer::Applied();
    }
    // A stop ends calls in the middle: nothing is wrong with them.
    if (stop_.stop_requested()) return sdk::LevelAnswer::Retry("the adapter is being stopped");
    if (!IsWorthRepeating(status)) {
      spdlog::error("not booked in Tryton sku={} location={} reason={}", sdk::LogValue(level.sku()),
                    sdk::LogValue(level.location()), sdk::LogValue(std::string(status.message())));
      return sdk::LevelAnswer::Refused(std::string(status.message()));
    }
    is_in_trouble = true;
    report_trouble_(std::string(status.message()));
    spdlog::warn("booking waits for Tryton reason={}",
                 sdk::LogValue(std::string(status.message())));
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop_, pauses.Next(), [] { return false; });
    if (stop_.stop_requested()) return sdk::LevelAnswer::Retry("the adapter is being stopped");
  }
}

}  // namespace stockd::tryton
