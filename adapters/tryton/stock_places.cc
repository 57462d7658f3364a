#include "adapters/tryton/stock_places.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/tryton/row.h"

namespace stockd::tryton {
namespace {

constexpr int kDepthMax = 64;  // Of locations in locations; Tryton refuses circles.

}  // namespace

const std::vector<std::string>& StockPlaces::Fields() {
  static const std::vector<std::string> kFields = {"id",
                                                   "code",
                                                   "name",
                                                   "type",
                                                   "parent",
                                                   "active",
                                                   "storage_location",
                                                   "picking_location",
                                                   "input_location",
                                                   "output_location",
                                                   "lost_found_location"};
  return kFields;
}

absl::StatusOr<StockPlaces> StockPlaces::Make(const std::vector<JsonValue>& records,
                                              const std::map<std::string, std::string>& codes,
                                              int64_t transit) {
  StockPlaces places;
  places.transit_ = transit;
  int64_t lost_found = 0;
  for (const JsonValue& record : records) {
    Row row(record, "stock.location");
    const int64_t id = row.Id();
    const std::string type = row.Text("type");
    const int64_t parent = row.Integer("parent");
    places.places_[id] = {.type = type, .parent = parent};
    if (type == "lost_found" && (lost_found == 0 || id < lost_found)) lost_found = id;
    if (type == "warehouse" && row.Flag("active")) {
      const std::string code = row.Text("code");
      const auto mapped = codes.find(code);
      const bool takes_part = codes.empty() ? !code.empty() : mapped != codes.end();
      if (takes_part) {
        places.warehouses_.push_back({.id = id,
                                      .name = row.Text("name"),
                                      .location = codes.empty() ? code : mapped->second,
                                      .storage = row.Integer("storage_location"),
                                      .picking = row.Integer("picking_location"),
                                      .input = row.Integer("input_location"),
                                      .output = row.Integer("output_location"),
                                      .lost_found = row.Integer("lost_found_location")});
      }
    }
    if (!row.status().ok()) return row.status();
  }
  std::ranges::sort(places.warehouses_, {}, &Warehouse::location);
  const auto same = std::ranges::adjacent_find(places.warehouses_, {}, &Warehouse::location);
  if (same != places.warehouses_.end()) {
    return absl::FailedPreconditionError(
        fmt::format("two warehouses of Tryton have the code \"{}\"", same->location));
  }
  if (places.warehouses_.empty()) {
    return absl::FailedPreconditionError(
        "no warehouse of Tryton takes part: give them codes there, or mend [locations]");
  }
  for (Warehouse& warehouse : places.warehouses_) {
    if (warehouse.lost_found == 0) warehouse.lost_found = lost_found;
  }
  return places;
}

const Warehouse* StockPlaces::WarehouseOf(int64_t location) const {
  for (int depth = 0; depth < kDepthMax && location != 0; ++depth) {
    const auto found = std::ranges::find(warehouses_, location, &Warehouse::id);
    if (found != warehouses_.end()) return &*found;
    const auto place = places_.find(location);
    if (place == places_.end()) return nullptr;
    location = place->second.parent;
  }
  return nullptr;
}

const Warehouse* StockPlaces::FindByCode(std::string_view code) const {
  const auto found = std::ranges::find(warehouses_, code, &Warehouse::location);
  return found == warehouses_.end() ? nullptr : &*found;
}

std::string_view StockPlaces::TypeOf(int64_t location) const {
  const auto place = places_.find(location);
  return place == places_.end() ? std::string_view() : place->second.type;
}

}  // namespace stockd::tryton
