// What a snapshot that is only compared finds, and how it explains it.
#include "daemon/sync/comparison.h"

#include <map>

#include "daemon/sync/drift_cause.h"
#include "tests/support/random.h"
#include "tests/support/seeds.h"
#include "tests/sync/sync_fixture.h"

namespace stockd::support {
namespace {

using ledger::EntryKind;
using storage::DriftCause;

class Comparisons : public DeviceFixture {
 protected:
  Timestamp Ago(Duration length) { return clock.Now() - length; }

  // Everything the reconciliation says, largest difference first.
  std::vector<storage::Drift> DriftsOf(const std::string& id, SourceId source = kErp) {
    const auto found = reader().FindReconciliation(source, id);
    if (!found) {
      ADD_FAILURE() << "no reconciliation " << id;
      return {};
    }
    return reader().ListDrifts(found->reconciliation.number, {}, 1000).rows;
  }
  // The cause of the one difference of a snapshot of MUG at S01.
  DriftCause CauseOf(Timestamp as_of, Quantity stated, SourceId source = kErp) {
    const std::string id = "s-" + std::to_string(++snapshots_);
    Compare(source, id, as_of, {{"MUG", "S01", stated}});
    const auto drifts = DriftsOf(id, source);
    EXPECT_EQ(drifts.size(), 1U);
    return drifts.empty() ? DriftCause::kUnknown : drifts[0].cause;
  }
  // What the comparison expects of a position at an instant.
  Quantity Expected(Timestamp as_of, PositionKey position = kHere) {
    return Do([&](engine::UnitOfWork& unit) { return sync::ExpectedAt(unit, position, as_of); })
        .result;
  }
  // The source acknowledged every level up to now.
  void AcknowledgeLevels(SourceId id) {
    Do([id, newest = engine().changes().newest()](engine::UnitOfWork& unit) {
      auto source = unit.catalogue().Source(id);
      source->level_cursor = newest;
      unit.store().SaveSource(unit.catalogue().PutSource(*source));
      return true;
    });
  }

