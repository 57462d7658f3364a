#pragma once

namespace stockd::ctl {

// What stockctl tells the shell. Stable: scripts rely on it.
enum class ExitCode : int {
  kOk = 0,
  kRefused = 1,      // The daemon said no, with a reason.
  kUsage = 2,        // The command line or an input file is not right; nothing was asked for.
  kUnreachable = 3,  // No daemon answered in time. A change may or may not have been made.
  kNegative = 4,     // The answer is one to act on: drift, too little stock, rows left over.
};

}  // namespace stockd::ctl
