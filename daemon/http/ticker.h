#pragma once

#include <chrono>
#include <cstdint>

namespace stockd::http {

// Time-outs of connections are counted in ticks, so that a phase that begins costs no timer and no
// look at a clock: one timer of each thread moves them on.
constexpr std::chrono::milliseconds kTick{100};
using Ticks = uint64_t;

// At least one tick, rounded up.
constexpr Ticks ToTicks(std::chrono::microseconds duration) {
  const auto ticks = (duration + kTick - std::chrono::microseconds(1)) / kTick;
  return ticks < 1 ? 1 : static_cast<Ticks>(ticks);
}

}  // namespace stockd::http
