#include <gtest/gtest.h>

#include "daemon/ledger/reservation_changes.h"
#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::CreateOf;
using support::Figures;
using support::Granted;
using support::kFar;
using support::kHere;
using support::kThere;
using support::kWeb;
using support::LedgerFixture;
using support::ReasonOf;
using support::Refused;

// "r1" holds 4 of 10 here; there are 5 there.
LedgerFixture Held() {
  LedgerFixture f(10);
  f.Stock(5, kThere);
  Granted(f.Reserve("r1", 4));
  return f;
}

TEST(MoveReservation, TakesTheUnitsFromOnePlaceToTheOther) {
  LedgerFixture f = Held();
  const Reservation moved = Granted(f.Move("r1", {{kHere, kThere, 3}}));
  EXPECT_EQ(moved.held(), 4);
  EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 10, .reserved = 1}));
  EXPECT_EQ(f.figures(kThere), (Figures{.on_hand = 5, .reserved = 3}));
  const auto entries = f.Last(2);
  EXPECT_EQ(entries[0].kind, EntryKind::kMoveOut);
  EXPECT_EQ(entries[0].position, kHere);
  EXPECT_EQ(entries[1].kind, EntryKind::kMoveIn);
  EXPECT_EQ(entries[1].position, kThere);
}

TEST(MoveReservation, QuantityZeroMeansAllThatIsHeldThere) {
  LedgerFixture f = Held();
  Granted(f.Move("r1", {{kHere, kThere, 0}}));
  EXPECT_EQ(f.figures(kHere).reserved, 0);
  EXPECT_EQ(f.figures(kThere).reserved, 4);
}

TEST(MoveReservation, QuantityZeroMeansTheRestThatEarlierMovesLeft) {
  LedgerFixture f = Held();
  f.Stock(5, kFar);
  Granted(f.Move("r1", {{kHere, kThere, 1}, {kHere, kFar, 0}}));
  EXPECT_EQ(f.figures(kThere).reserved, 1);
  EXPECT_EQ(f.figures(kFar).reserved, 3);
}

TEST(MoveReservation, BackAndForthEndsWhereItBegan) {
  LedgerFixture f = Held();
  Granted(f.Move("r1", {{kHere, kThere, 0}}));
  Granted(f.Move("r1", {{kThere, kHere, 0}}));
  EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 10, .reserved = 4}));
  EXPECT_EQ(f.figures(kThere), (Figures{.on_hand = 5}));
}

TEST(MoveReservation, MoreThanIsHeldThereIsRefused) {
  struct Case {
    std::vector<MoveCommand> moves;
    PositionKey at;
    Quantity left;
  };
  const Case cases[] = {
      {{{kHere, kThere, 5}}, kHere, 4},
      {{{kHere, kThere, 2}, {kHere, kFar, 3}}, kHere, 2},
      {{{kThere, kHere, 0}}, kThere, 0},
      {{{kHere, kThere, 0}, {kHere, kThere, 0}}, kHere, 0},
  };
  for (const Case& c : cases) {
    LedgerFixture f = Held();
    f.Stock(5, kFar);
    const Refusal refusal = Refused(f.Move("r1", c.moves));
    EXPECT_EQ(refusal.reason, Reason::kExceedsReservation);
    EXPECT_EQ(refusal.position, c.at);
    EXPECT_EQ(refusal.available, c.left);
    EXPECT_EQ(f.figures(kHere).reserved, 4);
    EXPECT_EQ(f.figures(kThere).reserved, 0);
  }
}

TEST(MoveReservation, IsRefusedAndStaysWhereItIsWhenItDoesNotFit) {
  LedgerFixture f = Held();
  Granted(f.Reserve("rival", 2, kThere));
  EXPECT_EQ(Refused(f.Move("r1", {{kHere, kThere, 4}})),
            (Refusal{.reason = Reason::kInsufficientStock,
                     .position = kThere,
                     .requested = 4,
                     .available = 3}));
  EXPECT_EQ(f.figures(kHere).reserved, 4);
  EXPECT_EQ(ReasonOf(f.Move("r1", {{kHere, kThere, 3}})), Reason::kNone);
}

