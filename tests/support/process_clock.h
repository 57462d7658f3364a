#pragma once

#include <chrono>
#include <functional>

namespace stockd::support {

using SteadyTime = std::chrono::steady_clock::time_point;

// The machine's monotonic clock, for tests that drive real processes and therefore live in real
// time.
SteadyTime SteadyNow();

// The machine's calendar clock.
std::chrono::system_clock::time_point CalendarNow();

// An instant after which a test stops waiting.
inline SteadyTime In(std::chrono::milliseconds patience) { return SteadyNow() + patience; }

// Looks again and again, a few milliseconds apart, until `holds` returns true; false when
// `deadline` came first. Looks at least once. For conditions that nothing announces, for example
// files that another process writes.
[[nodiscard]] bool WaitUntil(SteadyTime deadline, const std::function<bool()>& holds);

}  // namespace stockd::support
