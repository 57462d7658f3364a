#include "daemon/ctl/item_units.h"

#include <gtest/gtest.h>

#include <limits>

namespace stockd::ctl {
namespace {

TEST(FormatDecimal, HasAllDecimalsOfTheItem) {
  EXPECT_EQ(FormatDecimal(17, 0), "17");
  EXPECT_EQ(FormatDecimal(1500, 3), "1.500");
  EXPECT_EQ(FormatDecimal(5, 3), "0.005");
  EXPECT_EQ(FormatDecimal(0, 3), "0.000");
  EXPECT_EQ(FormatDecimal(-1, 3), "-0.001");
  EXPECT_EQ(FormatDecimal(-12'345, 2), "-123.45");
  EXPECT_EQ(FormatDecimal(std::numeric_limits<int64_t>::min(), 6), "-9223372036854.775808");
}

}  // namespace
}  // namespace stockd::ctl
