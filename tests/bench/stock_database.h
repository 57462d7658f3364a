#pragma once

#include <cstdint>
#include <filesystem>

#include "daemon/base/time.h"

namespace stockd::bench {

// When every position was counted: long before anything that a benchmark tells.
inline constexpr Timestamp kCountedAt = FromMicros(1'700'000'000'000'000);

// Every item at every location, each position counted once with the same quantity.
// A second passes between two receipts of a position.
struct StockShape {
  uint64_t items = 1;
  uint64_t locations = 1;
  int64_t on_hand = 1'000'000'000;
  uint64_t history = 0;  // Receipts of one unit after the count, for each position: one in 8 hours.

  uint64_t positions() const { return items * locations; }
};

// Writes such a database with the daemon's own store, or finds the one that an earlier run left in
// `directory`. Returns its path. It is to be copied before a daemon changes it. Throws BenchError.
std::filesystem::path StockDatabase(const std::filesystem::path& directory,
                                    const StockShape& shape);

// Copies a database into a folder of its own, which is emptied first.
std::filesystem::path CopyDatabase(const std::filesystem::path& database,
                                   const std::filesystem::path& folder);

}  // namespace stockd::bench
