#include "daemon/ledger/facts.h"

#include <gtest/gtest.h>

#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::Figures;
using support::Granted;
using support::kHere;
using support::kHour;
using support::kNoon;
using support::kThere;
using support::kTick;
using support::LedgerFixture;

struct KindCase {
  EntryKind kind;
  Quantity quantity;
  Quantity effect;  // On a position that holds 10.
  Bucket from;
  Bucket to;
};

TEST(Facts, EachKindMovesItsUnitsBetweenItsTwoBuckets) {
  const KindCase cases[] = {
      {EntryKind::kReceipt, 3, +3, Bucket::kSupplier, Bucket::kFree},
      {EntryKind::kSale, 3, -3, Bucket::kFree, Bucket::kCustomer},
      {EntryKind::kReturn, 3, +3, Bucket::kCustomer, Bucket::kFree},
      {EntryKind::kAdjustment, 3, +3, Bucket::kAdjustment, Bucket::kFree},
      {EntryKind::kAdjustment, -3, -3, Bucket::kFree, Bucket::kAdjustment},
      {EntryKind::kDamage, 3, -3, Bucket::kFree, Bucket::kUnsellable},
      {EntryKind::kTransferOut, 3, -3, Bucket::kFree, Bucket::kTransit},
      {EntryKind::kTransferIn, 3, +3, Bucket::kTransit, Bucket::kFree},
      {EntryKind::kCount, 12, +2, Bucket::kCorrection, Bucket::kFree},
      {EntryKind::kCount, 7, -3, Bucket::kFree, Bucket::kCorrection},
      {EntryKind::kCount, 10, 0, Bucket::kNone, Bucket::kNone},
  };
  for (const KindCase& c : cases) {
    SCOPED_TRACE(testing::Message() << c.kind << " of " << c.quantity);
    LedgerFixture f(10);
    ASSERT_EQ(f.Tell(f.NewFact(c.kind, c.quantity)).result, FactResult::kApplied);
    EXPECT_EQ(f.figures().on_hand, 10 + c.effect);
    EXPECT_EQ(f.figures().unsellable, c.kind == EntryKind::kDamage ? c.quantity : 0);
    const JournalEntry entry = f.Last(1).front();
    EXPECT_EQ(entry.kind, c.kind);
    EXPECT_EQ(entry.from, c.from);
    EXPECT_EQ(entry.to, c.to);
    EXPECT_EQ(entry.quantity, std::abs(c.effect));
    EXPECT_EQ(entry.stated, c.kind == EntryKind::kCount ? c.quantity : c.effect);
  }
}

// Reports and a repetition's comparison read these from the journal alone.
TEST(Facts, TheJournalKeepsAllThatTheSourceStated) {
  LedgerFixture f;
  Fact fact = f.NewFact(EntryKind::kSale, 2);
  fact.occurred_at = kNoon - kHour;
  fact.reference = "receipt-7";
  fact.channel = "pos";
  fact.unit_price_micros = 19'990'000;
  fact.currency = "SEK";
  f.Tell(fact);
  const JournalEntry entry = f.Last(1).front();
  EXPECT_EQ(entry.source, fact.source);
  EXPECT_EQ(entry.event_id, fact.event_id);
  EXPECT_EQ(entry.position, kHere);
  EXPECT_EQ(entry.occurred_at, kNoon - kHour);
  EXPECT_EQ(entry.recorded_at, kNoon);
  EXPECT_EQ(entry.stated, -2);
  EXPECT_EQ(entry.reference, "receipt-7");
  EXPECT_EQ(entry.channel, "pos");
  EXPECT_EQ(entry.unit_price_micros, 19'990'000);
  EXPECT_EQ(entry.currency, "SEK");
  EXPECT_EQ(entry.reservation_number, 0);
}

TEST(Facts, AFactMovesItsOwnPositionOnly) {
  LedgerFixture f(10);
  f.Happened(EntryKind::kReceipt, 5, kNoon, kThere);
  EXPECT_EQ(f.figures(kHere).on_hand, 10);
  EXPECT_EQ(f.figures(kThere).on_hand, 5);
}

// The till rules over the books: what was sold is gone, even where the books saw nothing to sell.
TEST(Facts, ASaleOfUnitsThatWereNeverBookedDrivesTheFigureBelowZero) {
  LedgerFixture f;
  f.Happened(EntryKind::kSale, 4, kNoon);
  EXPECT_EQ(f.figures().on_hand, -4);
  EXPECT_EQ(f.available(), -4);
}

TEST(Facts, ASaleWithoutAClaimLeavesClaimsAloneEvenInAShortfall) {
  LedgerFixture f(5);
  Granted(f.Reserve("r1", 5));
  f.Happened(EntryKind::kSale, 2, kNoon);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 3, .reserved = 5}));
  EXPECT_EQ(f.available(), -2);
}

TEST(Facts, UnitsThatComeEndAShortfall) {
  LedgerFixture f(5);
  Granted(f.Reserve("r1", 5));
  f.Happened(EntryKind::kDamage, 2, kNoon);
  ASSERT_EQ(f.available(), -2);
  f.Happened(EntryKind::kReturn, 3, kNoon);
  EXPECT_EQ(f.available(), 1);
}

TEST(Facts, AReceiptTakesFromTheSupplyItFulfilsDownToZero) {
  LedgerFixture f;
  f.state.PutSupply({.id = "po-1", .position = kHere, .quantity = 5, .expected_at = kNoon + kHour});
  Fact receipt = f.NewFact(EntryKind::kReceipt, 3);
  receipt.supply_id = "po-1";
  f.Tell(receipt);
  EXPECT_EQ(f.state.FindSupply("po-1")->quantity, 2);
  f.Tell(receipt);  // Sent again.
  EXPECT_EQ(f.state.FindSupply("po-1")->quantity, 2);
  Fact more = f.NewFact(EntryKind::kReceipt, 4);
  more.supply_id = "po-1";
  f.Tell(more);
  EXPECT_EQ(f.state.FindSupply("po-1")->quantity, 0);
  EXPECT_EQ(f.figures().on_hand, 7);
}

TEST(Facts, AReceiptOfAnUnknownSupplyIsAnOrdinaryReceipt) {
  LedgerFixture f;
  Fact receipt = f.NewFact(EntryKind::kReceipt, 3);
  receipt.supply_id = "po-9";
  EXPECT_EQ(f.Tell(receipt).result, FactResult::kApplied);
  EXPECT_EQ(f.figures().on_hand, 3);
  EXPECT_EQ(f.state.FindSupply("po-9"), std::nullopt);
}

TEST(Facts, OnlyAReceiptTakesFromASupply) {
  LedgerFixture f;
  f.state.PutSupply({.id = "po-1", .position = kHere, .quantity = 5, .expected_at = kNoon + kHour});
  Fact came_back = f.NewFact(EntryKind::kReturn, 3);
  came_back.supply_id = "po-1";
  f.Tell(came_back);
  EXPECT_EQ(f.state.FindSupply("po-1")->quantity, 5);
}

TEST(Facts, APositionKnowsItsLatestDeltaWhateverTheOrderOfArrival) {
  LedgerFixture f;
  f.Happened(EntryKind::kReceipt, 1, kNoon - kTick);
  f.Happened(EntryKind::kReceipt, 1, kNoon - kHour);
  EXPECT_EQ(f.state.position(kHere).row.last_delta_at, kNoon - kTick);
}

}  // namespace
}  // namespace stockd::ledger
