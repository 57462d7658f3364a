#include "daemon/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace stockd {

void CheckFailed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "stockd: internal error: %s at %s:%d. Please report this line.\n",
               expression, file, line);
  std::abort();
}

}  // namespace stockd
