// The machine's clocks.
#pragma once

#include <chrono>

#include "adapters/sdk/timestamp_text.h"

namespace stockd::sdk {

// For measuring how long something took; never goes back.
using SteadyTime = std::chrono::steady_clock::time_point;

[[nodiscard]] SteadyTime SteadyNow();

// What time it is.
[[nodiscard]] Timestamp Now();

// Whole milliseconds since then.
[[nodiscard]] std::chrono::milliseconds MillisecondsSince(SteadyTime begin);

}  // namespace stockd::sdk
