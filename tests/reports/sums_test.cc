// Cells, exact numbers, bins: the small parts that every figure stands on.
#include <gtest/gtest.h>

#include "daemon/reports/cell.h"
#include "daemon/reports/distribution.h"
#include "daemon/reports/exact.h"
#include "daemon/reports/figure.h"

namespace stockd::reports {
namespace {

TEST(Cell, EncodesTheSameSumsTheSameWay) {
  Cell a;
  a.Add(2, Measure::kSaleUnits, 5);
  a.Add(1, Measure::kSaleLines, 7);
  a.Add(1, Measure::kSaleValue, 3);
  a.Add(1, Measure::kSaleValue, -3);
  Cell b;
  b.Add(1, Measure::kSaleLines, 7);
  b.Add(2, Measure::kSaleUnits, 5);
  EXPECT_EQ(a.Encode(), b.Encode());
  Cell nothing;
  nothing.Add(1, Measure::kSaleLines, 1);
  nothing.Add(1, Measure::kSaleLines, -1);
  EXPECT_EQ(nothing.Encode(), "");
}

TEST(Cell, KeepsEveryBitOfASum) {
  const Int128 large = (Int128{1} << 126) + 12345;
  Cell cell;
  cell.Add(7, Measure::kOnHandMoment, large);
  cell.Add(7, Measure::kOnHandStep, -large);
  const std::string bytes = cell.Encode();
  Cell read;
  ASSERT_TRUE(read.Merge(bytes));
  EXPECT_EQ(read.Encode(), bytes);
  ASSERT_EQ(read.entries().size(), 2u);
  EXPECT_TRUE(read.entries()[0].sum == -large);
  EXPECT_TRUE(read.entries()[1].sum == large);
}

TEST(Cell, SaysWhenBytesAreDamaged) {
  Cell cell;
  cell.Add(7, Measure::kOnHandStep, 1'000'000);
  std::string bytes = cell.Encode();
  bytes.pop_back();
  EXPECT_FALSE(Cell().Merge(bytes));
}

TEST(CellKey, GivesBackItsTimeAndPlace) {
  const CellPlace place{.location = 3, .category = 5, .item = 9};
  for (int i = 0; i < kCuboidCount; ++i) {
    const auto cuboid = static_cast<Cuboid>(i);
    const CellKey key = MakeCellKey(Family::kStock, cuboid, Level::kDay, -17, place);
    EXPECT_EQ(BucketOf(key), -17);
    EXPECT_EQ(CuboidOf(key), cuboid);
    EXPECT_EQ(LevelOf(key), Level::kDay);
    EXPECT_EQ(FamilyOf(key), Family::kStock);
    const bool location = cuboid == Cuboid::kLocation || cuboid == Cuboid::kLocationCategory;
    EXPECT_EQ(PlaceOf(key).location, location ? 3u : 0u);
    EXPECT_EQ(PlaceOf(key).item, cuboid == Cuboid::kItem ? 9u : 0u);
  }
}

TEST(Exact, IsWrittenAsADecimal) {
  EXPECT_EQ(ToText({.value = 0}, 6), "0");
  EXPECT_EQ(ToText({.value = -1'500'000, .decimals = 6}, 6), "-1.5");
  EXPECT_EQ(ToText({.value = 5, .decimals = 6}, 6), "0.000005");
  EXPECT_EQ(ToText({.value = 2, .divisor = 3}, 6), "0.666667");
  EXPECT_EQ(ToText({.value = -1, .divisor = 3}, 3), "-0.333");
  EXPECT_EQ(ToText({.value = 1'999'999, .divisor = 2'000'000}, 6), "1");
  EXPECT_EQ(ToText({.value = 12'345, .decimals = 4}, 2), "1.23");
  EXPECT_EQ(ToText({.value = 12'355, .decimals = 4}, 2), "1.24");
  EXPECT_EQ(ToText({.value = 99'999, .decimals = 4}, 2), "10");
  EXPECT_EQ(ToText({.value = 6'293'764, .decimals = 0}, 12), "6293764");
}

TEST(Exact, NothingDividedByNothingIsNoNumber) {
  EXPECT_FALSE(Quotient({.value = 0}, {.value = 0}, 100).has_value());
  EXPECT_DOUBLE_EQ(*Quotient({.value = 1}, {.value = 4}, 100), 25);
}

TEST(Distribution, BinsAreNarrowAndInOrder) {
  int last = -1;
  for (int64_t value = 0; value < 100'000; ++value) {
    const int bin = BinOf(value);
    ASSERT_TRUE(bin == last || bin == last + 1) << value;
    last = bin;
    const auto middle = static_cast<double>(ValueOf(bin));
    ASSERT_LE(std::abs(middle - static_cast<double>(value)),
              static_cast<double>(value) * kBinErrorMax)
        << value;
  }
  for (int64_t value = 1; value > 0 && value < INT64_MAX / 3; value = value * 3 + 1) {
    const auto middle = static_cast<double>(ValueOf(BinOf(value)));
    EXPECT_LE(std::abs(middle - static_cast<double>(value)),
              static_cast<double>(value) * kBinErrorMax);
  }
  EXPECT_EQ(BinOf(-5), 0);
}

// The table is all that programs, documents and translations have.
TEST(Figures, EachSaysEverythingAndHasAKeyOfItsOwn) {
  for (const Figure& figure : Figures()) {
    SCOPED_TRACE(figure.key);
    EXPECT_EQ(FindFigure(figure.key), &figure);
    for (const std::string_view text : {figure.name, figure.name_turkish, figure.name_polish,
                                        figure.section, figure.formula, figure.numerator}) {
      EXPECT_FALSE(text.empty());
    }
    EXPECT_EQ(figure.evaluate != nullptr, figure.kind == FigureKind::kSums);
    EXPECT_EQ(figure.evaluate_standing != nullptr, figure.kind == FigureKind::kStanding);
    EXPECT_NE(figure.evaluate_customers != nullptr,
              figure.evaluate != nullptr || figure.evaluate_standing != nullptr);
    EXPECT_FALSE(figure.kind == FigureKind::kSums && figure.flows.empty() && figure.steps.empty() &&
                 figure.needs.empty());
    for (const Measure step : figure.steps) {
      EXPECT_GE(step, Measure::kOnHandStep);
      EXPECT_LE(step, Measure::kOutStep);
    }
  }
  EXPECT_EQ(FindFigure("happiness"), nullptr);
}

}  // namespace
}  // namespace stockd::reports
