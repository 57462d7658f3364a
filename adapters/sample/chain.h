// The retailer of the sample: where it sells and from where it ships.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stockd::sample {

// A store, or the warehouse.
struct Site {
  std::string_view code;
  std::string_view name;
  std::string_view country;  // Code of its group.
  std::string_view time_zone;
  double latitude = 0;
  double longitude = 0;
  int tills = 0;            // 0: the warehouse.
  int range_per_mille = 0;  // How much of the assortment it keeps.
  bool ships = false;
  bool writes_json = false;  // Its tills write JSON lines instead of CSV.
};

// A dozen stores in three countries. The retailer and the stores are invented, the places are real.
[[nodiscard]] std::span<const Site> Stores();

// Where deliveries arrive and most parcels leave.
[[nodiscard]] const Site& Warehouse();

// The stores in their order, then the warehouse. An index into it names a site everywhere in the
// sample.
[[nodiscard]] std::span<const Site> Sites();
[[nodiscard]] size_t WarehouseIndex();

struct SiteGroup {
  std::string_view id;
  std::string_view name;
  std::vector<std::string_view> sites;
};
[[nodiscard]] std::vector<SiteGroup> Groups();

struct SalesChannel {
  std::string_view id;
  std::string_view name;
  int buffer = 0;
  std::string_view group;  // Empty: all sites.
};
[[nodiscard]] std::span<const SalesChannel> Channels();

inline constexpr std::string_view kChainName = "Marigold & Finch";
inline constexpr std::string_view kCurrency = "EUR";

// Tills are numbered from 1 in each store: "TR01T3".
[[nodiscard]] std::string TillName(const Site& store, int till);

}  // namespace stockd::sample
