#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace stockd::support {

// The seeds of one property: first, first + 1, ...
struct Seeds {
  uint64_t first = 1;
  int runs = 0;
};

// Seeds 1 to `runs_default`, unless the environment variables STOCKD_SEED (the first) and
// STOCKD_RUNS (how many) say otherwise. Ends the process with a message when they are not numbers.
Seeds SeedsToRun(int runs_default);

// For the message of a failure: the seed, and the command that repeats it.
std::string HowToRepeat(uint64_t seed);

// Calls `run(seed)` for each of the SeedsToRun(), and stops at the first that fails the running
// test. The failure says how to repeat it.
template <typename Run>
void ForEachSeed(int runs_default, Run run) {
  const Seeds seeds = SeedsToRun(runs_default);
  for (int i = 0; i < seeds.runs; ++i) {
    const uint64_t seed = seeds.first + static_cast<uint64_t>(i);
    SCOPED_TRACE(HowToRepeat(seed));
    run(seed);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace stockd::support
