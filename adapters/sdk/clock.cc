#include "adapters/sdk/clock.h"

#include <condition_variable>
#include <mutex>

namespace stockd::sdk {
namespace {

class MachineClock final : public Clock {
 public:
  SteadyTime SteadyNow() override { return sdk::SteadyNow(); }
  Timestamp Now() override { return sdk::Now(); }
  bool Sleep(std::chrono::milliseconds time, std::stop_token stop) override {
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
  }
};

}  // namespace

SteadyTime SteadyNow() { return std::chrono::steady_clock::now(); }

Timestamp Now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::chrono::milliseconds MillisecondsSince(SteadyTime begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(SteadyNow() - begin);
}

Clock& SystemClock() {
  static MachineClock clock;
  return clock;
}

}  // namespace stockd::sdk
