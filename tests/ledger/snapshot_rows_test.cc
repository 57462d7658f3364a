#include <gtest/gtest.h>

#include "daemon/ledger/facts.h"
#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::kErp;
using support::kHere;
using support::kHour;
using support::kNoon;
using support::kTick;
using support::LedgerFixture;

Snapshot SnapshotAt(Timestamp as_of, std::string id = "levels-1") {
  return {.source = kErp, .id = std::move(id), .as_of = as_of};
}

// A nightly file of a million rows of which one in a hundred changed must cost that one.
TEST(SnapshotRows, ARowThatConfirmsTheFigureWritesNothingAndIsABarrierAllTheSame) {
  LedgerFixture f(10);
  const size_t entries = f.state.journal().size();
  const Sequence version = f.state.position(kHere).row.version;
  EXPECT_EQ(ApplySnapshotRow(f.state, SnapshotAt(kNoon), kHere, 10), CountResult::kUnchanged);
  EXPECT_EQ(f.state.journal().size(), entries);
  EXPECT_EQ(f.state.position(kHere).row.version, version);
  EXPECT_EQ(f.state.position(kHere).row.counted_at, kNoon);
  f.Happened(EntryKind::kSale, 2, kNoon);
  EXPECT_EQ(f.figures().on_hand, 10);
  f.Happened(EntryKind::kSale, 2, kNoon + kTick);
  EXPECT_EQ(f.figures().on_hand, 8);
}

TEST(SnapshotRows, ARowThatDiffersIsRecordedAsACountOfTheSnapshot) {
  LedgerFixture f(10);
  f.Happened(EntryKind::kSale, 1, kNoon);
  EXPECT_EQ(ApplySnapshotRow(f.state, SnapshotAt(kNoon - kTick, "levels-17"), kHere, 12),
            CountResult::kChanged);
  EXPECT_EQ(f.figures().on_hand, 11);
  const JournalEntry entry = f.Last(1).front();
  EXPECT_EQ(entry.kind, EntryKind::kCount);
  EXPECT_EQ(entry.stated, 12);
  EXPECT_EQ(entry.quantity, 2);
  EXPECT_EQ(entry.source, kErp);
  EXPECT_EQ(entry.event_id, "levels-17/1@1");
  EXPECT_EQ(entry.occurred_at, kNoon - kTick);
}

TEST(SnapshotRows, ALaterCountOvertakesARow) {
  LedgerFixture f;
  f.Count(7, kNoon);
  const size_t entries = f.state.journal().size();
  EXPECT_EQ(ApplySnapshotRow(f.state, SnapshotAt(kNoon - kTick), kHere, 3),
            CountResult::kOvertaken);
  EXPECT_EQ(f.figures().on_hand, 7);
  EXPECT_EQ(f.state.journal().size(), entries);
}

TEST(SnapshotRows, OfACountAndARowOfTheSameInstantTheLowerStands) {
  LedgerFixture f;
  f.Count(7, kNoon);
  EXPECT_EQ(ApplySnapshotRow(f.state, SnapshotAt(kNoon), kHere, 8), CountResult::kOvertaken);
  EXPECT_EQ(ApplySnapshotRow(f.state, SnapshotAt(kNoon), kHere, 6), CountResult::kChanged);
  EXPECT_EQ(f.figures().on_hand, 6);
}

TEST(SnapshotRows, ARepeatedSnapshotChangesNothing) {
  LedgerFixture f(10);
  ApplySnapshotRow(f.state, SnapshotAt(kNoon), kHere, 12);
  const size_t entries = f.state.journal().size();
  EXPECT_EQ(ApplySnapshotRow(f.state, SnapshotAt(kNoon), kHere, 12), CountResult::kUnchanged);
  f.Happened(EntryKind::kReceipt, 3, kNoon + kTick);
  EXPECT_EQ(ApplySnapshotRow(f.state, SnapshotAt(kNoon), kHere, 12), CountResult::kUnchanged);
  EXPECT_EQ(f.state.journal().size(), entries + 1);
  EXPECT_EQ(f.figures().on_hand, 15);
}

// The source broke its own numbering; the first statement stands, as for any other fact.
TEST(SnapshotRows, TheSameSnapshotIdWithALowerQuantityHasHadItsSay) {
  LedgerFixture f(10);
  ApplySnapshotRow(f.state, SnapshotAt(kNoon), kHere, 12);
  EXPECT_EQ(ApplySnapshotRow(f.state, SnapshotAt(kNoon), kHere, 5), CountResult::kOvertaken);
  EXPECT_EQ(f.figures().on_hand, 12);
}

TEST(SnapshotRows, AQuantityOutOfRangeIsRefused) {
  LedgerFixture f(10);
  for (const Quantity quantity : {Quantity{-1}, kQuantityMax + 1}) {
    EXPECT_EQ(ApplySnapshotRow(f.state, SnapshotAt(kNoon), kHere, quantity), CountResult::kRefused);
  }
  EXPECT_EQ(ApplySnapshotRow(f.state, SnapshotAt(kNoon), kHere, kQuantityMax),
            CountResult::kChanged);
  EXPECT_EQ(f.figures().on_hand, kQuantityMax);
}

TEST(SnapshotRows, ARowWhoseLaterDeltasOverflowIsRefused) {
  LedgerFixture f;
  for (int i = 0; i < kFigureMax / kQuantityMax; ++i) {
    f.Happened(EntryKind::kReceipt, kQuantityMax, kNoon);
  }
  EXPECT_EQ(ApplySnapshotRow(f.state, SnapshotAt(kNoon - kHour), kHere, 1), CountResult::kRefused);
  EXPECT_EQ(f.figures().on_hand, kFigureMax);
  EXPECT_EQ(f.state.position(kHere).row.counted_at, kTimestampMin);
}

TEST(SnapshotRows, AZeroForAPositionNobodyKnewConfirmsIt) {
  LedgerFixture f;
  EXPECT_EQ(ApplySnapshotRow(f.state, SnapshotAt(kNoon), kHere, 0), CountResult::kUnchanged);
  EXPECT_TRUE(f.state.journal().empty());
}

TEST(SnapshotRows, EventIdsOfRowsDifferByPosition) {
  const Snapshot snapshot = SnapshotAt(kNoon, "levels-17");
  EXPECT_EQ(SnapshotEventId(snapshot, {.item = ItemId{4}, .location = LocationId{2}}),
            "levels-17/4@2");
  EXPECT_NE(SnapshotEventId(snapshot, support::kHere), SnapshotEventId(snapshot, support::kThere));
}

}  // namespace
}  // namespace stockd::ledger
