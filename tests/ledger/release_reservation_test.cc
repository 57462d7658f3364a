#include <gtest/gtest.h>

#include "daemon/ledger/reservation_changes.h"
#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::CreateOf;
using support::Figures;
using support::Granted;
using support::kHere;
using support::kMinute;
using support::kThere;
using support::LedgerFixture;
using support::ReasonOf;
using support::Refused;

// "r1" has 2 held and 3 committed here, 2 held there, of 10 each.
LedgerFixture Open() {
  LedgerFixture f(10);
  f.Stock(10, kThere);
  CreateCommand command = CreateOf("r1", 5);
  command.lines.push_back({kThere, 2});
  Granted(f.Reserve(command));
  Granted(f.Commit("r1", {{kHere, 3}}, Remainder::kKeep));
  return f;
}

TEST(ReleaseReservation, WithoutLinesGivesEverythingBack) {
  LedgerFixture f = Open();
  EXPECT_EQ(Granted(f.Release("r1")).state, ReservationState::kReleased);
  EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 10}));
  EXPECT_EQ(f.figures(kThere), (Figures{.on_hand = 10}));
}

TEST(ReleaseReservation, GivesHeldUnitsBackBeforeCommittedOnes) {
  struct Case {
    Quantity released;
    Figures left;
  };
  const Case cases[] = {
      {1, {.on_hand = 10, .reserved = 1, .committed = 3}},
      {2, {.on_hand = 10, .committed = 3}},
      {4, {.on_hand = 10, .committed = 1}},
      {5, {.on_hand = 10}},
  };
  for (const Case& c : cases) {
    LedgerFixture f = Open();
    Granted(f.Release("r1", {{kHere, c.released}}));
    EXPECT_EQ(f.figures(kHere), c.left);
    EXPECT_EQ(f.figures(kThere), (Figures{.on_hand = 10, .reserved = 2}));
  }
}

TEST(ReleaseReservation, WritesFromWhichBucketTheUnitsCame) {
  LedgerFixture f = Open();
  Granted(f.Release("r1", {{kHere, 4}}));
  const auto entries = f.Last(2);
  EXPECT_EQ(entries[0].kind, EntryKind::kRelease);
  EXPECT_EQ(entries[0].from, Bucket::kReserved);
  EXPECT_EQ(entries[0].quantity, 2);
  EXPECT_EQ(entries[1].kind, EntryKind::kRelease);
  EXPECT_EQ(entries[1].from, Bucket::kCommitted);
  EXPECT_EQ(entries[1].quantity, 2);
}

TEST(ReleaseReservation, MoreThanIsOpenIsRefusedAndChangesNothing) {
  struct Case {
    std::vector<LineCommand> lines;
    PositionKey at;
    Quantity requested;
    Quantity open;
  };
  const Case cases[] = {
      {{{kHere, 6}}, kHere, 6, 5},
      {{{kHere, 5}, {kThere, 3}}, kThere, 3, 2},
      {{{support::kOtherItem, 1}}, support::kOtherItem, 1, 0},
      {{{kThere, 1}, {kThere, 2}}, kThere, 3, 2},  // Added up.
  };
  for (const Case& c : cases) {
    LedgerFixture f = Open();
    Granted(f.Reserve("rival", 3));
    EXPECT_EQ(Refused(f.Release("r1", c.lines)), (Refusal{.reason = Reason::kExceedsReservation,
                                                          .position = c.at,
                                                          .requested = c.requested,
                                                          .available = c.open}));
    EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 10, .reserved = 5, .committed = 3}));
  }
}

TEST(ReleaseReservation, OfTheLastHeldUnitsLeavesACommittedReservation) {
  LedgerFixture f = Open();
  EXPECT_EQ(Granted(f.Release("r1", {{kHere, 2}, {kThere, 2}})).state,
            ReservationState::kCommitted);
}

TEST(ReleaseReservation, OfACommittedReservationGivesTheOrdersUnitsBack) {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 4));
  Granted(f.Commit("r1"));
  EXPECT_EQ(Granted(f.Release("r1")).state, ReservationState::kReleased);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 10}));
}

TEST(ReleaseReservation, AfterTheDeadlineStillReleasesCommittedUnits) {
  LedgerFixture f = Open();
  f.Advance(10 * kMinute);
  EXPECT_EQ(ReasonOf(f.Release("r1", {{kHere, 4}})), Reason::kExceedsReservation);
  EXPECT_EQ(ReasonOf(f.Release("r1", {{kHere, 3}})), Reason::kNone);
  EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 10}));
}

TEST(ReleaseReservation, ASecondReleaseIsRefused) {
  LedgerFixture f = Open();
  Granted(f.Release("r1"));
  EXPECT_EQ(ReasonOf(f.Release("r1")), Reason::kReservationReleased);
}

TEST(ReleaseReservation, WhatLeftWithASaleIsNotGivenBack) {
  LedgerFixture f = Open();
  f.SellFor("r1", 4);
  EXPECT_EQ(Granted(f.Release("r1")).state, ReservationState::kReleased);
  EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 6}));
  EXPECT_EQ(f.reservation("r1").lines.front().consumed, 4);
  EXPECT_EQ(f.reservation("r1").lines.front().released(), 1);
}

}  // namespace
}  // namespace stockd::ledger
