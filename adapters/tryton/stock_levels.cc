#include "adapters/tryton/stock_levels.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adapters/sdk/clock.h"
#include "adapters/tryton/exact_number.h"
#include "adapters/tryton/json_rpc.h"
#include "adapters/tryton/row.h"

namespace stockd::tryton {

absl::StatusOr<StockReading> ReadStock(TrytonClient& client,
                                       const std::vector<Warehouse>& warehouses,
                                       const ProductBook::Products& products) {
  StockReading reading;
  std::vector<int64_t> ids;
  for (const auto& [sku, product] : products.by_sku) ids.push_back(product.id);
  for (const Warehouse& warehouse : warehouses) {
    // Without the date Tryton would take moves that are planned for done.
    const absl::StatusOr<std::vector<JsonValue>> records =
        client.Read("product.product", ids, {"id", "quantity"},
                    {{"locations", JsonValue::List({warehouse.id})},
                     {"stock_date_end", ToJsonDate(sdk::Now())}});
    if (!records.ok()) return records.status();
    for (const JsonValue& record : *records) {
      Row row(record, "product.product");
      const auto sku = products.sku_of.find(row.Id());
      const std::string text = row.Number("quantity");
      if (!row.status().ok()) return row.status();
      if (sku == products.sku_of.end()) continue;
      const int scale = products.by_sku.at(sku->second).scale;
      const absl::StatusOr<int64_t> quantity = ParseQuantity(text, scale);
      if (!quantity.ok()) {
        reading.unreadable.push_back(fmt::format("{} at {}: {} does not fit into {} decimals",
                                                 sku->second, warehouse.location, text, scale));
        continue;
      }
      reading.levels.push_back(
          {.sku = sku->second, .location = warehouse.location, .quantity = *quantity});
    }
  }
  return reading;
}

absl::StatusOr<bool> LevelRows::Next(v1::SnapshotRow* row) {
  if (next_ == levels_.size()) return false;
  const StockLevel& level = levels_[next_++];
  row->set_sku(level.sku);
  row->set_location(level.location);
  row->set_quantity(std::max<int64_t>(0, level.quantity));
  return true;
}

}  // namespace stockd::tryton
