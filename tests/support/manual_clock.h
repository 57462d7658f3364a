#pragma once

#include <chrono>
#include <mutex>
#include <stop_token>
#include <vector>

#include "adapters/sdk/clock.h"

namespace stockd::support {

// A clock that moves only when somebody sleeps or a test says so. Nobody waits. May be used from
// any thread.
class ManualClock final : public sdk::Clock {
 public:
  explicit ManualClock(sdk::Timestamp now = sdk::Timestamp(std::chrono::days(20'000)))
      : now_(now) {}

  sdk::SteadyTime SteadyNow() override {
    const std::scoped_lock lock(mutex_);
    return sdk::SteadyTime(now_.time_since_epoch());
  }
  sdk::Timestamp Now() override {
    const std::scoped_lock lock(mutex_);
    return now_;
  }
  bool Sleep(std::chrono::milliseconds time, std::stop_token stop) override {
    if (stop.stop_requested()) return false;
    const std::scoped_lock lock(mutex_);
    now_ += time;
    slept_.push_back(time);
    return true;
  }

  void Advance(std::chrono::milliseconds time) {
    const std::scoped_lock lock(mutex_);
    now_ += time;
  }
  // Each sleep so far.
  std::vector<std::chrono::milliseconds> slept() const {
    const std::scoped_lock lock(mutex_);
    return slept_;
  }

 private:
  mutable std::mutex mutex_;
  sdk::Timestamp now_;
  std::vector<std::chrono::milliseconds> slept_;
};

}  // namespace stockd::support
