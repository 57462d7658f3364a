#pragma once

#include <cstdint>

namespace stockd {

// What the kernel says about this process; 0 where it does not say.
struct ProcessFigures {
  double cpu_seconds = 0;
  int64_t resident_bytes = 0;
  int64_t open_files = 0;
  int64_t open_files_max = 0;
  int64_t threads = 0;
};
ProcessFigures ReadProcessFigures();

}  // namespace stockd
