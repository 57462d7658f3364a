#include "adapters/sdk/clock.h"

namespace stockd::sdk {

SteadyTime SteadyNow() { return std::chrono::steady_clock::now(); }

Timestamp Now() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::chrono::milliseconds MillisecondsSince(SteadyTime begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(SteadyNow() - begin);
}

}  // namespace stockd::sdk