TEST(MoveReservation, IsAllOrNothing) {
  LedgerFixture f = Held();
  const size_t entries = f.state.journal().size();
  EXPECT_EQ(ReasonOf(f.Move("r1", {{kHere, kThere, 1}, {kHere, kFar, 1}})),
            Reason::kInsufficientStock);
  EXPECT_EQ(f.state.journal().size(), entries);
  EXPECT_EQ(f.figures(kHere).reserved, 4);
}

// Two shops swap: what leaves a place makes room for what arrives there in the same step.
TEST(MoveReservation, UnitsThatLeaveMakeRoomForThoseThatArrive) {
  LedgerFixture f(2);
  f.Stock(3, kThere);
  CreateCommand command = CreateOf("r1", 2);
  command.lines.push_back({kThere, 3});
  Granted(f.Reserve(command));
  Granted(f.Move("r1", {{kHere, kThere, 2}, {kThere, kHere, 2}}));
  EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 2, .reserved = 2}));
  EXPECT_EQ(f.figures(kThere), (Figures{.on_hand = 3, .reserved = 3}));
  EXPECT_EQ(ReasonOf(f.Move("r1", {{kHere, kThere, 1}, {kThere, kHere, 2}})),
            Reason::kInsufficientStock);
}

TEST(MoveReservation, RespectsSafetyStockAndBufferOfItsChannel) {
  LedgerFixture f(10);
  f.Stock(5, kThere);
  f.state.SetSafetyStock(kThere, 1);
  f.state.SetBuffer(kWeb, 2);
  CreateCommand command = CreateOf("r1", 4);
  command.channel = kWeb;
  Granted(f.Reserve(command));
  EXPECT_EQ(Refused(f.Move("r1", {{kHere, kThere, 3}})).available, 2);
  EXPECT_EQ(ReasonOf(f.Move("r1", {{kHere, kThere, 2}})), Reason::kNone);
}

TEST(MoveReservation, GoesOnlyWhereItsChannelSells) {
  LedgerFixture f(10);
  f.Stock(5, kThere);
  f.state.SetChannelLocations(kWeb, {kHere.location});
  CreateCommand command = CreateOf("r1", 4);
  command.channel = kWeb;
  Granted(f.Reserve(command));
  const Refusal refusal = Refused(f.Move("r1", {{kHere, kThere, 1}}));
  EXPECT_EQ(refusal.reason, Reason::kLocationNotInChannel);
  EXPECT_EQ(refusal.position, kThere);
}

TEST(MoveReservation, LeavesCommittedUnitsAlone) {
  LedgerFixture f = Held();
  Granted(f.Commit("r1", {{kHere, 3}}, Remainder::kKeep));
  EXPECT_EQ(Refused(f.Move("r1", {{kHere, kThere, 2}})).available, 1);
  Granted(f.Move("r1", {{kHere, kThere, 0}}));
  EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 10, .committed = 3}));
  EXPECT_EQ(f.figures(kThere), (Figures{.on_hand = 5, .reserved = 1}));
}

TEST(MoveReservation, LeavesTheDeadlineAlone) {
  LedgerFixture f = Held();
  const Timestamp deadline = f.reservation("r1").expires_at;
  f.Advance(support::kMinute);
  EXPECT_EQ(Granted(f.Move("r1", {{kHere, kThere, 0}})).expires_at, deadline);
  f.AdvanceTo(deadline);
  EXPECT_EQ(f.available(kThere), 5);
}

TEST(MoveReservation, OutOfAShortfallIsPossible) {
  LedgerFixture f = Held();
  f.Count(0, f.state.now());
  Granted(f.Move("r1", {{kHere, kThere, 0}}));
  EXPECT_EQ(f.available(kHere), 0);
  EXPECT_EQ(f.figures(kThere), (Figures{.on_hand = 5, .reserved = 4}));
}

}  // namespace
}  // namespace stockd::ledger
