#include "daemon/ledger/memory_state.h"

#include <gtest/gtest.h>

#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::Granted;
using support::kErp;
using support::kHere;
using support::kHour;
using support::kNoon;
using support::kThere;
using support::kTick;
using support::kTill;
using support::kWeb;
using support::LedgerFixture;

TEST(MemoryState, ChainsTheEntriesOfEachPosition) {
  LedgerFixture f;
  f.Happened(EntryKind::kReceipt, 1, kNoon, kHere);
  f.Happened(EntryKind::kReceipt, 1, kNoon, kThere);
  f.Happened(EntryKind::kReceipt, 1, kNoon, kHere);
  const auto& journal = f.state.journal();
  ASSERT_EQ(journal.size(), 3);
  EXPECT_EQ(journal[0].previous, 0);
  EXPECT_EQ(journal[1].previous, 0);
  EXPECT_EQ(journal[2].previous, 1);
  EXPECT_EQ(journal[2].sequence, 3);
  EXPECT_EQ(f.state.position(kHere).row.version, 3);
  EXPECT_EQ(f.state.position(kThere).row.version, 2);
}

TEST(MemoryState, AddsUpDeltasAfterAnInstantWithoutCounts) {
  LedgerFixture f;
  f.Happened(EntryKind::kReceipt, 5, kNoon - kTick);
  f.Happened(EntryKind::kReceipt, 7, kNoon);
  f.Happened(EntryKind::kSale, 2, kNoon + kTick);
  f.Count(100, kNoon + kTick);
  EXPECT_EQ(f.state.DeltaAfter(kHere, kTimestampMin), 10);
  EXPECT_EQ(f.state.DeltaAfter(kHere, kNoon - kTick), 5);
  EXPECT_EQ(f.state.DeltaAfter(kHere, kNoon), -2);
  EXPECT_EQ(f.state.DeltaAfter(kHere, kNoon + kTick), 0);
  EXPECT_EQ(f.state.DeltaAfter(kThere, kTimestampMin), 0);
}

TEST(MemoryState, FindsAFactByItsSourceAndEventId) {
  LedgerFixture f;
  const Fact fact = f.NewFact(EntryKind::kReceipt, 5);
  f.Tell(fact);
  EXPECT_EQ(f.state.FindFact(kTill, fact.event_id)->stated, 5);
  EXPECT_FALSE(f.state.FindFact(kErp, fact.event_id));
  EXPECT_FALSE(f.state.FindFact(kTill, "no such"));
}

TEST(MemoryState, WithoutARuleThereIsNoLimit) {
  MemoryState state(kNoon);
  EXPECT_EQ(state.safety_stock(kHere), 0);
  EXPECT_EQ(state.buffer(kWeb), 0);
  EXPECT_TRUE(state.sells_from(kWeb, kHere.location));
  state.SetChannelLocations(kWeb, {kThere.location});
  EXPECT_FALSE(state.sells_from(kWeb, kHere.location));
  EXPECT_TRUE(state.sells_from(kWeb, kThere.location));
  EXPECT_TRUE(state.sells_from(kNoChannel, kHere.location));
}

// A replay of the first create must find what was granted, not what became of it.
TEST(MemoryState, KeepsTheFirstFormOfAChangedReservation) {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 4));
  EXPECT_EQ(f.reservation("r1").original, nullptr);
  Granted(f.Change("r1", {{kHere, 1}}));
  Granted(f.Extend("r1", kHour));
  ASSERT_NE(f.reservation("r1").original, nullptr);
  EXPECT_EQ(f.reservation("r1").original->held(), 4);
}

TEST(MemoryStateDeathTest, ItsTimeNeverGoesBackwards) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  MemoryState state(kNoon);
  EXPECT_DEATH(state.SetNow(kNoon - kTick), "internal error");
}

}  // namespace
}  // namespace stockd::ledger
