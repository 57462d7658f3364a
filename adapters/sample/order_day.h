// A day of orders: the web shop and the app place them, store staff pick them, customers come or do
// not, carriers deliver. So that whoever tries stockd sees orders go through.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

namespace stockd::sample {

// What became of the orders so far.
struct OrderCounts {
  int64_t placed = 0;
  int64_t refused = 0;  // No slot, no stock.
  int64_t collected = 0;
  int64_t delivered = 0;
  int64_t failed = 0;  // Calls that failed otherwise.
};

// Places an order every other second and brings each to its end within about a minute, until `stop`
// is requested. The same seed tells the same stories. Returns what became of them.
OrderCounts LiveOrderDay(const std::string& address, uint64_t seed, const std::stop_token& stop);

}  // namespace stockd::sample
