#include "adapters/sample/trade.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

#include "adapters/sample/checkout.h"
#include "adapters/sample/master_files.h"
#include "adapters/sample/open_hours.h"
#include "adapters/sample/order_day.h"
#include "adapters/sample/simulated_clock.h"
#include "adapters/sample/trade_display.h"
#include "adapters/sample/trade_files.h"
#include "adapters/sample/world.h"
#include "adapters/sdk/clock.h"

namespace stockd::sample {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kTick{100};
constexpr milliseconds kSaveInterval{2000};
// The adapters read the opening files within seconds; later than this something is wrong, and trade
// goes on all the same.
constexpr milliseconds kOpeningPatience{120'000};

// Waits a tick, or until a stop is requested.
void WaitTick(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait_for(lock, stop, kTick, [] { return false; });
}

class Trade {
 public:
  Trade(const SampleDirectory& directory, const TradeOptions& options, const SampleStory& story,
        int64_t position_ms)
      : directory_(directory),
        options_(options),
        story_(story),
        position_ms_(position_ms),
        world_(story.seed),
        files_(directory, world_, story.began_at),
        checkout_(MakeReservationCalls(options.address, world_.items())),
        display_(story.began_at) {}

  absl::Status Run(const std::stop_token& stop) {
    WaitForOpeningFiles(stop);
    if (absl::Status put = PutStoreCalendars(options_.address, sdk::Now(), stop); !put.ok()) {
      spdlog::warn("the stores have no calendars: {}", put.ToString());
    }
    const SimulatedClock clock({.began_at = story_.began_at,
                                .position_ms = position_ms_,
                                .real_now = sdk::Now(),
                                .speed = options_.speed});
    const int64_t first_ms = position_ms_;
    int64_t now_ms = first_ms;
    // Orders are lived in real time: who watches one wants to see it move.
    OrderCounts orders;
    std::jthread order_day([&](const std::stop_token& day_over) {
      orders = LiveOrderDay(options_.address, story_.seed, day_over);
    });
    bool is_over = false;
    while (!stop.stop_requested() && !is_over) {
      const sdk::Timestamp real_now = sdk::Now();
      now_ms = clock.NowMs(real_now);
      if (options_.minutes) now_ms = std::min(now_ms, *options_.minutes * kMsPerMinute);
      is_over = options_.minutes && now_ms == *options_.minutes * kMsPerMinute;
      Live(first_ms, now_ms, stop);
      if (absl::Status status = files_.DropDue(real_now, now_ms); !status.ok()) return status;
      if (absl::Status status = SaveSometimes(now_ms, real_now); !status.ok()) return status;
      display_.Show({.now_ms = now_ms,
                     .has_caught_up = clock.HasCaughtUp(real_now),
                     .files = files_.counts(),
                     .checkout = checkout_.counts()},
                    real_now);
      if (!is_over) WaitTick(stop);
    }
    if (is_over) checkout_.WaitUntilIdle(stop);
    order_day.request_stop();
    order_day.join();
    spdlog::info("order day ended placed={} refused={} collected={} delivered={} failed={}",
                 orders.placed, orders.refused, orders.collected, orders.delivered, orders.failed);
    return End(now_ms);
  }

 private:
  // Files that were dropped before the adapters started.
  void WaitForOpeningFiles(const std::stop_token& stop) const {
    const std::filesystem::path drop = directory_.Drop("erp");
    const sdk::SteadyTime began = sdk::SteadyNow();
    const auto waits = [&drop](const NamedFile& file) {
      std::error_code error;
      return std::filesystem::exists(drop / file.name, error) ||
             std::filesystem::exists(drop / "work" / file.name, error);
    };
    const std::vector<NamedFile> opening = MasterFiles(world_, story_.began_at);
    while (std::ranges::any_of(opening, waits) && !stop.stop_requested()) {
      if (sdk::MillisecondsSince(began) > kOpeningPatience) {
        spdlog::warn("the opening files were not taken, trade begins without them folder={}",
                     drop.string());
        return;
      }
      WaitTick(stop);
    }
  }

  // Everything from `first_ms` on happens; what was before had happened in an earlier run.
  void Live(int64_t first_ms, int64_t now_ms, const std::stop_token& stop) {
    while (world_.now_ms() <= now_ms) {
      for (TradeEvent& event : world_.NextMinute()) {
        if (event.at_ms >= first_ms) to_come_.push_back(std::move(event));
      }
    }
    while (!to_come_.empty() && to_come_.front().at_ms < now_ms && !stop.stop_requested()) {
      files_.Take(to_come_.front());
      if (auto* step = std::get_if<BasketStep>(&to_come_.front().what)) {
        checkout_.Take(std::move(*step), stop);
      }
      to_come_.pop_front();
    }
  }

  // What has not been taken is not behind us, whatever the clock says.
  int64_t PositionMs(int64_t now_ms) const {
    const int64_t taken_ms = to_come_.empty() ? now_ms : std::min(now_ms, to_come_.front().at_ms);
    return files_.position_ms(taken_ms);
  }

  absl::Status SaveSometimes(int64_t now_ms, sdk::Timestamp real_now) {
    if (real_now - saved_at_ < kSaveInterval) return absl::OkStatus();
    saved_at_ = real_now;
    return TradePosition::Save(directory_, PositionMs(now_ms));
  }

  absl::Status End(int64_t now_ms) {
    if (absl::Status status = files_.DropAll(now_ms); !status.ok()) return status;
    if (absl::Status status = TradePosition::Save(directory_, PositionMs(now_ms)); !status.ok()) {
      return status;
    }
    display_.End();
    const CheckoutCounts checkout = checkout_.counts();
    spdlog::info(
        "trade ended position_ms={} files={} held={} refused={} committed={} released={} "
        "failed={}",
        now_ms, files_.counts().files, checkout.held, checkout.refused, checkout.committed,
        checkout.released, checkout.failed);
    return absl::OkStatus();
  }

  const SampleDirectory& directory_;
  const TradeOptions& options_;
  const SampleStory story_;
  const int64_t position_ms_;
  World world_;
  TradeFiles files_;
  Checkout checkout_;
  TradeDisplay display_;
  std::deque<TradeEvent> to_come_;
  sdk::Timestamp saved_at_;
};

}  // namespace

absl::Status RunTrade(const SampleDirectory& directory, const TradeOptions& options,
                      const std::stop_token& stop) {
  const absl::StatusOr<SampleStory> story = SampleStory::Load(directory);
  if (!story.ok()) return story.status();
  const absl::StatusOr<int64_t> position_ms = TradePosition::Load(directory);
  if (!position_ms.ok()) return position_ms.status();
  return Trade(directory, options, *story, *position_ms).Run(stop);
}

}  // namespace stockd::sample
