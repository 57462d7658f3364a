// The machine's clocks.
#pragma once

#include <chrono>
#include <stop_token>

#include "adapters/sdk/timestamp_text.h"

namespace stockd::sdk {

// For measuring how long something took; never goes back.
using SteadyTime = std::chrono::steady_clock::time_point;

[[nodiscard]] SteadyTime SteadyNow();

// What time it is.
[[nodiscard]] Timestamp Now();

// Whole milliseconds since then.
[[nodiscard]] std::chrono::milliseconds MillisecondsSince(SteadyTime begin);

// Time as a parameter, for whoever waits and is tested without waiting. May be used from any
// thread.
class Clock {
 public:
  virtual ~Clock() = default;

  [[nodiscard]] virtual SteadyTime SteadyNow() = 0;
  [[nodiscard]] virtual Timestamp Now() = 0;
  // False when `stop` is requested before the time is over; at once when it was before.
  [[nodiscard]] virtual bool Sleep(std::chrono::milliseconds time, std::stop_token stop) = 0;
};

// The machine's. Lives for ever.
[[nodiscard]] Clock& SystemClock();

}  // namespace stockd::sdk
