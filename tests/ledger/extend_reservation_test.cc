#include <gtest/gtest.h>

#include "daemon/ledger/reservation_changes.h"
#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::Figures;
using support::Granted;
using support::kHere;
using support::kHour;
using support::kMinute;
using support::kNoon;
using support::kTick;
using support::LedgerFixture;
using support::ReasonOf;

TEST(ExtendReservation, TheNewDeadlineCountsFromNow) {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 4));
  f.Advance(kMinute);
  EXPECT_EQ(Granted(f.Extend("r1", kHour)).expires_at, kNoon + kMinute + kHour);
  f.AdvanceTo(kNoon + kMinute + kHour - kTick);
  EXPECT_EQ(f.available(), 6);
  f.Advance(kTick);
  EXPECT_EQ(f.available(), 10);
}

TEST(ExtendReservation, MayBringTheDeadlineForward) {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 4));
  Granted(f.Extend("r1", kTtlMin));
  f.Advance(kTtlMin);
  EXPECT_EQ(f.available(), 10);
}

TEST(ExtendReservation, InTheLastMomentOpensNoGap) {
  LedgerFixture f(4);
  Granted(f.Reserve("r1", 4));
  f.Advance(10 * kMinute - kTick);
  Granted(f.Extend("r1", kMinute));
  for (const Duration step : {Duration(0), kTick, kTick}) {
    f.Advance(step);
    EXPECT_EQ(ReasonOf(f.Reserve("r2", 1)), Reason::kInsufficientStock);
  }
}

TEST(ExtendReservation, MovesNoUnitsAndWritesNoEntryButGrowsTheVersion) {
  LedgerFixture f(10);
  const Sequence version = Granted(f.Reserve("r1", 4)).version;
  const size_t entries = f.state.journal().size();
  const Sequence first = Granted(f.Extend("r1", kHour)).version;
  const Sequence second = Granted(f.Extend("r1", kHour)).version;
  EXPECT_EQ(f.state.journal().size(), entries);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 10, .reserved = 4}));
  EXPECT_GT(first, version);
  EXPECT_GT(second, first);
}

TEST(ExtendReservation, WorksAsLongAsAnyUnitIsHeld) {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 4));
  Granted(f.Commit("r1", {{kHere, 3}}, Remainder::kKeep));
  EXPECT_EQ(ReasonOf(f.Extend("r1", kHour)), Reason::kNone);
  Granted(f.Commit("r1"));
  EXPECT_EQ(ReasonOf(f.Extend("r1", kHour)), Reason::kReservationCommitted);
}

TEST(ExtendReservation, InAShortfallKeepsTheClaim) {
  LedgerFixture f(4);
  Granted(f.Reserve("r1", 4));
  f.Count(1, f.state.now());
  EXPECT_EQ(ReasonOf(f.Extend("r1", kHour)), Reason::kNone);
  EXPECT_EQ(f.figures().reserved, 4);
}

}  // namespace
}  // namespace stockd::ledger
