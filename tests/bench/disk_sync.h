#pragma once

#include <filesystem>

namespace stockd::bench {

// How long the disk takes for a small durable write.
struct SyncTimes {
  double p50_us = 0;
  double p99_us = 0;
  double max_us = 0;
  int64_t count = 0;
};

// Appends 4 KiB and calls fdatasync, again and again, to a file in the folder. Throws BenchError.
SyncTimes MeasureSync(const std::filesystem::path& folder, double seconds);

// Whether files in the folder are kept in memory only, so that no figure about them means anything.
bool IsInMemory(const std::filesystem::path& folder);

}  // namespace stockd::bench
