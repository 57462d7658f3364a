// Counts as barriers: on hand is the latest count plus the deltas after it, whenever each was told.
#include <gtest/gtest.h>

#include "daemon/ledger/facts.h"
#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::Figures;
using support::Granted;
using support::kHere;
using support::kHour;
using support::kMinute;
using support::kNoon;
using support::kThere;
using support::kTick;
using support::LedgerFixture;

constexpr Timestamp kMorning = kNoon - 4 * kHour;

TEST(Counts, ACountReplacesWhatTheBooksSaid) {
  LedgerFixture f(10);
  f.Count(7, kNoon);
  EXPECT_EQ(f.figures().on_hand, 7);
  f.Count(0, kNoon + kTick);
  EXPECT_EQ(f.figures().on_hand, 0);
}

TEST(Counts, ADeltaMovesOnHandOnlyWhenItIsAfterTheCount) {
  struct Case {
    Timestamp at;
    Quantity expected;
  };
  const Case cases[] = {{kMorning - kTick, 7}, {kMorning, 7}, {kMorning + kTick, 5}};
  for (const Case& c : cases) {
    LedgerFixture count_first;
    count_first.Count(7, kMorning);
    count_first.Happened(EntryKind::kSale, 2, c.at);
    EXPECT_EQ(count_first.figures().on_hand, c.expected);

    LedgerFixture sale_first;
    sale_first.Happened(EntryKind::kSale, 2, c.at);
    sale_first.Count(7, kMorning);
    EXPECT_EQ(sale_first.figures().on_hand, c.expected);
  }
}

// The sale has to show in turnover although the count has seen it already.
TEST(Counts, ADeltaBeforeTheCountIsRecordedAndTakenBack) {
  struct Case {
    EntryKind kind;
    Quantity quantity;
    Bucket from;
    Bucket to;
  };
  const Case cases[] = {
      {EntryKind::kSale, 2, Bucket::kCorrection, Bucket::kFree},
      {EntryKind::kReceipt, 2, Bucket::kFree, Bucket::kCorrection},
      {EntryKind::kReturn, 2, Bucket::kFree, Bucket::kCorrection},
      {EntryKind::kDamage, 2, Bucket::kCorrection, Bucket::kFree},
      {EntryKind::kTransferOut, 2, Bucket::kCorrection, Bucket::kFree},
      {EntryKind::kTransferIn, 2, Bucket::kFree, Bucket::kCorrection},
      {EntryKind::kAdjustment, 2, Bucket::kFree, Bucket::kCorrection},
      {EntryKind::kAdjustment, -2, Bucket::kCorrection, Bucket::kFree},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(testing::Message() << c.kind << " of " << c.quantity);
    LedgerFixture f;
    f.Count(7, kMorning);
    f.Happened(c.kind, c.quantity, kMorning - kHour);
    EXPECT_EQ(f.figures().on_hand, 7);
    const auto last = f.Last(2);
    EXPECT_EQ(last[0].kind, c.kind);
    EXPECT_EQ(last[1].kind, EntryKind::kRebase);
    EXPECT_EQ(last[1].from, c.from);
    EXPECT_EQ(last[1].to, c.to);
    EXPECT_EQ(last[1].quantity, 2);
    EXPECT_EQ(last[1].occurred_at, kMorning - kHour);
    EXPECT_TRUE(last[1].event_id.empty());
  }
}

// The damaged units stand there, whoever counted the others.
TEST(Counts, DamageBeforeTheCountStillAddsToTheUnsellable) {
  LedgerFixture f;
  f.Count(7, kMorning);
  f.Happened(EntryKind::kDamage, 2, kMorning - kHour);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 7, .unsellable = 2}));
}

TEST(Counts, ALateCountIsRebasedOnTheDeltasAfterItsInstant) {
  LedgerFixture f;
  f.Happened(EntryKind::kReceipt, 100, kMorning - kTick);
  f.Happened(EntryKind::kSale, 1, kMorning);  // At the very instant: the count has seen it.
  f.Happened(EntryKind::kSale, 3, kMorning + kTick);
  f.Happened(EntryKind::kReturn, 1, kMorning + kHour);
  f.Count(50, kMorning);
  EXPECT_EQ(f.figures().on_hand, 48);
  EXPECT_EQ(f.state.position(kHere).row.counted_at, kMorning);
  f.Happened(EntryKind::kSale, 8, kMorning - kHour);
  EXPECT_EQ(f.figures().on_hand, 48);
  f.Happened(EntryKind::kSale, 8, kMorning + kMinute);
  EXPECT_EQ(f.figures().on_hand, 40);
}

