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
  const absl::StatusOr<std::optional<uint64_t>> stored =
      state_.BookedUpTo(level.sku(), level.location());
  if (!stored.ok()) return stored.status();
  const Opening opening = state_.opening().value_or(Opening());
  const uint64_t booked_up_to = stored->value_or(opening.sequence_before);
  if (level.version() <= booked_up_to) return absl::OkStatus();
  const absl::StatusOr<sdk::JournalPart> part =
      sdk::ReadJournal(journal_, level.sku(), level.location(), booked_up_to, kEntriesMax);
  if (!part.ok()) return part.status();
  if (part->is_truncated) {
    return absl::FailedPreconditionError(
        fmt::format("more than {} entries wait at this position; count it in Tryton and remove "
                    "the state folder",
                    kEntriesMax));
  }
  if (part->entries.empty()) return absl::OkStatus();
  const std::vector<Booking> bookings =
      BookingsOf(part->entries, booked_up_to, options_.source, opening, options_.key_prefix);
  for (const Booking& booking : bookings) {
    if (absl::Status status = writer_.Write(booking, product, warehouse, places); !status.ok()) {
      return status;
    }
    if (absl::Status status = state_.PutBookedUpTo(level.sku(), level.location(), booking.sequence);
        !status.ok()) {
      return status;
    }
    ++booked_;
  }
  // Entries that need no booking are cheaper to read again than to note one by one.
  if (bookings.empty() && part->entries.size() < kEntriesReadAgainMax) return absl::OkStatus();
  return state_.PutBookedUpTo(level.sku(), level.location(),
                              std::max(booked_up_to, part->entries.back().sequence()));
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
