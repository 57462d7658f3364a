#pragma once

#include <cstdint>
#include <filesystem>

namespace stockd::bench {

// Every item at every location, each position counted once with the same quantity.
struct StockShape {
  uint64_t items = 1;
  uint64_t locations = 1;
  int64_t on_hand = 1'000'000'000;

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
