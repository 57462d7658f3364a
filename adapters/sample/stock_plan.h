// What each site keeps, and how much of it.
#pragma once

#include <cstdint>
#include <vector>

#include "adapters/sample/assortment.h"

namespace stockd::sample {

// Quantities are in the item's smallest unit: pieces, or grams.
struct PositionPlan {
  bool is_ranged = false;
  int64_t day_demand = 0;     // Sold on an average day; of the warehouse, what all stores sell.
  int64_t opening = 0;        // On hand when the sample begins.
  int64_t reorder_point = 0;  // Ordered again below it...
  int64_t order_up_to = 0;    // ...so that it comes up to this.
};

// Immutable.
class StockPlan {
 public:
  StockPlan(const std::vector<Item>& items, uint64_t seed);

  // By index into the items and into Sites().
  const PositionPlan& at(size_t item, size_t site) const { return positions_[Index(item, site)]; }

 private:
  static size_t Index(size_t item, size_t site);
  void PlanStore(const std::vector<Item>& items, uint64_t seed, size_t site);
  void PlanWarehouse(size_t item_count);

  std::vector<PositionPlan> positions_;
};

// Receipts that one till writes on an average day.
inline constexpr int64_t kReceiptsPerTillAndDay = 720;
// Of a sold line, on average.
inline constexpr int64_t kGramsPerLine = 700;

}  // namespace stockd::sample
