#include <gtest/gtest.h>

#include "daemon/ledger/reservation_changes.h"
#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::CreateOf;
using support::Figures;
using support::Granted;
using support::kHere;
using support::kThere;
using support::LedgerFixture;
using support::ReasonOf;
using support::Refused;

// "r1" holds 4 here and 2 there, of 10 each.
LedgerFixture Held() {
  LedgerFixture f(10);
  f.Stock(10, kThere);
  CreateCommand command = CreateOf("r1", 4);
  command.lines.push_back({kThere, 2});
  Granted(f.Reserve(command));
  return f;
}

TEST(CommitReservation, WithoutLinesTakesEverythingHeld) {
  LedgerFixture f = Held();
  const Reservation committed = Granted(f.Commit("r1"));
  EXPECT_EQ(committed.state, ReservationState::kCommitted);
  EXPECT_EQ(committed.order_id, "order-1");
  EXPECT_EQ(committed.committed(), 6);
  EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 10, .committed = 4}));
  EXPECT_EQ(f.figures(kThere), (Figures{.on_hand = 10, .committed = 2}));
  for (const JournalEntry& entry : f.Last(2)) {
    EXPECT_EQ(entry.kind, EntryKind::kCommit);
    EXPECT_EQ(entry.from, Bucket::kReserved);
    EXPECT_EQ(entry.to, Bucket::kCommitted);
  }
}

// Losing the remainder would leak sellable stock a little with every order.
TEST(CommitReservation, APartialCommitFreesTheRemainder) {
  LedgerFixture f = Held();
  const Reservation committed = Granted(f.Commit("r1", {{kHere, 3}}));
  EXPECT_EQ(committed.state, ReservationState::kCommitted);
  EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 10, .committed = 3}));
  EXPECT_EQ(f.figures(kThere), (Figures{.on_hand = 10}));
}

TEST(CommitReservation, APartialCommitKeepsTheRemainderWhenAsked) {
  LedgerFixture f = Held();
  const Reservation committed = Granted(f.Commit("r1", {{kHere, 3}}, Remainder::kKeep));
  EXPECT_EQ(committed.state, ReservationState::kHeld);
  EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 10, .reserved = 1, .committed = 3}));
  EXPECT_EQ(f.figures(kThere), (Figures{.on_hand = 10, .reserved = 2}));
  Granted(f.Commit("r1"));
  EXPECT_EQ(f.figures(kHere).committed, 4);
  EXPECT_EQ(f.figures(kThere).committed, 2);
}

TEST(CommitReservation, MoreThanIsHeldIsRefusedAndChangesNothing) {
  struct Case {
    std::vector<LineCommand> lines;
    PositionKey at;
    Quantity requested;
    Quantity held;
  };
  const Case cases[] = {
      {{{kHere, 5}}, kHere, 5, 4},
      {{{kHere, 1}, {kThere, 3}}, kThere, 3, 2},
      {{{support::kOtherItem, 1}}, support::kOtherItem, 1, 0},
      {{{kHere, 3}, {kHere, 2}}, kHere, 5, 4},  // Added up.
      {{{kHere, kQuantityMax}}, kHere, kQuantityMax, 4},
  };
  for (const Case& c : cases) {
    LedgerFixture f = Held();
    Granted(f.Reserve("rival", 3));
    EXPECT_EQ(Refused(f.Commit("r1", c.lines)), (Refusal{.reason = Reason::kExceedsReservation,
                                                         .position = c.at,
                                                         .requested = c.requested,
                                                         .available = c.held}));
    EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 10, .reserved = 7}));
    EXPECT_TRUE(f.reservation("r1").order_id.empty());
  }
}

TEST(CommitReservation, TwoLinesForOnePositionAreBothTaken) {
  LedgerFixture f = Held();
  Granted(f.Commit("r1", {{kHere, 3}, {kHere, 1}}));
  EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 10, .committed = 4}));
}

TEST(CommitReservation, TakesFromEveryLineOfThePosition) {
  LedgerFixture f(10);
  CreateCommand command = CreateOf("r1", 2);
  command.lines.push_back({kHere, 3});
  Granted(f.Reserve(command));
  const Reservation committed = Granted(f.Commit("r1", {{kHere, 4}}, Remainder::kKeep));
  EXPECT_EQ(committed.lines[0].committed, 2);
  EXPECT_EQ(committed.lines[1].committed, 2);
  EXPECT_EQ(committed.lines[1].held, 1);
}

TEST(CommitReservation, BelongsToOneOrder) {
  LedgerFixture f = Held();
  Granted(f.Commit("r1", {{kHere, 1}}, Remainder::kKeep));
  EXPECT_EQ(
      ReasonOf(CommitReservation(f.state, f.NewHeader("r1"), "order-2", {}, Remainder::kRelease)),
      Reason::kReservationCommitted);
  EXPECT_EQ(ReasonOf(f.Commit("r1")), Reason::kNone);
}

TEST(CommitReservation, TwiceIsRefusedWhenNothingIsHeldAnyMore) {
  LedgerFixture f = Held();
  Granted(f.Commit("r1"));
  EXPECT_EQ(ReasonOf(f.Commit("r1")), Reason::kReservationCommitted);
}

// The buyer has the claim; that the shop miscounted is a shortfall to be shown, not a refusal.
TEST(CommitReservation, InAShortfallKeepsTheClaimWhole) {
  LedgerFixture f(4);
  Granted(f.Reserve("r1", 4));
  f.Count(1, f.state.now());
  Granted(f.Commit("r1"));
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 1, .committed = 4}));
  EXPECT_EQ(f.available(), -3);
}

TEST(CommitReservation, OpensNoGapForARival) {
  LedgerFixture f(4);
  Granted(f.Reserve("r1", 4));
  Granted(f.Commit("r1"));
  EXPECT_EQ(ReasonOf(f.Reserve("rival", 1)), Reason::kInsufficientStock);
}

TEST(CommitReservation, APartialGrantCommitsWhatWasGranted) {
  LedgerFixture f(3);
  CreateCommand command = CreateOf("r1", 5);
  command.allow_partial = true;
  Granted(f.Reserve(command));
  EXPECT_EQ(ReasonOf(f.Commit("r1", {{kHere, 5}})), Reason::kExceedsReservation);
  EXPECT_EQ(Granted(f.Commit("r1")).committed(), 3);
}

}  // namespace
}  // namespace stockd::ledger