TEST(Counts, ALateCountIsNotConcernedWithOtherPositions) {
  LedgerFixture f;
  f.Happened(EntryKind::kSale, 3, kNoon, kThere);
  f.Happened(EntryKind::kSale, 1, kNoon, kHere);
  f.Count(50, kMorning);
  EXPECT_EQ(f.figures().on_hand, 49);
}

TEST(Counts, ACountOlderThanTheLatestOnlyRecords) {
  LedgerFixture f;
  f.Count(7, kMorning);
  f.Count(50, kMorning - kTick);
  EXPECT_EQ(f.figures().on_hand, 7);
  EXPECT_EQ(f.state.position(kHere).row.counted_at, kMorning);
  const JournalEntry entry = f.Last(1).front();
  EXPECT_EQ(entry.kind, EntryKind::kCount);
  EXPECT_EQ(entry.stated, 50);
  EXPECT_EQ(entry.quantity, 0);
  EXPECT_EQ(entry.from, Bucket::kNone);
  EXPECT_EQ(entry.to, Bucket::kNone);
}

// The lower one cannot oversell.
TEST(Counts, OfTwoCountsOfTheSameInstantTheLowerStandsInBothOrders) {
  for (const bool lower_first : {true, false}) {
    LedgerFixture f;
    f.Happened(EntryKind::kReceipt, 3, kMorning + kTick);
    f.Count(lower_first ? 7 : 9, kMorning);
    f.Count(lower_first ? 9 : 7, kMorning);
    EXPECT_EQ(f.figures().on_hand, 10);
  }
}

TEST(Counts, OfTwoCountsOfTheSameInstantTheLowerStandsAlsoWhenADeltaComesBetween) {
  for (const bool lower_first : {true, false}) {
    LedgerFixture f;
    f.Count(lower_first ? 7 : 9, kMorning);
    f.Happened(EntryKind::kSale, 3, kMorning + kTick);
    f.Happened(EntryKind::kSale, 2, kMorning - kTick);
    f.Count(lower_first ? 9 : 7, kMorning);
    EXPECT_EQ(f.figures().on_hand, 4);
  }
}

TEST(Counts, ACountThatConfirmsTheFigureStillBecomesTheBarrier) {
  LedgerFixture f(10);
  f.Count(10, kNoon);
  f.Happened(EntryKind::kSale, 2, kNoon);
  EXPECT_EQ(f.figures().on_hand, 10);
}

TEST(Counts, ACountOfZeroWithSalesAfterItShowsTheShortfall) {
  LedgerFixture f(10);
  f.Happened(EntryKind::kSale, 2, kNoon);
  f.Count(0, kMorning);
  EXPECT_EQ(f.figures().on_hand, 8);  // The receipt of an hour ago and the sale are after it.
  f.Count(0, kNoon - kTick);
  EXPECT_EQ(f.figures().on_hand, -2);
}

TEST(Counts, ACountLeavesClaimsAndUnsellableUnitsAlone) {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 6));
  f.Happened(EntryKind::kDamage, 1, kNoon - kTick);
  f.Count(4, kNoon);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 4, .reserved = 6, .unsellable = 1}));
  EXPECT_EQ(f.available(), -2);
}

TEST(Counts, ASaleOfAClaimBeforeTheCountConsumesTheClaimAndKeepsOnHand) {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 6));
  f.Count(9, kNoon);
  Fact sale = f.NewFact(EntryKind::kSale, 2);
  sale.occurred_at = kNoon - kTick;
  sale.reservation_id = "r1";
  f.Tell(sale);
  EXPECT_EQ(f.figures(), (Figures{.on_hand = 9, .reserved = 4}));
}

}  // namespace
}  // namespace stockd::ledger
