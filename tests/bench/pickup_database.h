#pragma once

#include <cstdint>
#include <filesystem>

#include "daemon/base/time.h"
#include "tests/bench/stock_database.h"

namespace stockd::bench {

// A database with `orders` pick-ups of one unit each that wait for their customers, spread over the
// last `items` items of the shape at its first location. Made with the daemon's own engine, or
// found as an earlier run left it in `directory`. It is to be copied before it is changed.
std::filesystem::path PickupDatabase(const std::filesystem::path& directory,
                                     const StockShape& shape, uint64_t items, uint64_t orders);

// Makes all pick-ups of such a database end at this instant. Nobody else uses the file.
void EndPickupsAt(const std::filesystem::path& database, Timestamp deadline);

}  // namespace stockd::bench
