#include "daemon/base/check.h"

#include <gtest/gtest.h>

namespace stockd {
namespace {

TEST(Check, LetsATrueExpressionPassAndEvaluatesItOnce) {
  int evaluations = 0;
  STOCKD_CHECK(++evaluations == 1);
  EXPECT_EQ(evaluations, 1);
}

// A figure that may be wrong must never be served, in no kind of build.
TEST(CheckDeathTest, AFalseExpressionEndsTheProcessAndNamesItsPlace) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(STOCKD_CHECK(1 + 1 == 3), "internal error: 1 \\+ 1 == 3 at .*check_test.cc:[0-9]+");
}

}  // namespace
}  // namespace stockd
