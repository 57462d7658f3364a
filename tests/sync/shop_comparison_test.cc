// Comparisons with a source that shows the levels it is sent: what may be promised, not what stands
// there.
#include "daemon/sync/drift_repair.h"
#include "tests/sync/web_shop.h"

namespace stockd::support {
namespace {

using ledger::EntryKind;
using storage::DriftCause;

class ShopComparisons : public WebShopFixture {
 protected:
  void SetUp() override {
    WebShopFixture::SetUp();
    Elsewhere(EntryKind::kReceipt, 8);
    Reserve("basket", 3);
    Settle();
    ASSERT_EQ(shop.figure, 5);
  }
  std::vector<storage::Drift> DriftsOf(const std::string& id, Quantity stated) {
    Compare(kTill, id, clock.Now(), {{"MUG", "S01", stated}});
    const auto found = reader().FindReconciliation(kTill, id);
    return reader().ListDrifts(found->reconciliation.number, {}, 10).rows;
  }
  sync::RepairResult Repair(const std::string& id) {
    sync::DriftRepair repair(engine(), reader(), records());
    std::promise<sync::RepairResult> done;
    repair.Repair(reader().FindReconciliation(kTill, id)->reconciliation, {kHere},
                  [&done](engine::CommitOutcome, const sync::RepairResult& result) {
                    done.set_value(result);
                  });
    return done.get_future().get();
  }
};

TEST_F(ShopComparisons, AShopThatShowsWhatItWasSentDoesNotDiffer) {
  EXPECT_TRUE(DriftsOf("s", 5).empty());
}

TEST_F(ShopComparisons, ALevelOnItsWayExplainsTheFigureBeforeIt) {
  Elsewhere(EntryKind::kReceipt, 4);
  ASSERT_TRUE(Send());
  const auto drifts = DriftsOf("s", 5);
  ASSERT_EQ(drifts.size(), 1u);
  EXPECT_EQ(drifts[0].expected, 9);
  EXPECT_EQ(drifts[0].cause, DriftCause::kLevelInFlight);
}

TEST_F(ShopComparisons, WhatHappenedInTheShopUntoldIsADifferenceThatARepairTakesOnce) {
  ASSERT_TRUE(shop.Sell(2));  // And the fact is lost.
  const auto drifts = DriftsOf("s", shop.figure);
  ASSERT_EQ(drifts.size(), 1u);
  EXPECT_EQ(drifts[0].expected, 5);
  EXPECT_EQ(drifts[0].stated, 3);
  EXPECT_EQ(drifts[0].cause, DriftCause::kUnknown);
  EXPECT_EQ(LevelAt().on_hand, 8);

  EXPECT_EQ(Repair("s").repaired, 1);
  EXPECT_EQ(LevelAt().on_hand, 6);
  EXPECT_EQ(TellSnapshot("later", shop.figure, shop.version).changed, 0);
  EXPECT_EQ(LevelAt().on_hand, 6);
  Settle();
  EXPECT_EQ(shop.figure, 3);
  EXPECT_TRUE(DriftsOf("again", shop.figure).empty());
}

// The shop's own snapshot told of the sale before the repair did: it must not count twice.
TEST_F(ShopComparisons, ADifferenceThatWasTakenInTheMeantimeIsNotRepaired) {
  ASSERT_TRUE(shop.Sell(2));
  ASSERT_EQ(DriftsOf("s", shop.figure).size(), 1u);
  EXPECT_EQ(TellSnapshot("told", shop.figure, shop.version).changed, 1);
  ASSERT_EQ(LevelAt().on_hand, 6);
  EXPECT_EQ(Repair("s").overtaken, 1);
  EXPECT_EQ(LevelAt().on_hand, 6);
}

}  // namespace
}  // namespace stockd::support
