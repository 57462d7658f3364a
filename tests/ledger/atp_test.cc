#include "daemon/ledger/atp.h"

#include <gtest/gtest.h>

#include "tests/support/ledger_fixture.h"

namespace stockd::ledger {
namespace {

using support::Granted;
using support::kHere;
using support::kHour;
using support::kNoon;
using support::kThere;
using support::kTick;
using support::kWeb;
using support::LedgerFixture;

Supply SupplyOf(Quantity quantity, Timestamp expected_at) {
  return {.id = "po", .position = kHere, .quantity = quantity, .expected_at = expected_at};
}

TEST(Available, IsWhatIsOnHandWithoutClaimsSafetyStockAndBuffer) {
  struct Case {
    WorkingPosition position;
    Quantity safety_stock;
    Quantity buffer;
    Quantity expected;
  };
  const Case cases[] = {
      {{.row = {.on_hand = 10}}, 0, 0, 10},
      {{.row = {.on_hand = 10, .reserved = 3, .committed = 2}}, 0, 0, 5},
      {{.row = {.on_hand = 10, .reserved = 3, .committed = 2}}, 1, 2, 2},
      {{.row = {.on_hand = 10, .reserved = 3}, .lapsed = 3}, 0, 0, 10},
      {{.row = {.on_hand = 10, .reserved = 3}, .lapsed = 1}, 0, 0, 8},
      {{.row = {.on_hand = 2, .committed = 5}}, 0, 0, -3},
      {{.row = {.on_hand = 1}}, 4, 0, -3},
      {{.row = {.on_hand = 10, .unsellable = 7}}, 0, 0, 10},
      {{.row = {.on_hand = -kFigureMax, .reserved = kFigureMax, .committed = kFigureMax}},
       kFigureMax,
       kFigureMax,
       -5 * kFigureMax},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Available(c.position, c.safety_stock, c.buffer), c.expected) << &c - cases;
  }
}

TEST(Available, LooksTheRulesOfPositionAndChannelUp) {
  LedgerFixture f(10);
  f.Stock(10, kThere);
  f.state.SetSafetyStock(kHere, 3);
  f.state.SetBuffer(kWeb, 2);
  EXPECT_EQ(Available(f.state, kHere, kNoChannel), 7);
  EXPECT_EQ(Available(f.state, kHere, kWeb), 5);
  EXPECT_EQ(Available(f.state, kThere, kNoChannel), 10);
  EXPECT_EQ(Available(f.state, kThere, kWeb), 8);
}

TEST(Claimable, IsWhatIsAvailableUntilTheFigureIsFull) {
  LedgerFixture f(10);
  EXPECT_EQ(Claimable(f.state, kHere, kNoChannel), 10);
  Granted(f.Reserve("r1", 4));
  EXPECT_EQ(Claimable(f.state, kHere, kNoChannel), 6);
  f.state.position(kHere).row = {.on_hand = kFigureMax, .reserved = kFigureMax - 1};
  f.state.position(kHere).row.committed = -5;  // More is free than the figure can take up.
  EXPECT_EQ(Claimable(f.state, kHere, kNoChannel), 1);
}

TEST(AvailableCurve, BeginsNowAndStepsUpAtEachDate) {
  const Supply supplies[] = {SupplyOf(5, kNoon + 2 * kHour), SupplyOf(3, kNoon + kHour)};
  EXPECT_EQ(AvailableCurve(10, supplies, kNoon),
            (std::vector<CurvePoint>{{kNoon, 10}, {kNoon + kHour, 13}, {kNoon + 2 * kHour, 18}}));
}

TEST(AvailableCurve, AddsUpSuppliesOfTheSameDate) {
  const Supply supplies[] = {SupplyOf(5, kNoon + kHour), SupplyOf(3, kNoon + kHour)};
  EXPECT_EQ(AvailableCurve(0, supplies, kNoon),
            (std::vector<CurvePoint>{{kNoon, 0}, {kNoon + kHour, 8}}));
}

// A promise on goods that should be here but are not is a promise on nothing.
TEST(AvailableCurve, OverdueSupplyAddsNothing) {
  const Supply supplies[] = {SupplyOf(5, kNoon - kHour), SupplyOf(5, kNoon),
                             SupplyOf(1, kNoon + kTick)};
  EXPECT_EQ(AvailableCurve(2, supplies, kNoon),
            (std::vector<CurvePoint>{{kNoon, 2}, {kNoon + kTick, 3}}));
}

TEST(AvailableCurve, WithdrawnSupplyAddsNoPoint) {
  const Supply supplies[] = {SupplyOf(0, kNoon + kHour)};
  EXPECT_EQ(AvailableCurve(2, supplies, kNoon), (std::vector<CurvePoint>{{kNoon, 2}}));
}

TEST(AvailableCurve, AShortfallEatsTheFirstArrivals) {
  const Supply supplies[] = {SupplyOf(2, kNoon + kHour), SupplyOf(4, kNoon + 2 * kHour)};
  EXPECT_EQ(AvailableCurve(-3, supplies, kNoon),
            (std::vector<CurvePoint>{{kNoon, -3}, {kNoon + kHour, -1}, {kNoon + 2 * kHour, 3}}));
}

}  // namespace
}  // namespace stockd::ledger
