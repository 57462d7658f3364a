#pragma once

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

}  // namespace stockd::support
