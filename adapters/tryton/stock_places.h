// Tryton's locations, seen as stockd's: each of its warehouses is one location.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/tryton/json_value.h"

namespace stockd::tryton {

// A warehouse of Tryton with the zones that moves begin and end at.
struct Warehouse {
  int64_t id = 0;
  std::string name;
  std::string location;  // The code in stockd.
  int64_t storage = 0;
  int64_t picking = 0;  // 0: storage.
  int64_t input = 0;
  int64_t output = 0;
  int64_t lost_found = 0;
};

// All locations of Tryton at one time. Immutable.
class StockPlaces {
 public:
  // The fields that Make() needs of stock.location.
  static const std::vector<std::string>& Fields();

  // `codes`: Tryton's code to stockd's, for the warehouses that take part; empty: all that have a
  // code take part under it. A warehouse without a lost-and-found of its own gets the first there
  // is: one that was made by hand has none, and Tryton would refuse to book differences.
  //   DATA_LOSS             a record is not as expected.
  //   FAILED_PRECONDITION   two warehouses would be the same location; or no warehouse takes part.
  [[nodiscard]] static absl::StatusOr<StockPlaces> Make(
      const std::vector<JsonValue>& records, const std::map<std::string, std::string>& codes,
      int64_t transit);

  const std::vector<Warehouse>& warehouses() const { return warehouses_; }
  // The warehouse that a location is in; null: in none that takes part.
  const Warehouse* WarehouseOf(int64_t location) const;
  const Warehouse* FindByCode(std::string_view code) const;
  // "storage", "customer", "supplier", "lost_found" and so on; empty when it is unknown.
  std::string_view TypeOf(int64_t location) const;
  bool Knows(int64_t location) const { return places_.contains(location); }
  // Where goods are between two warehouses; 0: nowhere.
  int64_t transit() const { return transit_; }

 private:
  struct Place {
    std::string type;
    int64_t parent = 0;
  };

  absl::flat_hash_map<int64_t, Place> places_;
  std::vector<Warehouse> warehouses_;
  int64_t transit_ = 0;
};

}  // namespace stockd::tryton
