#include "daemon/sync/drift_repair.h"

#include "tests/sync/sync_fixture.h"

namespace stockd::support {
namespace {

using ledger::EntryKind;

class DriftRepairs : public DeviceFixture {
 protected:
  storage::ReconciliationSums Found(const std::string& id) {
    return reader().FindReconciliation(kErp, id).value_or(storage::ReconciliationSums{});
  }
  // An empty list: all without a known cause.
  sync::RepairResult Repair(const std::string& id, const std::vector<PositionKey>& positions = {}) {
    sync::DriftRepair repair(engine(), reader(), records());
    std::promise<sync::RepairResult> done;
    const auto finish = [&done](engine::CommitOutcome outcome, const sync::RepairResult& result) {
      EXPECT_EQ(outcome, engine::CommitOutcome::kCommitted);
      done.set_value(result);
    };
    if (positions.empty()) {
      repair.RepairUnknown(Found(id).reconciliation, finish);
    } else {
      repair.Repair(Found(id).reconciliation, positions, finish);
    }
    return done.get_future().get();
  }
};

TEST_F(DriftRepairs, TheSourcesFigureBecomesACountAndWhatHappenedSinceStaysOnTop) {
  Stock(10);
  const Timestamp as_of = clock.Now();
  clock.Advance(kHour);
  Tell(NewFact(EntryKind::kSale, 3, clock.Now()));
  Compare(kErp, "s", as_of, {{"MUG", "S01", 8}});
  EXPECT_EQ(Repair("s").repaired, 1);
  EXPECT_EQ(LevelAt().on_hand, 5);
  EXPECT_EQ(Found("s").repaired, 1);
  // The repair is a fact like any other.
  const auto history = reader().History(kHere, LevelAt().version, 1);
  EXPECT_EQ(history.at(0).kind, EntryKind::kCount);
  EXPECT_EQ(history.at(0).source, kErp);
  EXPECT_EQ(history.at(0).event_id, "reconcile/s/MUG@S01");
  EXPECT_EQ(history.at(0).occurred_at, as_of);
}

TEST_F(DriftRepairs, ASecondRepairChangesNothing) {
  Stock(10);
  Compare(kErp, "s", clock.Now(), {{"MUG", "S01", 8}});
  Repair("s");
  const Sequence version = LevelAt().version;
  EXPECT_EQ(Repair("s").repaired, 0);
  EXPECT_EQ(Repair("s", {kHere}).repaired, 0);
  EXPECT_EQ(LevelAt().version, version);
}

TEST_F(DriftRepairs, APositionThatWasCountedSinceNeedsNoRepair) {
  Stock(10);
  const Timestamp as_of = clock.Now();
  Compare(kErp, "s", as_of, {{"MUG", "S01", 8}});
  clock.Advance(kHour);
  Tell(NewFact(EntryKind::kCount, 6, clock.Now()));
  const sync::RepairResult result = Repair("s", {kHere});
  EXPECT_EQ(result.repaired, 0);
  EXPECT_EQ(result.overtaken, 1);
  EXPECT_EQ(LevelAt().on_hand, 6);
  EXPECT_EQ(Found("s").repaired, 0);
}

// What has an explanation will mend itself: to count it would book it twice.
TEST_F(DriftRepairs, WithoutPositionsOnlyTheUnexplainedIsRepaired) {
  Stock(10);
  Stock(10, kThere);
  const Timestamp as_of = clock.Now();
  clock.Advance(kMinute);
  Tell(NewFact(EntryKind::kSale, 2, as_of - kMinute));
  Compare(kErp, "s", as_of, {{"MUG", "S01", 10}, {"MUG", "S02", 7}});
  EXPECT_EQ(Repair("s").repaired, 1);
  EXPECT_EQ(LevelAt(kHere).on_hand, 8);
  EXPECT_EQ(LevelAt(kThere).on_hand, 7);
  EXPECT_EQ(Repair("s", {kHere, kFar}).repaired, 1);
  EXPECT_EQ(LevelAt(kHere).on_hand, 10);
}

// A year after, the repair of an old comparison must not fail for its age.
TEST_F(DriftRepairs, TheLookBackDoesNotLimitARepair) {
  Stock(10);
  const Timestamp as_of = clock.Now();
  clock.Advance(std::chrono::hours(24 * 365));
  Compare(kErp, "s", as_of, {{"MUG", "S01", 8}});
  EXPECT_EQ(Repair("s").repaired, 1);
  EXPECT_EQ(LevelAt().on_hand, 8);
}

TEST(RepairEventIds, StayWithinTheLimitAndApart) {
  const std::string long_id(128, 'r');
  const std::string one = sync::RepairEventId(long_id, "MUG", "S01");
  EXPECT_LE(one.size(), 128U);
  EXPECT_EQ(one, sync::RepairEventId(long_id, "MUG", "S01"));
  EXPECT_NE(one, sync::RepairEventId(long_id, "MUG", "S02"));
  EXPECT_EQ(sync::RepairEventId("r", "MUG", "S01"), "reconcile/r/MUG@S01");
}

}  // namespace
}  // namespace stockd::support
