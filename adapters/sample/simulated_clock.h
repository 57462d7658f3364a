// What time it is in the sample.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "adapters/sdk/timestamp_text.h"

namespace stockd::sample {

// The sample begins this long ago, so that a day can go by fast without facts from the future.
inline constexpr std::chrono::hours kHeadStart{12};

// Instants of a World, in milliseconds, by real time: they go on `speed` times as fast as the clock
// on the wall until they have caught up with it, and with it from then on. Immutable.
class SimulatedClock {
 public:
  struct Options {
    sdk::Timestamp began_at;  // Instant 0 of the World.
    int64_t position_ms = 0;  // Where it stands at...
    sdk::Timestamp real_now;  // ...this moment.
    double speed = 60;
  };

  explicit SimulatedClock(const Options& options) : options_(options) {
    // A sample that was put away for days does not take days to catch up.
    const double behind_ms = static_cast<double>(RealMs(options.real_now) - options.position_ms);
    const double head_start_ms = static_cast<double>(std::chrono::milliseconds(kHeadStart).count());
    options_.speed = options.speed * std::max(1.0, behind_ms / head_start_ms);
  }

  int64_t NowMs(sdk::Timestamp real_now) const {
    using Milliseconds = std::chrono::duration<double, std::milli>;
    const double passed_ms = Milliseconds(real_now - options_.real_now).count() * options_.speed;
    const int64_t now_ms = options_.position_ms + static_cast<int64_t>(std::max(passed_ms, 0.0));
    return std::max(std::min(now_ms, RealMs(real_now)), options_.position_ms);
  }

  bool HasCaughtUp(sdk::Timestamp real_now) const { return NowMs(real_now) >= RealMs(real_now); }

 private:
  int64_t RealMs(sdk::Timestamp real_now) const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(real_now - options_.began_at)
        .count();
  }

  Options options_;
};

}  // namespace stockd::sample
