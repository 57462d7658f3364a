// Runs stockctl inside of a test.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/base/time_text.h"
#include "daemon/ctl/stockctl.h"

namespace stockd::ctl {

struct Ran {
  ExitCode exit_code;
  std::string out;
  std::string err;
};

// It is 2026-11-22T12:00:00Z, and chance is all zeros.
inline Ran RunHere(const std::vector<std::string>& words) {
  std::ostringstream out;
  std::ostringstream err;
  const ManualClock clock(*ParseTimestamp("2026-11-22T12:00:00Z"));
  const ExitCode exit_code = RunStockctl(
      words,
      {.out = out, .err = err, .clock = clock, .chance = [] { return std::array<uint8_t, 10>{}; }});
  return {exit_code, out.str(), err.str()};
}

}  // namespace stockd::ctl
