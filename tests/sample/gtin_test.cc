#include "adapters/sample/gtin.h"

#include <gtest/gtest.h>

namespace stockd::sample {
namespace {

// The examples of GS1's own specification and of a well-known pen.
TEST(Gtin, CheckDigitIsThatOfTheStandard) {
  EXPECT_EQ(GtinCheckDigit("629104150021"), '3');
  EXPECT_EQ(GtinCheckDigit("400638133393"), '1');
  EXPECT_EQ(GtinCheckDigit("9638507"), '4');
  EXPECT_EQ(GtinCheckDigit("000000000000"), '0');
}

TEST(Gtin, OwnUseNumbersHaveThirteenDigitsOfThePrefixForShops) {
  EXPECT_EQ(OwnUseGtin(0), "2000000000008");
  EXPECT_EQ(OwnUseGtin(9'999'999'999).size(), 13U);
  EXPECT_EQ(OwnUseGtin(9'999'999'999).substr(0, 2), "20");
}

}  // namespace
}  // namespace stockd::sample
