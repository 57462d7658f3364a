// How large a fact may be and how far from now it may be dated.
#include <gtest/gtest.h>

#include <limits>

#include "daemon/ledger/facts.h"
#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::Figures;
using support::kHour;
using support::kNoon;
using support::kTick;
using support::LedgerFixture;

constexpr Quantity kLowest = std::numeric_limits<Quantity>::min();
constexpr Quantity kHighest = std::numeric_limits<Quantity>::max();

// Brings the position to `figure` without a single fact that large.
void FillTo(LedgerFixture& f, Quantity figure) {
  while (f.figures().on_hand < figure) {
    const Quantity step = std::min(kQuantityMax, figure - f.figures().on_hand);
    f.Happened(EntryKind::kReceipt, step, kNoon);
  }
}

TEST(FactLimits, EachKindHasItsRangeOfQuantities) {
  struct Case {
    EntryKind kind;
    Quantity quantity;
    bool valid;
  };
  std::vector<Case> cases = {
      {EntryKind::kAdjustment, 0, false},
      {EntryKind::kAdjustment, 1, true},
      {EntryKind::kAdjustment, -1, true},
      {EntryKind::kAdjustment, kQuantityMax, true},
      {EntryKind::kAdjustment, -kQuantityMax, true},
      {EntryKind::kAdjustment, kQuantityMax + 1, false},
      {EntryKind::kAdjustment, -kQuantityMax - 1, false},
      {EntryKind::kAdjustment, kLowest, false},
      {EntryKind::kAdjustment, kHighest, false},
      {EntryKind::kCount, 0, true},
      {EntryKind::kCount, -1, false},
      {EntryKind::kCount, kQuantityMax, true},
      {EntryKind::kCount, kQuantityMax + 1, false},
      {EntryKind::kCount, kLowest, false},
  };
  for (const EntryKind kind :
       {EntryKind::kReceipt, EntryKind::kSale, EntryKind::kReturn, EntryKind::kDamage,
        EntryKind::kTransferOut, EntryKind::kTransferIn}) {
    cases.push_back({kind, 0, false});
    cases.push_back({kind, -1, false});
    cases.push_back({kind, 1, true});
    cases.push_back({kind, kQuantityMax, true});
    cases.push_back({kind, kQuantityMax + 1, false});
    cases.push_back({kind, kLowest, false});
    cases.push_back({kind, kHighest, false});
  }
  for (const Case& c : cases) {
    SCOPED_TRACE(testing::Message() << c.kind << " of " << c.quantity);
    LedgerFixture f;
    const FactOutcome outcome = f.Tell(f.NewFact(c.kind, c.quantity));
    EXPECT_EQ(outcome.result, c.valid ? FactResult::kApplied : FactResult::kRefused);
    EXPECT_EQ(outcome.refusal.reason, c.valid ? Reason::kNone : Reason::kQuantityOutOfRange);
    EXPECT_EQ(outcome.refusal.requested, c.valid ? 0 : c.quantity);
    EXPECT_EQ(f.state.journal().empty(), !c.valid);
  }
}

TEST(FactLimits, TheInstantMayDifferFromNowAsFarAsTheLimitsAndNotOneTickFurther) {
  constexpr FactLimits kLimits{.look_back = kHour, .future_tolerance = Duration(10)};
  struct Case {
    Timestamp at;
    Reason expected;
  };
  const Case cases[] = {
      {kNoon + Duration(10), Reason::kNone},
      {kNoon + Duration(11), Reason::kOccurredInFuture},
      {kTimestampMax, Reason::kOccurredInFuture},
      {kNoon - kHour, Reason::kNone},
      {kNoon - kHour - kTick, Reason::kOccurredTooLongAgo},
      {kTimestampMin, Reason::kOccurredTooLongAgo},
  };
  for (const Case& c : cases) {
    for (const EntryKind kind : {EntryKind::kReceipt, EntryKind::kCount}) {
      LedgerFixture f;
      Fact fact = f.NewFact(kind, 1);
      fact.occurred_at = c.at;
      const FactOutcome refusing = ApplyFact(f.state, fact, kLimits, LateFacts::kRefuse);
      EXPECT_EQ(refusing.refusal.reason, c.expected) << ToMicros(c.at);
    }
  }
}

