#include "adapters/sample/chain.h"

#include <fmt/format.h>

#include <array>

namespace stockd::sample {
namespace {

constexpr std::array<Site, 13> kSites = {{
    {.code = "TR01",
     .name = "İstanbul Kadıköy",
     .country = "turkiye",
     .time_zone = "Europe/Istanbul",
     .latitude = 40.9903,
     .longitude = 29.0290,
     .tills = 5,
     .range_per_mille = 800,
     .ships = true},
    {.code = "TR02",
     .name = "İstanbul Beşiktaş",
     .country = "turkiye",
     .time_zone = "Europe/Istanbul",
     .latitude = 41.0430,
     .longitude = 29.0061,
     .tills = 3,
     .range_per_mille = 550},
    {.code = "TR03",
     .name = "Ankara Kızılay",
     .country = "turkiye",
     .time_zone = "Europe/Istanbul",
     .latitude = 39.9208,
     .longitude = 32.8541,
     .tills = 4,
     .range_per_mille = 650,
     .ships = true},
    {.code = "TR04",
     .name = "İzmir Alsancak",
     .country = "turkiye",
     .time_zone = "Europe/Istanbul",
     .latitude = 38.4382,
     .longitude = 27.1426,
     .tills = 3,
     .range_per_mille = 600},
    {.code = "PL01",
     .name = "Warszawa Śródmieście",
     .country = "poland",
     .time_zone = "Europe/Warsaw",
     .latitude = 52.2297,
     .longitude = 21.0122,
     .tills = 4,
     .range_per_mille = 750,
     .ships = true,
     .writes_json = true},
    {.code = "PL02",
     .name = "Kraków Kazimierz",
     .country = "poland",
     .time_zone = "Europe/Warsaw",
     .latitude = 50.0515,
     .longitude = 19.9447,
     .tills = 3,
     .range_per_mille = 600,
     .writes_json = true},
    {.code = "PL03",
     .name = "Gdańsk Wrzeszcz",
     .country = "poland",
     .time_zone = "Europe/Warsaw",
     .latitude = 54.3805,
     .longitude = 18.6053,
     .tills = 2,
     .range_per_mille = 500,
     .writes_json = true},
    {.code = "PL04",
     .name = "Wrocław Nadodrze",
     .country = "poland",
     .time_zone = "Europe/Warsaw",
     .latitude = 51.1217,
     .longitude = 17.0322,
     .tills = 2,
     .range_per_mille = 450,
     .writes_json = true},
    {.code = "GB01",
     .name = "London Camden",
     .country = "britain",
     .time_zone = "Europe/London",
     .latitude = 51.5390,
     .longitude = -0.1426,
     .tills = 5,
     .range_per_mille = 800,
     .ships = true},
    {.code = "GB02",
     .name = "Manchester Ancoats",
     .country = "britain",
     .time_zone = "Europe/London",
     .latitude = 53.4839,
     .longitude = -2.2283,
     .tills = 3,
     .range_per_mille = 600},
    {.code = "GB03",
     .name = "Bristol Harbourside",
     .country = "britain",
     .time_zone = "Europe/London",
     .latitude = 51.4496,
     .longitude = -2.6000,
     .tills = 2,
     .range_per_mille = 500},
    {.code = "GB04",
     .name = "Leeds Headingley",
     .country = "britain",
     .time_zone = "Europe/London",
     .latitude = 53.8198,
     .longitude = -1.5806,
     .tills = 2,
     .range_per_mille = 450},
    {.code = "WH01",
     .name = "Łódź distribution centre",
     .country = "poland",
     .time_zone = "Europe/Warsaw",
     .latitude = 51.7592,
     .longitude = 19.4560,
     .range_per_mille = 1000,
     .ships = true},
}};

// The buffer of the web shop covers what is in a customer's hand but not yet at the till.
constexpr std::array<SalesChannel, 4> kChannels = {{
    {.id = "web", .name = "Web shop", .buffer = 2, .group = "online"},
    {.id = "app", .name = "Mobile app", .buffer = 1, .group = "online"},
    {.id = "pos", .name = "Tills"},
    {.id = "collect", .name = "Click and collect", .group = "collect"},
}};

}  // namespace

std::span<const Site> Sites() { return kSites; }

std::span<const Site> Stores() { return Sites().first(kSites.size() - 1); }

size_t WarehouseIndex() { return kSites.size() - 1; }

const Site& Warehouse() { return kSites.back(); }

std::vector<SiteGroup> Groups() {
  std::vector<SiteGroup> groups = {{.id = "turkiye", .name = "Stores in Türkiye"},
                                   {.id = "poland", .name = "Stores in Poland"},
                                   {.id = "britain", .name = "Stores in Britain"},
                                   {.id = "online", .name = "Where parcels leave"},
                                   {.id = "collect", .name = "Where customers collect"}};
  for (const Site& site : Sites()) {
    for (SiteGroup& group : groups) {
      const bool is_store = site.tills > 0;
      if ((is_store && group.id == site.country) || (is_store && group.id == "collect") ||
          (site.ships && group.id == "online")) {
        group.sites.push_back(site.code);
      }
    }
  }
  return groups;
}

std::span<const SalesChannel> Channels() { return kChannels; }

std::string TillName(const Site& store, int till) { return fmt::format("{}T{}", store.code, till); }

}  // namespace stockd::sample
