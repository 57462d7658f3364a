#include "daemon/ledger/posting.h"

#include <gtest/gtest.h>

#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::Figures;
using support::kHere;
using support::LedgerFixture;

constexpr Bucket kBuckets[] = {Bucket::kNone,      Bucket::kFree,       Bucket::kReserved,
                               Bucket::kCommitted, Bucket::kUnsellable, Bucket::kSupplier,
                               Bucket::kCustomer,  Bucket::kAdjustment, Bucket::kTransit,
                               Bucket::kCorrection};

Position Full() { return {.on_hand = 30, .reserved = 10, .committed = 10, .unsellable = 10}; }

JournalEntry Entry(Bucket from, Bucket to, Quantity quantity) {
  JournalEntry entry;
  entry.position = kHere;
  entry.kind = EntryKind::kAdjustment;
  entry.from = from;
  entry.to = to;
  entry.quantity = quantity;
  return entry;
}

// What one unit in the bucket adds to the figures, written down a second time.
Figures Unit(Bucket bucket) {
  if (bucket == Bucket::kFree) return {.on_hand = 1};
  if (bucket == Bucket::kReserved) return {.on_hand = 1, .reserved = 1};
  if (bucket == Bucket::kCommitted) return {.on_hand = 1, .committed = 1};
  if (bucket == Bucket::kUnsellable) return {.unsellable = 1};
  return {};
}

TEST(Posting, MovesUnitsBetweenAnyTwoBuckets) {
  for (const Bucket from : kBuckets) {
    for (const Bucket to : kBuckets) {
      SCOPED_TRACE(testing::Message() << from << " to " << to);
      LedgerFixture f;
      f.state.position(kHere).row = Full();
      EXPECT_EQ(Post(f.state, Entry(from, to, 3)), 1);
      const Figures out = Unit(from);
      const Figures in = Unit(to);
      EXPECT_EQ(f.figures(), (Figures{.on_hand = 30 + 3 * (in.on_hand - out.on_hand),
                                      .reserved = 10 + 3 * (in.reserved - out.reserved),
                                      .committed = 10 + 3 * (in.committed - out.committed),
                                      .unsellable = 10 + 3 * (in.unsellable - out.unsellable)}));
    }
  }
}

TEST(Posting, FitsUpToTheLimitOfEachFigure) {
  struct Case {
    Position position;
    Bucket from;
    Bucket to;
    Quantity quantity;
    bool fits;
  };
  const Case cases[] = {
      {{.on_hand = kFigureMax - 1}, Bucket::kSupplier, Bucket::kFree, 1, true},
      {{.on_hand = kFigureMax}, Bucket::kSupplier, Bucket::kFree, 1, false},
      {{.on_hand = 1 - kFigureMax}, Bucket::kFree, Bucket::kCustomer, 1, true},
      {{.on_hand = -kFigureMax}, Bucket::kFree, Bucket::kCustomer, 1, false},
      {{.on_hand = kFigureMax, .reserved = kFigureMax}, Bucket::kFree, Bucket::kReserved, 1, false},
      {{.on_hand = kFigureMax, .committed = kFigureMax},
       Bucket::kReserved,
       Bucket::kCommitted,
       1,
       false},
      {{.unsellable = kFigureMax}, Bucket::kFree, Bucket::kUnsellable, 1, false},
      {{.on_hand = kFigureMax}, Bucket::kFree, Bucket::kReserved, kFigureMax, true},
      {{.on_hand = kFigureMax}, Bucket::kNone, Bucket::kNone, 0, true},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(PostingFits(c.position, c.from, c.to, c.quantity), c.fits) << &c - cases;
  }
}

TEST(PostingDeathTest, RefusesToDriveAClaimBelowZero) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  LedgerFixture f;
  EXPECT_DEATH(Post(f.state, Entry(Bucket::kReserved, Bucket::kFree, 1)), "internal error");
  EXPECT_DEATH(Post(f.state, Entry(Bucket::kCommitted, Bucket::kFree, 1)), "internal error");
}

TEST(PostingDeathTest, RefusesANegativeQuantityAndAFigureOutOfRange) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  LedgerFixture f;
  EXPECT_DEATH(Post(f.state, Entry(Bucket::kSupplier, Bucket::kFree, -1)), "internal error");
  EXPECT_DEATH(Post(f.state, Entry(Bucket::kSupplier, Bucket::kFree, kFigureMax + 1)),
               "internal error");
}

}  // namespace
}  // namespace stockd::ledger
