#include <gtest/gtest.h>

#include "daemon/ledger/reservation_changes.h"
#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::Figures;
using support::Granted;
using support::kHere;
using support::kOtherItem;
using support::kThere;
using support::kWeb;
using support::LedgerFixture;
using support::ReasonOf;
using support::Refused;

// "r1" holds 4 here and 2 there, of 10 each.
LedgerFixture TwoPositions() {
  LedgerFixture f(10);
  f.Stock(10, kThere);
  CreateCommand command = support::CreateOf("r1", 4);
  command.lines.push_back({kThere, 2});
  Granted(f.Reserve(command));
  return f;
}

TEST(ChangeReservation, SetsTheHeldUnitsOfEveryPosition) {
  struct Case {
    std::vector<LineCommand> wanted;
    Quantity here;
    Quantity there;
    Quantity other;
  };
  const Case cases[] = {
      {{{kHere, 4}, {kThere, 2}}, 4, 2, 0},      // As it was.
      {{{kHere, 7}, {kThere, 2}}, 7, 2, 0},      // Grows.
      {{{kHere, 1}, {kThere, 2}}, 1, 2, 0},      // Shrinks.
      {{{kHere, 4}}, 4, 0, 0},                   // Not named: given back.
      {{{kHere, 0}, {kThere, 2}}, 0, 2, 0},      // Named with nothing: given back.
      {{{kOtherItem, 3}}, 0, 0, 3},              // Something else instead.
      {{{kHere, 10}, {kThere, 10}}, 10, 10, 0},  // All there is.
  };
  for (const Case& c : cases) {
    LedgerFixture f = TwoPositions();
    f.Stock(10, kOtherItem);
    const Reservation changed = Granted(f.Change("r1", c.wanted));
    EXPECT_EQ(changed.state, ReservationState::kHeld);
    EXPECT_EQ(changed.held(), c.here + c.there + c.other);
    EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 10, .reserved = c.here}));
    EXPECT_EQ(f.figures(kThere), (Figures{.on_hand = 10, .reserved = c.there}));
    EXPECT_EQ(f.figures(kOtherItem), (Figures{.on_hand = 10, .reserved = c.other}));
  }
}

TEST(ChangeReservation, ToNothingReleasesIt) {
  LedgerFixture f = TwoPositions();
  EXPECT_EQ(Granted(f.Change("r1", {{kHere, 0}})).state, ReservationState::kReleased);
  EXPECT_EQ(ReasonOf(f.Change("r1", {{kHere, 1}})), Reason::kReservationReleased);
}

TEST(ChangeReservation, IsAllOrNothing) {
  LedgerFixture f = TwoPositions();
  const size_t entries = f.state.journal().size();
  EXPECT_EQ(Refused(f.Change("r1", {{kHere, 1}, {kThere, 11}})),
            (Refusal{.reason = Reason::kInsufficientStock,
                     .position = kThere,
                     .requested = 9,
                     .available = 8}));
  EXPECT_EQ(f.state.journal().size(), entries);
  EXPECT_EQ(f.figures(kHere).reserved, 4);
  EXPECT_EQ(f.figures(kThere).reserved, 2);
}

TEST(ChangeReservation, OnlyTheGrowthHasToFit) {
  LedgerFixture f(5);
  Granted(f.Reserve("r1", 4));
  EXPECT_EQ(ReasonOf(f.Change("r1", {{kHere, 5}})), Reason::kNone);
  EXPECT_EQ(Refused(f.Change("r1", {{kHere, 6}})).requested, 1);
}

// After a bad count a buyer may give up some units without losing the rest.
TEST(ChangeReservation, MayShrinkInAShortfallAndKeepsWhatStays) {
  LedgerFixture f(5);
  Granted(f.Reserve("r1", 5));
  f.Count(1, f.state.now());
  EXPECT_EQ(ReasonOf(f.Change("r1", {{kHere, 3}})), Reason::kNone);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 1, .reserved = 3}));
  EXPECT_EQ(ReasonOf(f.Change("r1", {{kHere, 3}})), Reason::kNone);
  EXPECT_EQ(Refused(f.Change("r1", {{kHere, 4}})).available, 0);
}

