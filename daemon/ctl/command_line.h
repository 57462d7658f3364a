// From words to a command.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/command.h"

namespace stockd::ctl {

// What the words of a command line ask for.
struct CommandLine {
  const Command* command = nullptr;  // None: only `help` is wanted.
  Arguments arguments{{}};           // Those of the command and the global ones.
  std::string help;                  // To be printed instead of running anything.
};

// `words` without the program's name. Reads STOCKD_SERVER from the environment. Throws UsageError.
CommandLine ParseCommandLine(const std::vector<std::string>& words);

}  // namespace stockd::ctl
