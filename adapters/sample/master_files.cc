#include "adapters/sample/master_files.h"

#include <fmt/format.h>

#include <chrono>
#include <initializer_list>
#include <string_view>

#include "adapters/sample/chain.h"
#include "adapters/sample/collect_range.h"
#include "adapters/sample/quantity_text.h"
#include "adapters/sdk/csv_writer.h"

namespace stockd::sample {
namespace {

using sdk::AppendCsvRow;

std::string LocationsCsv() {
  std::string text;
  AppendCsvRow(text,
               {"code", "name", "kind", "time_zone", "latitude", "longitude", "ships", "collects"});
  for (const Site& site : Sites()) {
    const bool is_store = site.tills > 0;
    AppendCsvRow(text, {site.code, site.name, is_store ? "store" : "warehouse", site.time_zone,
                        fmt::format("{:.4f}", site.latitude), fmt::format("{:.4f}", site.longitude),
                        site.ships ? "true" : "false", is_store ? "true" : "false"});
  }
  return text;
}

std::string GroupsCsv() {
  std::string text;
  AppendCsvRow(text, {"group_id", "name", "location"});
  for (const SiteGroup& group : Groups()) {
    for (const std::string_view site : group.sites)
      AppendCsvRow(text, {group.id, group.name, site});
  }
  return text;
}

std::string ChannelsCsv() {
  std::string text;
  AppendCsvRow(text, {"channel_id", "name", "buffer", "group_id"});
  for (const SalesChannel& channel : Channels()) {
    AppendCsvRow(text, {channel.id, channel.name, std::to_string(channel.buffer), channel.group});
  }
  return text;
}

// A unit on display in the two flagship stores, and a tenth of a day of what everybody buys in the
// warehouse.
std::string SafetyStocksCsv(const World& world) {
  std::string text;
  AppendCsvRow(text, {"sku", "location", "quantity"});
  for (const std::string_view flagship : {"TR01", "GB01"}) AppendCsvRow(text, {"", flagship, "1"});
  constexpr int64_t kPopular = 250'000;
  for (size_t item = 0; item < world.items().size(); ++item) {
    const Item& stocked = world.items()[item];
    if (stocked.popularity < kPopular) continue;
    const int64_t quantity = world.plan().at(item, WarehouseIndex()).day_demand / 10;
    AppendCsvRow(text, {stocked.sku, Warehouse().code, QuantityText(stocked, quantity)});
  }
  return text;
}

std::string CollectItemRows() {
  std::string text;
  for (const CollectItem& item : CollectRange()) {
    AppendCsvRow(text,
                 {item.sku, item.name, "piece", "0", item.category, "",
                  PriceText(item.price_cents * 6 / 10), PriceText(item.price_cents), kCurrency});
  }
  return text;
}

std::string LevelsCsv(const World& world, std::string_view as_of) {
  std::string text;
  AppendCsvRow(text, {"sku", "location", "on_hand", "as_of"});
  for (size_t item = 0; item < world.items().size(); ++item) {
    for (size_t site = 0; site < Sites().size(); ++site) {
      if (!world.plan().at(item, site).is_ranged) continue;
      AppendCsvRow(text, {world.items()[item].sku, Sites()[site].code,
                          QuantityText(world.items()[item], world.recorded(item, site)), as_of});
    }
  }
  for (const CollectItem& item : CollectRange()) {
    for (const Site& site : Sites()) {
      const bool is_warehouse = site.code == Warehouse().code;
      AppendCsvRow(text,
                   {item.sku, site.code, std::to_string(CollectOpening(is_warehouse)), as_of});
    }
  }
  return text;
}

}  // namespace

std::string ItemsCsv(std::span<const Item> items) {
  std::string text;
  AppendCsvRow(text, {"sku", "name", "unit", "scale", "category", "gtins", "unit_cost", "price",
                      "currency"});
  for (const Item& item : items) {
    AppendCsvRow(text, {item.sku, item.name, item.by_weight ? "kg" : "piece",
                        item.by_weight ? "3" : "0", item.category, item.gtin,
                        PriceText(item.cost_cents), PriceText(item.price_cents), kCurrency});
  }
  return text;
}

std::string SuppliesCsv(const World& world, std::span<const SupplyPromise> promises,
                        sdk::Timestamp began_at) {
  std::string text;
  AppendCsvRow(text, {"supply_id", "sku", "location", "quantity", "expected_at"});
  for (const SupplyPromise& promise : promises) {
    const Item& item = world.items()[promise.item];
    AppendCsvRow(
        text,
        {promise.id, item.sku, Sites()[promise.site].code, QuantityText(item, promise.quantity),
         sdk::FormatTimestamp(began_at + std::chrono::milliseconds(promise.expected_ms))});
  }
  return text;
}

std::vector<NamedFile> MasterFiles(const World& world, sdk::Timestamp began_at) {
  // What is sold at the very instant of a count would be part of it.
  const std::string as_of = sdk::FormatTimestamp(began_at - std::chrono::seconds(1));
  const std::span<const Item> known(world.items().data(), world.items().size() - kLaunchCount);
  return {
      {.name = "items.csv", .content = ItemsCsv(known) + CollectItemRows()},
      {.name = "locations.csv", .content = LocationsCsv()},
      {.name = "groups.csv", .content = GroupsCsv()},
      {.name = "channels.csv", .content = ChannelsCsv()},
      {.name = "safety_stocks.csv", .content = SafetyStocksCsv(world)},
      {.name = "supplies.csv", .content = SuppliesCsv(world, world.opening_promises(), began_at)},
      {.name = "levels.csv", .content = LevelsCsv(world, as_of)}};
}

}  // namespace stockd::sample
