// A sale that names a reservation takes its units out of that claim: committed ones first, then
// held ones, then free ones.
#include <gtest/gtest.h>

#include "daemon/ledger/facts.h"
#include "daemon/ledger/reservations.h"
#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::CreateOf;
using support::Figures;
using support::Granted;
using support::kHere;
using support::kMinute;
using support::kOtherItem;
using support::kThere;
using support::LedgerFixture;

struct Part {
  EntryKind kind;
  Bucket from;
  Quantity quantity;
};

// "r1" holds 3 and has 2 committed of 10.
LedgerFixture WithClaim() {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 5));
  Granted(f.Commit("r1", {{kHere, 2}}, Remainder::kKeep));
  return f;
}

TEST(SaleOfClaim, TakesCommittedThenHeldThenFreeUnits) {
  struct Case {
    Quantity sold;
    Figures left;
    ReservationState state;
    std::vector<Part> parts;
  };
  const Case cases[] = {
      {1,
       {.on_hand = 9, .reserved = 3, .committed = 1},
       ReservationState::kHeld,
       {{EntryKind::kSale, Bucket::kCommitted, 1}}},
      {2,
       {.on_hand = 8, .reserved = 3},
       ReservationState::kHeld,
       {{EntryKind::kSale, Bucket::kCommitted, 2}}},
      {3,
       {.on_hand = 7, .reserved = 2},
       ReservationState::kHeld,
       {{EntryKind::kSale, Bucket::kCommitted, 2}, {EntryKind::kSaleRest, Bucket::kReserved, 1}}},
      {5,
       {.on_hand = 5},
       ReservationState::kConsumed,
       {{EntryKind::kSale, Bucket::kCommitted, 2}, {EntryKind::kSaleRest, Bucket::kReserved, 3}}},
      {7,
       {.on_hand = 3},
       ReservationState::kConsumed,
       {{EntryKind::kSale, Bucket::kCommitted, 2},
        {EntryKind::kSaleRest, Bucket::kReserved, 3},
        {EntryKind::kSaleRest, Bucket::kFree, 2}}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(testing::Message() << "sold " << c.sold);
    LedgerFixture f = WithClaim();
    f.SellFor("r1", c.sold);
    EXPECT_EQ(f.figures(), c.left);
    EXPECT_EQ(f.state_of("r1"), c.state);
    const ReservationLine line = f.reservation("r1").lines.front();
    EXPECT_EQ(line.consumed, std::min<Quantity>(c.sold, 5));
    EXPECT_EQ(line.released(), 0);
    const auto entries = f.Last(c.parts.size());
    for (size_t i = 0; i < c.parts.size(); ++i) {
      EXPECT_EQ(entries[i].kind, c.parts[i].kind);
      EXPECT_EQ(entries[i].from, c.parts[i].from);
      EXPECT_EQ(entries[i].to, Bucket::kCustomer);
      EXPECT_EQ(entries[i].quantity, c.parts[i].quantity);
      EXPECT_EQ(entries[i].reservation_number, c.parts[i].from == Bucket::kFree ? 0 : 1);
    }
    // The whole sale is stated once, where a later count looks for it.
    EXPECT_EQ(entries.front().stated, -c.sold);
  }
}

TEST(SaleOfClaim, TakesFromEveryLineOfThePositionAndFromNoOther) {
  LedgerFixture f(10);
  f.Stock(10, kThere);
  CreateCommand command = CreateOf("r1", 2);
  command.lines = {{kHere, 2}, {kThere, 4}, {kHere, 3}};
  Granted(f.Reserve(command));
  f.SellFor("r1", 4);
  EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 6, .reserved = 1}));
  EXPECT_EQ(f.figures(kThere), (Figures{.on_hand = 10, .reserved = 4}));
  const auto& lines = f.reservation("r1").lines;
  EXPECT_EQ(lines[0].consumed, 2);
  EXPECT_EQ(lines[1].consumed, 0);
  EXPECT_EQ(lines[2].consumed, 2);
}

TEST(SaleOfClaim, TakesFromSeveralLinesNoMoreThanWasSold) {
  LedgerFixture f(10);
  CreateCommand command = CreateOf("r1", 3);
  command.lines = {{kHere, 3}, {kHere, 3}, {kHere, 3}};
  Granted(f.Reserve(command));
  Granted(f.Commit("r1"));
  f.SellFor("r1", 4);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 6, .committed = 5}));
  const auto& lines = f.reservation("r1").lines;
  EXPECT_EQ(lines[0].consumed, 3);
  EXPECT_EQ(lines[1].consumed, 1);
  EXPECT_EQ(lines[2].consumed, 0);
}

TEST(SaleOfClaim, OfAnotherPositionTakesFreeUnitsThere) {
  LedgerFixture f = WithClaim();
  f.Stock(4, kOtherItem);
  f.SellFor("r1", 3, kOtherItem);
  EXPECT_EQ(f.figures(kHere), (Figures{.on_hand = 10, .reserved = 3, .committed = 2}));
  EXPECT_EQ(f.figures(kOtherItem), (Figures{.on_hand = 1}));
}

TEST(SaleOfClaim, OfAnUnknownReservationTakesFreeUnits) {
  LedgerFixture f = WithClaim();
  f.SellFor("no such", 4);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 6, .reserved = 3, .committed = 2}));
}

TEST(SaleOfClaim, WithoutAReservationTakesFreeUnits) {
  LedgerFixture f = WithClaim();
  f.SellFor("", 4);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 6, .reserved = 3, .committed = 2}));
}

TEST(SaleOfClaim, OfAReleasedReservationTakesFreeUnits) {
  LedgerFixture f = WithClaim();
  Granted(f.Release("r1"));
  f.SellFor("r1", 4);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 6}));
  EXPECT_EQ(f.state_of("r1"), ReservationState::kReleased);
}

TEST(SaleOfClaim, OfAConsumedReservationTakesFreeUnits) {
  LedgerFixture f = WithClaim();
  f.SellFor("r1", 5);
  f.SellFor("r1", 1);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 4}));
  EXPECT_EQ(f.reservation("r1").lines.front().consumed, 5);
}

// The deadline has passed, so the units may be somebody else's by now.
TEST(SaleOfClaim, OfAnExpiredHoldTakesFreeUnitsAndClearsTheHold) {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 5));
  f.Advance(10 * kMinute);
  f.SellFor("r1", 4);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 6}));
  EXPECT_EQ(f.state_of("r1"), ReservationState::kExpired);
  EXPECT_EQ(f.reservation("r1").lines.front().consumed, 0);
}

TEST(SaleOfClaim, AfterTheDeadlineStillTakesCommittedUnits) {
  LedgerFixture f = WithClaim();
  f.Advance(10 * kMinute);
  f.SellFor("r1", 4);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 6}));
  EXPECT_EQ(f.reservation("r1").lines.front().consumed, 2);
  EXPECT_EQ(f.reservation("r1").lines.front().released(), 3);
}

// Physical facts are facts: the sale is taken also when the claim stands on a shortfall.
TEST(SaleOfClaim, OfAClaimInAShortfallConsumesTheClaim) {
  LedgerFixture f(5);
  Granted(f.Reserve("r1", 5));
  f.Count(1, f.state.now());
  f.Advance(support::kTick);
  f.SellFor("r1", 3);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = -2, .reserved = 2}));
}

}  // namespace
}  // namespace stockd::ledger
