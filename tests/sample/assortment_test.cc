#include "adapters/sample/assortment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "adapters/sample/gtin.h"

namespace stockd::sample {
namespace {

TEST(SampleAssortment, NamesNumbersAndBarcodesAreUnique) {
  const std::vector<Item> items = MakeAssortment(1);
  ASSERT_EQ(items.size(), kItemCount);
  std::set<std::string> skus;
  std::set<std::string> names;
  std::set<std::string> gtins;
  for (const Item& item : items) {
    EXPECT_TRUE(skus.insert(item.sku).second) << item.sku;
    EXPECT_TRUE(names.insert(item.name).second) << item.name;
    EXPECT_TRUE(gtins.insert(item.gtin).second) << item.gtin;
    EXPECT_EQ(item.gtin.back(), GtinCheckDigit(item.gtin.substr(0, 12)));
  }
}

TEST(SampleAssortment, EverythingIsSoldAboveItsCost) {
  for (const Item& item : MakeAssortment(1)) {
    EXPECT_GT(item.cost_cents, 0) << item.sku;
    EXPECT_GT(item.price_cents, item.cost_cents) << item.sku;
    EXPECT_GT(item.popularity, 0) << item.sku;
  }
}

TEST(SampleAssortment, SomeItemsAreSoldByWeight) {
  const std::vector<Item> items = MakeAssortment(1);
  const auto by_weight = std::ranges::count_if(items, &Item::by_weight);
  EXPECT_GT(by_weight, 100);
  EXPECT_LT(by_weight, 1000);
}

// An item whose scale stockd does not know yet could not be told in fractions of a kilogram.
TEST(SampleAssortment, LaunchesComeLastAndAreSoldByThePiece) {
  const std::vector<Item> items = MakeAssortment(1);
  for (size_t item = 0; item < items.size(); ++item) {
    EXPECT_EQ(items[item].is_launch, item >= items.size() - kLaunchCount);
    if (items[item].is_launch) EXPECT_FALSE(items[item].by_weight);
  }
}

TEST(SampleAssortment, SameSeedMakesTheSameAssortmentAndAnotherSeedAnother) {
  const auto names = [](uint64_t seed) {
    std::vector<std::string> all;
    for (const Item& item : MakeAssortment(seed)) all.push_back(item.name);
    return all;
  };
  EXPECT_EQ(names(5), names(5));
  EXPECT_NE(names(5), names(6));
}

}  // namespace
}  // namespace stockd::sample