TEST(FactLimits, APersonMayHaveAFactTakenWhateverItsDate) {
  for (const Timestamp at : {kNoon - 24 * 365 * kHour, kNoon + 24 * kHour}) {
    LedgerFixture f;
    Fact fact = f.NewFact(EntryKind::kReceipt, 1);
    fact.occurred_at = at;
    EXPECT_EQ(ApplyFact(f.state, fact, {}, LateFacts::kAccept).result, FactResult::kApplied);
    EXPECT_EQ(f.figures().on_hand, 1);
  }
}

TEST(FactLimits, AnOutOfRangeQuantityIsReportedBeforeAWrongDate) {
  LedgerFixture f;
  Fact fact = f.NewFact(EntryKind::kReceipt, 0);
  fact.occurred_at = kTimestampMax;
  EXPECT_EQ(f.Tell(fact).refusal.reason, Reason::kQuantityOutOfRange);
}

TEST(FactLimits, AFigureReachesItsLimitAndIsRefusedBeyondIt) {
  LedgerFixture f;
  FillTo(f, kFigureMax);
  EXPECT_EQ(f.figures().on_hand, kFigureMax);
  const size_t entries = f.state.journal().size();
  const FactOutcome outcome = f.Tell(f.NewFact(EntryKind::kReceipt, 1));
  EXPECT_EQ(outcome.result, FactResult::kRefused);
  EXPECT_EQ(outcome.refusal.reason, Reason::kFigureOverflow);
  EXPECT_EQ(f.state.journal().size(), entries);
  EXPECT_EQ(f.Tell(f.NewFact(EntryKind::kSale, 1)).result, FactResult::kApplied);
}

TEST(FactLimits, AFigureIsLimitedBelowZeroToo) {
  LedgerFixture f;
  for (int i = 0; i < kFigureMax / kQuantityMax; ++i) {
    f.Happened(EntryKind::kSale, kQuantityMax, kNoon);
  }
  EXPECT_EQ(f.figures().on_hand, -kFigureMax);
  EXPECT_EQ(f.Tell(f.NewFact(EntryKind::kSale, 1)).refusal.reason, Reason::kFigureOverflow);
}

// A count that is itself small may meet deltas after it that are not.
TEST(FactLimits, ACountWhoseLaterDeltasOverflowIsRefusedAndLeavesTheOldCount) {
  LedgerFixture f;
  FillTo(f, kFigureMax);
  Fact count = f.NewFact(EntryKind::kCount, 1);
  count.occurred_at = kNoon - kHour;
  EXPECT_EQ(f.Tell(count).refusal.reason, Reason::kFigureOverflow);
  EXPECT_EQ(f.figures().on_hand, kFigureMax);
  EXPECT_EQ(f.state.position(support::kHere).row.counted_at, kTimestampMin);
  count.quantity = 0;
  EXPECT_EQ(f.Tell(count).result, FactResult::kApplied);
}

TEST(FactLimits, UnsellableUnitsAreLimitedButStopDamageOnly) {
  LedgerFixture f;
  for (int i = 0; i < kFigureMax / kQuantityMax; ++i) {
    f.Happened(EntryKind::kDamage, kQuantityMax, kNoon);
    f.Happened(EntryKind::kReceipt, kQuantityMax, kNoon);
  }
  ASSERT_EQ(f.figures(), (Figures{.on_hand = 0, .unsellable = kFigureMax}));
  EXPECT_EQ(f.Tell(f.NewFact(EntryKind::kDamage, 1)).refusal.reason, Reason::kFigureOverflow);
  EXPECT_EQ(f.Tell(f.NewFact(EntryKind::kReceipt, 1)).result, FactResult::kApplied);
  EXPECT_EQ(f.Tell(f.NewFact(EntryKind::kSale, 1)).result, FactResult::kApplied);
}

}  // namespace
}  // namespace stockd::ledger
