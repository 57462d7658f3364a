#pragma once

#include <cstdint>
#include <filesystem>

#include "daemon/base/time.h"

namespace stockd::bench {

// The year of a chain's sales begins here: 2025-01-01.
inline constexpr Timestamp kSalesBegin = FromMicros(1'735'689'600'000'000);
inline constexpr Duration kSalesLength = std::chrono::hours(365 * 24);

// A year of a chain: every item counted at every location, then sale lines spread evenly over the
// year, three to a receipt, one in fifty given back, with customers, channels and prices. For ten
// sale lines there is one order that was picked and then collected or shipped, with all its events.
struct SalesShape {
  uint64_t items = 500;
  uint64_t locations = 200;
  uint64_t lines = 10'000'000;

  uint64_t receipts() const { return lines / 3; }
  uint64_t orders() const { return lines / 10; }
};

// Writes such a database with the daemon's own store, or finds the one that an earlier run left in
// `directory`. Throws BenchError.
std::filesystem::path SalesDatabase(const std::filesystem::path& directory,
                                    const SalesShape& shape);

}  // namespace stockd::bench
