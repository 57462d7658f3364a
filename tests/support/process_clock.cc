#include "tests/support/process_clock.h"

#include <poll.h>

namespace stockd::support {
namespace {

constexpr int kBetweenLooksMs = 5;

}  // namespace

SteadyTime SteadyNow() { return std::chrono::steady_clock::now(); }

std::chrono::system_clock::time_point CalendarNow() { return std::chrono::system_clock::now(); }

bool WaitUntil(SteadyTime deadline, const std::function<bool()>& holds) {
  for (;;) {
    if (holds()) return true;
    if (SteadyNow() >= deadline) return false;
    poll(nullptr, 0, kBetweenLooksMs);
  }
}

}  // namespace stockd::support
