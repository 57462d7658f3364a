#include "adapters/sample/stock_plan.h"

#include <algorithm>

#include "adapters/sample/chain.h"
#include "adapters/sample/purposes.h"
#include "adapters/sample/seeded_random.h"

namespace stockd::sample {
namespace {

constexpr int64_t kTenthsOfLinesPerReceipt = 28;
constexpr int64_t kTenthsOfPiecesPerLine = 14;

int64_t UnitsPerLine(const Item& item) { return item.by_weight ? kGramsPerLine : 1; }

// Popular items are kept everywhere, the others more or less at random.
bool IsKept(const Item& item, const Site& site, SeededRandom& random) {
  const bool is_drawn = random.PerMille(site.range_per_mille);
  constexpr int64_t kPopularEverywhere = 150'000;
  return !item.is_launch && (is_drawn || item.popularity >= kPopularEverywhere);
}

}  // namespace

StockPlan::StockPlan(const std::vector<Item>& items, uint64_t seed)
    : positions_(items.size() * Sites().size()) {
  for (size_t site = 0; site < Stores().size(); ++site) PlanStore(items, seed, site);
  PlanWarehouse(items.size());
  for (size_t item = 0; item < items.size(); ++item) {
    if (items[item].is_launch) positions_[Index(item, WarehouseIndex())] = {};
  }
}

size_t StockPlan::Index(size_t item, size_t site) { return item * Sites().size() + site; }

void StockPlan::PlanStore(const std::vector<Item>& items, uint64_t seed, size_t site) {
  const Site& store = Stores()[site];
  SeededRandom random(seed, kStockPurpose + (site << 8));
  int64_t popularity = 1;  // Of all that is kept; never 0, whatever the assortment.
  for (size_t item = 0; item < items.size(); ++item) {
    PositionPlan& plan = positions_[Index(item, site)];
    plan.is_ranged = IsKept(items[item], store, random);
    if (plan.is_ranged) popularity += items[item].popularity;
  }
  const int64_t tenths_of_lines = store.tills * kReceiptsPerTillAndDay * kTenthsOfLinesPerReceipt;
  for (size_t item = 0; item < items.size(); ++item) {
    PositionPlan& plan = positions_[Index(item, site)];
    if (!plan.is_ranged) continue;
    const int64_t unit = UnitsPerLine(items[item]);
    const int64_t tenths_of_units =
        items[item].by_weight ? unit * 10 : unit * kTenthsOfPiecesPerLine;
    plan.day_demand = tenths_of_lines * items[item].popularity / popularity * tenths_of_units / 100;
    plan.opening = plan.day_demand * random.Between(10, 25) / 10 + unit * random.Between(1, 9);
    plan.reorder_point = plan.day_demand / 2 + 2 * unit;
    plan.order_up_to = plan.day_demand * 2 + 8 * unit;
  }
}

void StockPlan::PlanWarehouse(size_t item_count) {
  for (size_t item = 0; item < item_count; ++item) {
    PositionPlan& plan = positions_[Index(item, WarehouseIndex())];
    plan.is_ranged = true;
    int64_t shelf_depth = 0;
    for (size_t site = 0; site < Stores().size(); ++site) {
      const PositionPlan& store = positions_[Index(item, site)];
      plan.day_demand += store.day_demand;
      shelf_depth = std::max(shelf_depth, store.order_up_to);
    }
    plan.opening = 4 * plan.day_demand + 3 * shelf_depth + 12;
    plan.reorder_point = 3 * plan.day_demand / 2 + shelf_depth;
    plan.order_up_to = 5 * plan.day_demand + 3 * shelf_depth + 12;
  }
}

}  // namespace stockd::sample
