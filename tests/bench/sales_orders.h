#pragma once

#include <cstdint>

#include "daemon/storage/store.h"
#include "tests/bench/sales_database.h"

namespace stockd::bench {

// Events of each order.
inline constexpr uint64_t kEventsPerOrder = 6;

// Writes the order with this number, from 0, and what happened to it: two of three are shipped, the
// others collected; one in ten is late. Inside the store's unit of work; in the order of numbers.
void WriteOrder(storage::Store& store, const SalesShape& shape, uint64_t number);

}  // namespace stockd::bench
