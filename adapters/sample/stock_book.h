// What stands on the shelves, and what the records say about it.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "adapters/sample/stock_plan.h"

namespace stockd::sample {

// The two differ by what was stolen and not counted since. Neither is ever negative, and the
// records never say less than there is. Thread-compatible.
class StockBook {
 public:
  using Position = std::pair<size_t, size_t>;  // Item and site.

  StockBook(const StockPlan& plan, size_t item_count);

  int64_t shelf(size_t item, size_t site) const { return entries_[Index(item, site)].shelf; }
  // What stockd shall say once it has been told everything.
  int64_t recorded(size_t item, size_t site) const { return entries_[Index(item, site)].recorded; }

  // Takes at most `quantity` from the shelf and the records, and says how much.
  int64_t Take(size_t item, size_t site, int64_t quantity);
  void Add(size_t item, size_t site, int64_t quantity);
  // Nobody notices.
  void Steal(size_t item, size_t site, int64_t quantity);
  // The records now say what is there.
  int64_t Count(size_t item, size_t site);

  // Units on the way to the position.
  int64_t on_order(size_t item, size_t site) const { return entries_[Index(item, site)].on_order; }
  void Order(size_t item, size_t site, int64_t quantity);

  // Positions from which something was taken since the last call, each once, in the order of the
  // first time.
  [[nodiscard]] std::vector<Position> TakeTouched();

 private:
  struct Entry {
    int64_t shelf = 0;
    int64_t recorded = 0;
    int64_t on_order = 0;
    bool is_touched = false;
  };

  static size_t Index(size_t item, size_t site);
  void Touch(size_t item, size_t site);

  std::vector<Entry> entries_;
  std::vector<Position> touched_;
};

}  // namespace stockd::sample
