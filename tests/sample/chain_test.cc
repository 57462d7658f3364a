#include "adapters/sample/chain.h"

#include <absl/time/time.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace stockd::sample {
namespace {

TEST(SampleChain, HasADozenStoresAndOneWarehouse) {
  EXPECT_EQ(Stores().size(), 12U);
  EXPECT_TRUE(std::ranges::all_of(Stores(), [](const Site& site) { return site.tills > 0; }));
  EXPECT_EQ(Warehouse().tills, 0);
  EXPECT_TRUE(Warehouse().ships);
  EXPECT_EQ(&Sites()[WarehouseIndex()], &Warehouse());
}

TEST(SampleChain, SitesHaveDifferentCodesAndRealTimeZones) {
  std::set<std::string_view> codes;
  for (const Site& site : Sites()) {
    absl::TimeZone zone;
    EXPECT_TRUE(absl::LoadTimeZone(std::string(site.time_zone), &zone)) << site.time_zone;
    EXPECT_TRUE(codes.insert(site.code).second) << site.code;
  }
}

TEST(SampleChain, EveryStoreIsInOneCountryAndTheOnlineGroupShips) {
  int in_countries = 0;
  for (const SiteGroup& group : Groups()) {
    EXPECT_FALSE(group.sites.empty()) << group.id;
    const bool is_country = group.id != "online" && group.id != "collect";
    if (is_country) in_countries += static_cast<int>(group.sites.size());
    for (const Site& site : Sites()) {
      const bool is_member = std::ranges::count(group.sites, site.code) == 1;
      if (group.id == "online") EXPECT_EQ(is_member, site.ships) << site.code;
    }
  }
  EXPECT_EQ(in_countries, 12);
}

// The file of a journal belongs to the till that its name begins with, up to the first '-'.
TEST(SampleChain, TillNamesHaveNoDash) {
  for (const Site& store : Stores()) {
    EXPECT_EQ(TillName(store, 1).find('-'), std::string::npos);
  }
}

}  // namespace
}  // namespace stockd::sample
