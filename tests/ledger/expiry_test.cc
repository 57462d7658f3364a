// A hold counts while now < deadline, and from the deadline on never again, cleared or not.
#include <gtest/gtest.h>

#include "daemon/ledger/reservations.h"
#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::Figures;
using support::Granted;
using support::kHere;
using support::kMinute;
using support::kNoon;
using support::kThere;
using support::kTick;
using support::LedgerFixture;
using support::ReasonOf;

constexpr Timestamp kDeadline = kNoon + 10 * kMinute;

struct Instant {
  Timestamp now;
  bool lapsed;
};
constexpr Instant kInstants[] = {
    {kDeadline - kTick, false}, {kDeadline, true}, {kDeadline + kTick, true}};

TEST(Expiry, ReadsStopCountingTheHoldExactlyAtTheDeadline) {
  for (const auto& [now, lapsed] : kInstants) {
    LedgerFixture f(10);
    Granted(f.Reserve("r1", 4));
    f.AdvanceTo(now);
    EXPECT_EQ(f.figures().reserved, lapsed ? 0 : 4);
    EXPECT_EQ(f.available(), lapsed ? 10 : 6);
  }
}

TEST(Expiry, DecisionsStopCountingTheHoldExactlyAtTheDeadline) {
  for (const auto& [now, lapsed] : kInstants) {
    LedgerFixture f(10);
    Granted(f.Reserve("r1", 4));
    f.AdvanceTo(now);
    EXPECT_EQ(ReasonOf(f.Reserve("r2", 7)), lapsed ? Reason::kNone : Reason::kInsufficientStock);
  }
}

TEST(Expiry, EveryChangeIsRefusedExactlyFromTheDeadlineOn) {
  for (const auto& [now, lapsed] : kInstants) {
    LedgerFixture f(10);
    f.Stock(10, kThere);
    for (const char* id : {"extend", "change", "move", "commit", "release"}) f.Reserve(id, 1);
    f.AdvanceTo(now);
    const Reason expected = lapsed ? Reason::kReservationExpired : Reason::kNone;
    EXPECT_EQ(ReasonOf(f.Extend("extend", kMinute)), expected);
    EXPECT_EQ(ReasonOf(f.Change("change", {{kHere, 2}})), expected);
    EXPECT_EQ(ReasonOf(f.Move("move", {{kHere, kThere, 0}})), expected);
    EXPECT_EQ(ReasonOf(f.Commit("commit")), expected);
    EXPECT_EQ(ReasonOf(f.Release("release")), expected);
  }
}

TEST(Expiry, TidyingClearsTheHoldExactlyFromTheDeadlineOn) {
  for (const auto& [now, lapsed] : kInstants) {
    LedgerFixture f(10);
    Granted(f.Reserve("r1", 4));
    f.AdvanceTo(now);
    const size_t entries = f.state.journal().size();
    EXPECT_EQ(ExpireIfDue(f.state, *f.state.FindReservation("r1")), lapsed);
    EXPECT_EQ(f.state_of("r1"), lapsed ? ReservationState::kExpired : ReservationState::kHeld);
    EXPECT_EQ(f.state.position(kHere).row.reserved, lapsed ? 0 : 4);
    EXPECT_EQ(f.state.journal().size(), entries + (lapsed ? 1 : 0));
  }
}

// The books shall say when the units came free, not when somebody found the time to write it.
TEST(Expiry, TheUnitsComeFreeAtTheDeadlineHoweverLateItIsWrittenDown) {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 4));
  f.AdvanceTo(kDeadline + kMinute);
  ExpireIfDue(f.state, *f.state.FindReservation("r1"));
  const JournalEntry entry = f.Last(1).front();
  EXPECT_EQ(entry.kind, EntryKind::kExpire);
  EXPECT_EQ(entry.from, Bucket::kReserved);
  EXPECT_EQ(entry.to, Bucket::kFree);
  EXPECT_EQ(entry.quantity, 4);
  EXPECT_EQ(entry.occurred_at, kDeadline);
  EXPECT_EQ(entry.recorded_at, kDeadline + kMinute);
}

TEST(Expiry, TidyingTwiceChangesNothing) {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 4));
  f.AdvanceTo(kDeadline);
  ASSERT_TRUE(ExpireIfDue(f.state, *f.state.FindReservation("r1")));
  EXPECT_FALSE(ExpireIfDue(f.state, *f.state.FindReservation("r1")));
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 10}));
}

TEST(Expiry, CommittedUnitsHaveNoDeadline) {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 4));
  Granted(f.Commit("r1"));
  f.AdvanceTo(kDeadline + kMinute);
  EXPECT_FALSE(ExpireIfDue(f.state, *f.state.FindReservation("r1")));
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 10, .committed = 4}));
}

TEST(Expiry, OnlyTheHeldPartOfAPartlyCommittedReservationLapses) {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 4));
  Granted(f.Commit("r1", {{kHere, 1}}, Remainder::kKeep));
  f.AdvanceTo(kDeadline);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 10, .committed = 1}));
  EXPECT_TRUE(ExpireIfDue(f.state, *f.state.FindReservation("r1")));
  EXPECT_EQ(f.state_of("r1"), ReservationState::kCommitted);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 10, .committed = 1}));
}

TEST(Expiry, ClearsEveryLineAtEveryPosition) {
  LedgerFixture f(10);
  f.Stock(5, kThere);
  CreateCommand command = support::CreateOf("r1", 1);
  command.lines = {{kHere, 3}, {kThere, 5}, {kHere, 2}};
  Granted(f.Reserve(command));
  f.AdvanceTo(kDeadline);
  ExpireIfDue(f.state, *f.state.FindReservation("r1"));
  EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 10}));
  EXPECT_EQ(f.figures(kThere), (Figures{.on_hand = 5}));
  for (const ReservationLine& line : f.reservation("r1").lines) {
    EXPECT_EQ(line.released(), line.granted);
  }
}

TEST(Expiry, ALinePartlySoldAndPartlyLapsedKeepsBothFigures) {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 4));
  f.SellFor("r1", 3);
  f.AdvanceTo(kDeadline);
  ExpireIfDue(f.state, *f.state.FindReservation("r1"));
  EXPECT_EQ(f.state_of("r1"), ReservationState::kExpired);
  EXPECT_EQ(f.reservation("r1").lines.front().consumed, 3);
  EXPECT_EQ(f.reservation("r1").lines.front().released(), 1);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 7}));
}

// The lapsed hold is not in the way of the next buyer, and clearing it does not free units twice.
TEST(Expiry, UnitsOfALapsedHoldAreGrantedOnceBeforeAndAfterItIsCleared) {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 10));
  f.AdvanceTo(kDeadline);
  Granted(f.Reserve("r2", 10));
  EXPECT_EQ(f.available(), 0);
  ExpireIfDue(f.state, *f.state.FindReservation("r1"));
  EXPECT_EQ(f.available(), 0);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 10, .reserved = 10}));
}

}  // namespace
}  // namespace stockd::ledger