 private:
  int snapshots_ = 0;
};

TEST_F(Comparisons, OnlyWhatDiffersIsListedAndNothingIsApplied) {
  Stock(10);
  Stock(4, kThere);
  const auto outcome = Compare(kErp, "s", clock.Now(),
                               {{"MUG", "S01", 8},
                                {"MUG", "S02", 4},
                                {"MUG", "S03", 0},
                                {"TEA", "S01", 3},
                                {"NOBODY", "S01", 3}});
  EXPECT_EQ(outcome.unchanged, 2);
  EXPECT_EQ(outcome.overtaken, 2);
  EXPECT_EQ(outcome.set_aside, 1);
  const auto drifts = DriftsOf("s");
  ASSERT_EQ(drifts.size(), 2U);
  EXPECT_EQ(drifts[0].position, kOtherItem);
  EXPECT_EQ(drifts[0].expected, 0);
  EXPECT_EQ(drifts[0].stated, 3);
  EXPECT_EQ(drifts[1].position, kHere);
  EXPECT_EQ(drifts[1].expected, 10);
  EXPECT_EQ(available(), 10);
  // Nobody could ever apply what was only compared.
  EXPECT_EQ(engine().quarantine_count(), 0);
  const auto found = reader().FindReconciliation(kErp, "s");
  EXPECT_EQ(found->reconciliation.position_count, 4);
  EXPECT_EQ(found->drift, 5);
}

TEST_F(Comparisons, TheSameSnapshotAgainIsRecognised) {
  Stock(10);
  Compare(kErp, "s", clock.Now(), {{"MUG", "S01", 8}});
  EXPECT_EQ(Compare(kErp, "s", clock.Now(), {{"MUG", "S01", 7}}).overtaken, 0);
  EXPECT_EQ(DriftsOf("s").at(0).stated, 8);
}

TEST_F(Comparisons, ASnapshotWithoutRowsIsAReconciliationToo) {
  Compare(kErp, "empty", clock.Now(), {});
  EXPECT_TRUE(DriftsOf("empty").empty());
}

// What happened after the snapshot's instant is no difference, whenever it was told.
TEST_F(Comparisons, FiguresAreComparedAsOfTheInstant) {
  Stock(10);
  Tell(NewFact(EntryKind::kSale, 3, Ago(kMinute)));
  EXPECT_EQ(Compare(kErp, "before", Ago(2 * kMinute), {{"MUG", "S01", 10}}).unchanged, 1);
  EXPECT_EQ(Compare(kErp, "at", Ago(kMinute), {{"MUG", "S01", 7}}).unchanged, 1);
}

TEST_F(Comparisons, ALaterCountDoesNotDistortWhatStoodBefore) {
  Tell(NewFact(EntryKind::kCount, 20, Ago(3 * kHour)));
  Tell(NewFact(EntryKind::kSale, 5, Ago(2 * kHour)));
  Tell(NewFact(EntryKind::kCount, 12, Ago(kHour)));
  Tell(NewFact(EntryKind::kSale, 1, Ago(kMinute)));
  EXPECT_EQ(Expected(Ago(2 * kHour)), 15);
  EXPECT_EQ(Expected(Ago(150 * kMinute)), 20);
  EXPECT_EQ(Expected(Ago(kHour)), 12);
  EXPECT_EQ(Expected(clock.Now()), 11);
  EXPECT_EQ(Expected(Ago(4 * kHour)), 0);
}

// More rows than one portion that need the database.
TEST_F(Comparisons, ALargeSnapshotIsComparedWholly) {
  Do([](engine::UnitOfWork& unit) {
    for (int i = 0; i < 2000; ++i) {
      unit.store().SaveItem(unit.catalogue().PutItem({.sku = "I" + std::to_string(i)}));
    }
    return true;
  });
  std::vector<StatedRow> rows;
  for (int i = 0; i < 2000; ++i) rows.push_back({"I" + std::to_string(i), "S01", i % 2});
  const auto outcome = Compare(kErp, "large", clock.Now(), rows);
  EXPECT_EQ(outcome.unchanged, 1000);
  EXPECT_EQ(outcome.overtaken, 1000);
  EXPECT_EQ(DriftsOf("large").size(), 1000U);
}

TEST_F(Comparisons, ALevelThatTheSourceHasNotAcknowledgedExplainsTheOldFigure) {
  Stock(10);
  AcknowledgeLevels(kErp);
  Tell(NewFact(EntryKind::kSale, 3, clock.Now()));
  Tell(NewFact(EntryKind::kSale, 1, clock.Now()));
  EXPECT_EQ(CauseOf(clock.Now(), 10), DriftCause::kLevelInFlight);
  EXPECT_EQ(CauseOf(clock.Now(), 7), DriftCause::kLevelInFlight);
  EXPECT_EQ(CauseOf(clock.Now(), 8), DriftCause::kUnknown);
  AcknowledgeLevels(kErp);
  EXPECT_EQ(CauseOf(clock.Now(), 10), DriftCause::kUnknown);
  // A source that never acknowledged a level shows none.
  EXPECT_EQ(CauseOf(clock.Now(), 10, kTill), DriftCause::kUnknown);
}

TEST_F(Comparisons, FactsThatCameLaterExplainExactlyTheirOwnDifference) {
  Stock(10);
  const Timestamp as_of = clock.Now();
  clock.Advance(kHour);
  Tell(NewFact(EntryKind::kSale, 3, as_of - kMinute));
  EXPECT_EQ(CauseOf(as_of, 10), DriftCause::kLateFacts);
  EXPECT_EQ(CauseOf(as_of, 9), DriftCause::kUnknown);
}

TEST_F(Comparisons, AGapOfADeviceThereMayHideTheFacts) {
  Stock(10);
  Take({FactOf("a", "till-1", 1), FactOf("c", "till-1", 3)});
  EXPECT_EQ(CauseOf(clock.Now(), 5, kTill), DriftCause::kFactsMissing);
  EXPECT_EQ(CauseOf(clock.Now(), 5, kErp), DriftCause::kUnknown);
}

TEST_F(Comparisons, FactsInQuarantineMayExplainIt) {
  Stock(10);
  v1::Fact old = FactOf("old", "", 0);
  old.mutable_occurred_at()->set_seconds(0);
  ASSERT_EQ(Take({old}).set_aside.size(), 1U);
  EXPECT_EQ(CauseOf(clock.Now(), 9), DriftCause::kQuarantine);
}

// The oracle folds the facts themselves: the latest count up to the instant and the deltas behind
// it. Facts come in any order, and the instants include those of facts.
TEST_F(Comparisons, WhatIsExpectedIsTheFoldOfTheFactsUpToTheInstant) {
  ForEachSeed(30, [&](uint64_t seed) {
    Random random(seed);
    const PositionKey position{.item = ItemId{static_cast<uint32_t>(1000 + seed)},
                               .location = LocationId{1}};
    std::vector<ledger::Fact> facts;
    for (int minute = 1; minute <= 20; ++minute) {
      const bool is_count = random.Percent(25);
      facts.push_back(NewFact(is_count ? EntryKind::kCount : EntryKind::kReceipt,
                              random.Between(1, 50), Ago(minute * kMinute), position));
    }
    std::vector<ledger::Fact> told = facts;
    random.Shuffle(told);
    for (const ledger::Fact& fact : told) Tell(fact);
    for (int minute = 0; minute <= 21; ++minute) {
      Quantity expected = 0;
      // Oldest first.
      for (auto fact = facts.rbegin(); fact != facts.rend(); ++fact) {
        if (fact->occurred_at > Ago(minute * kMinute)) break;
        expected = fact->kind == EntryKind::kCount ? fact->quantity : expected + fact->quantity;
      }
      ASSERT_EQ(Expected(Ago(minute * kMinute), position), expected) << minute << " minutes ago";
    }
  });
}

}  // namespace
}  // namespace stockd::support
