// The same fact applies once; the same id with another content is a fault of the source.
#include <gtest/gtest.h>

#include <functional>

#include "daemon/ledger/facts.h"
#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::Granted;
using support::kErp;
using support::kHour;
using support::kThere;
using support::kTick;
using support::LedgerFixture;

TEST(FactIdentity, ARepeatedFactChangesNothing) {
  for (const EntryKind kind :
       {EntryKind::kReceipt, EntryKind::kSale, EntryKind::kReturn, EntryKind::kAdjustment,
        EntryKind::kDamage, EntryKind::kTransferOut, EntryKind::kTransferIn, EntryKind::kCount}) {
    SCOPED_TRACE(EntryKindName(kind));
    LedgerFixture f(10);
    const Fact fact = f.NewFact(kind, 4);
    ASSERT_EQ(f.Tell(fact).result, FactResult::kApplied);
    const Position before = f.state.position(fact.position).row;
    const size_t entries = f.state.journal().size();
    f.Advance(kHour);
    EXPECT_EQ(f.Tell(fact).result, FactResult::kDuplicate);
    EXPECT_EQ(f.state.position(fact.position).row, before);
    EXPECT_EQ(f.state.journal().size(), entries);
  }
}

TEST(FactIdentity, ASaleInSeveralPartsIsRecognisedAsAWhole) {
  LedgerFixture f(10);
  Granted(f.Reserve("r1", 3));
  Fact sale = f.NewFact(EntryKind::kSale, 5);
  sale.reservation_id = "r1";
  ASSERT_EQ(f.Tell(sale).result, FactResult::kApplied);
  EXPECT_EQ(f.Tell(sale).result, FactResult::kDuplicate);
  EXPECT_EQ(f.figures().on_hand, 5);
}

TEST(FactIdentity, AnyOtherContentUnderTheSameIdIsRefused) {
  struct Case {
    const char* field;
    std::function<void(Fact&)> change;
  };
  const Case cases[] = {
      {"kind", [](Fact& fact) { fact.kind = EntryKind::kTransferOut; }},
      {"quantity", [](Fact& fact) { fact.quantity = 5; }},
      {"position", [](Fact& fact) { fact.position = kThere; }},
      {"instant", [](Fact& fact) { fact.occurred_at -= kTick; }},
      {"reference", [](Fact& fact) { fact.reference = "other"; }},
      {"channel", [](Fact& fact) { fact.channel = "app"; }},
      {"price", [](Fact& fact) { fact.unit_price_micros = 1; }},
      {"currency", [](Fact& fact) { fact.currency = "NOK"; }},
      {"customer", [](Fact& fact) { fact.customer_reference = "c-1"; }},
      {"fulfilment", [](Fact& fact) { fact.fulfilment_channel = "parcel"; }},
      {"original", [](Fact& fact) { fact.original_reference = "r-1"; }},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.field);
    LedgerFixture f(10);
    const Fact sale = f.NewFact(EntryKind::kSale, 4);
    f.Tell(sale);
    Fact other = sale;
    c.change(other);
    const size_t entries = f.state.journal().size();
    const FactOutcome outcome = f.Tell(other);
    EXPECT_EQ(outcome.result, FactResult::kRefused);
    EXPECT_EQ(outcome.refusal.reason, Reason::kEventDiffers);
    EXPECT_EQ(outcome.refusal.position, other.position);
    EXPECT_EQ(f.figures().on_hand, 6);
    EXPECT_EQ(f.state.journal().size(), entries);
  }
}

// Two tills number their receipts from 1.
TEST(FactIdentity, TheSameEventIdOfAnotherSourceIsAnotherFact) {
  LedgerFixture f(10);
  Fact fact = f.NewFact(EntryKind::kSale, 4);
  f.Tell(fact);
  fact.source = kErp;
  EXPECT_EQ(f.Tell(fact).result, FactResult::kApplied);
  EXPECT_EQ(f.figures().on_hand, 2);
}

// A source repeats what it was not acknowledged for, however long its line was down.
TEST(FactIdentity, ARepeatedFactIsRecognisedAfterItsLookBack) {
  LedgerFixture f;
  const Fact fact = f.NewFact(EntryKind::kReceipt, 4);
  f.Tell(fact);
  f.Advance(FactLimits{}.look_back + kHour);
  EXPECT_EQ(f.Tell(fact).result, FactResult::kDuplicate);
}

TEST(FactIdentity, ARefusedFactMayComeAgainMended) {
  LedgerFixture f;
  Fact fact = f.NewFact(EntryKind::kReceipt, 0);
  ASSERT_EQ(f.Tell(fact).result, FactResult::kRefused);
  fact.quantity = 4;
  EXPECT_EQ(f.Tell(fact).result, FactResult::kApplied);
}

TEST(FactIdentity, DifferingContentComesBeforeEveryOtherFault) {
  LedgerFixture f;
  Fact fact = f.NewFact(EntryKind::kReceipt, 4);
  f.Tell(fact);
  fact.quantity = -1;
  fact.occurred_at += kHour;
  EXPECT_EQ(f.Tell(fact).refusal.reason, Reason::kEventDiffers);
}

}  // namespace
}  // namespace stockd::ledger
