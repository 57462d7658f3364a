#pragma once

namespace stockd {

// Prints the failed expression with its place and ends the process. A stock figure that may be
// wrong is worse than a daemon that is down: the journal on disk is sound, and the next start
// rebuilds everything from it.
[[noreturn]] void CheckFailed(const char* expression, const char* file, int line);

}  // namespace stockd

// Guards our own assumptions, in every build. Never used to validate input.
#define STOCKD_CHECK(expression) \
  ((expression) ? static_cast<void>(0) : ::stockd::CheckFailed(#expression, __FILE__, __LINE__))
