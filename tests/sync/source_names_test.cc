// What a source means by its names and units, and what it is told in them.
#include "daemon/sync/source_names.h"

#include <gtest/gtest.h>

#include "daemon/sync/fact_translation.h"

namespace stockd::sync {
namespace {

using ledger::Reason;

constexpr SourceId kPos{1};
constexpr SourceId kErp{2};

class SourceNames : public testing::Test {
 protected:
  SourceNames() {
    mug_ = catalogue_.PutItem({.sku = "MUG", .gtins = {"4006381333931"}}).id;
    tea_ = catalogue_.PutItem({.sku = "TEA", .gtins = {"12345670"}}).id;
    catalogue_.PutItem({.sku = "TEA-2", .gtins = {"12345670"}});
    store_ = catalogue_.PutLocation({.code = "S01"}).id;
  }

  NamedPosition Find(SourceId source, const std::string& sku, const std::string& location = "S01") {
    return FindNamed(names_, source, sku, location);
  }
  ItemId ItemOf(SourceId source, const std::string& sku) {
    const NamedPosition named = Find(source, sku);
    return named.reason == Reason::kNone ? named.position.item : kNoItem;
  }

  engine::Catalogue catalogue_;
  engine::Mappings mappings_;
  const engine::Names names_{.catalogue = catalogue_, .mappings = mappings_};
  ItemId mug_;
  ItemId tea_;
  LocationId store_;
};

TEST_F(SourceNames, AreLookedUpFromTheNearestToTheFarthest) {
  EXPECT_EQ(ItemOf(kPos, "MUG"), mug_);
  mappings_.Put(storage::SkuMapping{.source = kNoSource, .code = "MUG", .item = tea_});
  EXPECT_EQ(ItemOf(kPos, "MUG"), tea_) << "a renamed SKU goes before an own one";
  mappings_.Put(storage::SkuMapping{.source = kPos, .code = "MUG", .item = mug_});
  EXPECT_EQ(ItemOf(kPos, "MUG"), mug_) << "a source's own mapping goes before all";
  EXPECT_EQ(ItemOf(kErp, "MUG"), tea_) << "and concerns nobody else";
  ASSERT_TRUE(mappings_.RemoveSku(kPos, "MUG"));
  ASSERT_TRUE(mappings_.RemoveSku(kNoSource, "MUG"));
  EXPECT_FALSE(mappings_.RemoveSku(kNoSource, "MUG"));
  EXPECT_EQ(ItemOf(kPos, "MUG"), mug_);
}

TEST_F(SourceNames, MayBeAGtinOfExactlyOneItem) {
  EXPECT_EQ(ItemOf(kPos, "4006381333931"), mug_);
  EXPECT_EQ(Find(kPos, "12345670").reason, Reason::kCodeAmbiguous);
  EXPECT_EQ(Find(kPos, "4006381333932").reason, Reason::kSkuUnknown);
  catalogue_.PutItem({.id = mug_, .sku = "MUG", .gtins = {"87654325"}});
  EXPECT_EQ(Find(kPos, "4006381333931").reason, Reason::kSkuUnknown) << "it was taken away";
  EXPECT_EQ(ItemOf(kPos, "87654325"), mug_);
}

TEST_F(SourceNames, OfLocationsAreMappedToo) {
  EXPECT_EQ(Find(kPos, "MUG", "PLANT-1").reason, Reason::kLocationUnknown);
  mappings_.Put(storage::LocationMapping{.source = kPos, .code = "PLANT-1", .location = store_});
  EXPECT_EQ(Find(kPos, "MUG", "PLANT-1").position.location, store_);
  EXPECT_EQ(Find(kErp, "MUG", "PLANT-1").reason, Reason::kLocationUnknown);
}

TEST_F(SourceNames, CostASourceWithoutMappingsOneLook) {
  EXPECT_FALSE(mappings_.Concern(kPos));
  mappings_.Put(storage::SkuMapping{.source = kErp, .code = "A", .item = mug_});
  EXPECT_FALSE(mappings_.Concern(kPos));
  EXPECT_TRUE(mappings_.Concern(kErp));
  mappings_.Put(storage::LocationMapping{.source = kNoSource, .code = "L", .location = store_});
  EXPECT_TRUE(mappings_.Concern(kPos));
  mappings_.RemoveLocation(kNoSource, "L");
  EXPECT_FALSE(mappings_.Concern(kPos));
  EXPECT_TRUE(mappings_.Concern(kErp));
  mappings_.RemoveSku(kErp, "A");
  EXPECT_FALSE(mappings_.Concern(kErp));
}

TEST(Units, AreExactOnTheWayInAndRoundedDownOnTheWayOut) {
  struct Case {
    Units units;
    Quantity told;
    Quantity own;
    Reason reason;
  };
  const Units cases{.numerator = 12};
  const Units grams{.numerator = 1, .denominator = 10};
  for (const Case& each : {
           Case{.units = {}, .told = 7, .own = 7, .reason = Reason::kNone},
           Case{.units = cases, .told = 3, .own = 36, .reason = Reason::kNone},
           Case{.units = cases, .told = -3, .own = -36, .reason = Reason::kNone},
           Case{.units = grams, .told = 250, .own = 25, .reason = Reason::kNone},
           Case{.units = grams, .told = 255, .own = 0, .reason = Reason::kQuantityNotWhole},
           Case{.units = cases,
                .told = kQuantityMax,
                .own = 0,
                .reason = Reason::kQuantityOutOfRange},
           Case{.units = {.numerator = 1'000'000},
                .told = INT64_MAX,
                .own = 0,
                .reason = Reason::kQuantityOutOfRange},
       }) {
    const OwnQuantity own = ToOwnUnits(each.told, each.units);
    EXPECT_EQ(own.reason, each.reason) << each.told;
    if (each.reason == Reason::kNone) EXPECT_EQ(own.quantity, each.own) << each.told;
  }
  EXPECT_EQ(ToSourceUnits(35, cases), 2);
  EXPECT_EQ(ToSourceUnits(-1, cases), -1);
  EXPECT_EQ(ToSourceUnits(-12, cases), -1);
  EXPECT_EQ(ToSourceUnits(25, grams), 250);
  EXPECT_EQ(ToSourceUnits(kFigureMax, {.numerator = 1, .denominator = 1'000'000}), INT64_MAX);
}

TEST_F(SourceNames, ALevelGoesOutUnderEveryNameOfItsSource) {
  const PositionKey position{.item = mug_, .location = store_};
  mappings_.Put(storage::SkuMapping{.source = kNoSource, .code = "OLD-MUG", .item = mug_});
  const auto plain = NamesFor(names_, kPos, position);
  ASSERT_EQ(plain.size(), 1U);
  EXPECT_EQ(plain[0].sku, "MUG") << "names of the past are not told";
  mappings_.Put(storage::SkuMapping{.source = kPos, .code = "CASE", .item = mug_, .numerator = 12});
  mappings_.Put(storage::SkuMapping{.source = kPos, .code = "4711", .item = mug_});
  mappings_.Put(storage::LocationMapping{.source = kPos, .code = "P1", .location = store_});
  const auto all = NamesFor(names_, kPos, position);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].sku, "4711");
  EXPECT_EQ(all[0].location, "P1");
  EXPECT_EQ(all[1].sku, "CASE");
  EXPECT_EQ(all[1].units.numerator, 12);
  // A code that changes its meaning is not told for both.
  mappings_.Put(storage::SkuMapping{.source = kPos, .code = "4711", .item = tea_});
  EXPECT_EQ(NamesFor(names_, kPos, position).size(), 1U);
}

// What comes back from the source must be what it was told, or it would look like a sale.
TEST_F(SourceNames, FiguresAreRoundedToWhatTheSourceCanShow) {
  mappings_.Put(storage::SkuMapping{.source = kPos, .code = "CASE", .item = mug_, .numerator = 12});
  Quantity on_hand = 41;
  Quantity available = -1;
  RoundForSource(names_, kPos, mug_, on_hand, available);
  EXPECT_EQ(on_hand, 36);
  EXPECT_EQ(available, -12);
  RoundForSource(names_, kErp, mug_, on_hand = 41, available);
  EXPECT_EQ(on_hand, 41);
}

}  // namespace
}  // namespace stockd::sync
