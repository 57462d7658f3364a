#include "daemon/base/quantity.h"

#include <gtest/gtest.h>

#include <limits>

namespace stockd {
namespace {

TEST(Quantity, AFigureFitsUpToItsLimitOnBothSides) {
  struct Case {
    Quantity figure;
    Quantity change;
    bool fits;
  };
  const Case cases[] = {
      {0, 0, true},
      {kFigureMax, 0, true},
      {kFigureMax, 1, false},
      {kFigureMax - 1, 1, true},
      {-kFigureMax, 0, true},
      {-kFigureMax, -1, false},
      {1 - kFigureMax, -1, true},
      {kFigureMax, -2 * kFigureMax, true},
      {-2 * kFigureMax, 2 * kFigureMax, true},
      {2 * kFigureMax, 2 * kFigureMax, false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(FigureFits(c.figure, c.change), c.fits) << c.figure << " and " << c.change;
  }
}

// Ten thousand lines of the largest quantity are added up without a check on the way.
TEST(Quantity, SumsOfManyLinesStayFarFromOverflow) {
  constexpr Quantity kLinesMax = 10'000;
  static_assert(kQuantityMax <= std::numeric_limits<Quantity>::max() / kLinesMax);
  static_assert(4 * kFigureMax < std::numeric_limits<Quantity>::max());
  EXPECT_LT(kQuantityMax, kFigureMax);
}

}  // namespace
}  // namespace stockd