TEST(ChangeReservation, UnitsGivenBackAtOnePositionDoNotFeedAnother) {
  LedgerFixture f = TwoPositions();
  Granted(f.Reserve("rival", 8, kThere));
  EXPECT_EQ(ReasonOf(f.Change("r1", {{kHere, 0}, {kThere, 3}})), Reason::kInsufficientStock);
}

TEST(ChangeReservation, LeavesCommittedUnitsAlone) {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 6));
  Granted(f.Commit("r1", {{kHere, 4}}, Remainder::kKeep));
  EXPECT_EQ(Granted(f.Change("r1", {{kHere, 5}})).committed(), 4);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 10, .reserved = 5, .committed = 4}));
  EXPECT_EQ(Granted(f.Change("r1", {})).state, ReservationState::kCommitted);
  EXPECT_EQ(ReasonOf(f.Change("r1", {{kHere, 1}})), Reason::kReservationCommitted);
}

TEST(ChangeReservation, RespectsSafetyStockAndBufferOfItsChannel) {
  LedgerFixture f(10);
  f.state.SetSafetyStock(kHere, 2);
  f.state.SetBuffer(kWeb, 3);
  CreateCommand command = support::CreateOf("r1", 1);
  command.channel = kWeb;
  Granted(f.Reserve(command));
  EXPECT_EQ(Refused(f.Change("r1", {{kHere, 6}})).available, 4);
  EXPECT_EQ(ReasonOf(f.Change("r1", {{kHere, 5}})), Reason::kNone);
}

TEST(ChangeReservation, GrowsOnlyWhereItsChannelSells) {
  LedgerFixture f = TwoPositions();
  CreateCommand command = support::CreateOf("web", 1);
  command.channel = kWeb;
  Granted(f.Reserve(command));
  f.state.SetChannelLocations(kWeb, {kThere.location});
  EXPECT_EQ(Refused(f.Change("web", {{kHere, 2}})).reason, Reason::kLocationNotInChannel);
  EXPECT_EQ(ReasonOf(f.Change("web", {{kHere, 1}, {kThere, 1}})), Reason::kNone);
}

TEST(ChangeReservation, WrittenAsReservedAndReleased) {
  LedgerFixture f = TwoPositions();
  Granted(f.Change("r1", {{kHere, 5}, {kThere, 0}}));
  const auto entries = f.Last(2);
  EXPECT_EQ(entries[0].kind, EntryKind::kReserve);
  EXPECT_EQ(entries[0].quantity, 1);
  EXPECT_EQ(entries[1].kind, EntryKind::kRelease);
  EXPECT_EQ(entries[1].quantity, 2);
  EXPECT_EQ(entries[1].from, Bucket::kReserved);
}

TEST(ChangeReservation, ShrinksTheLastLinesOfAPositionFirst) {
  LedgerFixture f(10);
  CreateCommand command = support::CreateOf("r1", 3);
  command.lines.push_back({kHere, 3});
  Granted(f.Reserve(command));
  const Reservation changed = Granted(f.Change("r1", {{kHere, 2}}));
  EXPECT_EQ(changed.lines[0].held, 2);
  EXPECT_EQ(changed.lines[1].held, 0);
  EXPECT_EQ(changed.lines[1].released(), 3);
}

TEST(ChangeReservation, GathersLinesUpToTheLimitAndCountsNewOnesOnly) {
  LedgerFixture f;
  const auto position = [](size_t i) {
    return PositionKey{.item = ItemId{static_cast<uint32_t>(i + 1)}, .location = LocationId{9}};
  };
  CreateCommand command = support::CreateOf("r1", 1);
  command.lines.clear();
  std::vector<LineCommand> wanted;
  for (size_t i = 0; i <= kReservationLinesMax; ++i) {
    f.Happened(EntryKind::kReceipt, 2, support::kNoon, position(i));
    if (i < kReservationLinesMax) command.lines.push_back({position(i), 1});
    wanted.push_back({position(i), 2});
  }
  Granted(f.Reserve(command));
  EXPECT_EQ(ReasonOf(f.Change("r1", wanted)), Reason::kTooManyLines);
  wanted.pop_back();
  EXPECT_EQ(Granted(f.Change("r1", wanted)).held(), 2 * Quantity{kReservationLinesMax});
}

}  // namespace
}  // namespace stockd::ledger
