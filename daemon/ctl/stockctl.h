// The whole of stockctl but the process around it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/ctl/exit_code.h"

namespace stockd::ctl {

// What stockctl takes from the process it runs in.
struct Environment {
  std::ostream& out;
  std::ostream& err;
  bool out_colours = false;
  bool err_colours = false;
  const Clock& clock;
  std::function<std::array<uint8_t, 10>()> chance;  // Ten random bytes.
};

// Runs one command line (without the program's name) to its end. Throws nothing.
ExitCode RunStockctl(const std::vector<std::string>& words, const Environment& environment);

}  // namespace stockd::ctl
