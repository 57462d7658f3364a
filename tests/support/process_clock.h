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

// How long a test waits for what must happen: far longer than it takes, also on a machine that is
// busy with other things, because a test that gives up early fails without a fault. One that waits
// in vain fails anyway, so that nothing is gained by less. Below the time that ctest gives a test.
inline constexpr std::chrono::seconds kPatience{90};

// An instant after which a test stops waiting.
inline SteadyTime In(std::chrono::milliseconds patience = kPatience) {
  return SteadyNow() + patience;
}

// Looks again and again, a few milliseconds apart, until `holds` returns true; false when
// `deadline` came first. Looks at least once. For conditions that nothing announces, for example
// files that another process writes.
[[nodiscard]] bool WaitUntil(SteadyTime deadline, const std::function<bool()>& holds);

}  // namespace stockd::support
