// What customers want.
#pragma once

#include <cstdint>
#include <vector>

#include "adapters/sample/assortment.h"
#include "adapters/sample/seeded_random.h"
#include "adapters/sample/stock_plan.h"

namespace stockd::sample {

// Immutable.
class Demand {
 public:
  Demand(const std::vector<Item>& items, const StockPlan& plan);

  // An item of the site, popular ones more often.
  size_t DrawItem(size_t site, SeededRandom& random) const;
  // How much of it somebody takes.
  int64_t DrawQuantity(size_t item, SeededRandom& random) const;

  // How many customers come in this minute, per mille of the average.
  static int64_t Rush(int64_t minute);

 private:
  struct Choice {
    size_t item = 0;
    int64_t popularity_end = 0;  // The sum of this and all choices before it.
  };

  const std::vector<Item>& items_;
  std::vector<std::vector<Choice>> choices_;  // By site.
};

}  // namespace stockd::sample
