#include "daemon/base/natural_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace stockd {
namespace {

// People walk from, and write "a-2" for "A-02".
TEST(NaturalKey, NumbersInATextAreComparedAsNumbersAndLettersWithoutTheirCase) {
  const std::vector<std::string> walk = {"",  "1",   "2",   "10",   "9999999999", "10000000000",
                                         "A", "A-1", "a-2", "A-10", "A-10-1",     "A-10-02",
                                         "B", "B1a", "b1b", "B2",   "B10"};
  for (size_t i = 0; i + 1 < walk.size(); ++i) {
    EXPECT_LT(NaturalKey(walk[i]), NaturalKey(walk[i + 1])) << walk[i] << " and " << walk[i + 1];
  }
  EXPECT_EQ(NaturalKey("A-02"), NaturalKey("a-2"));
  EXPECT_EQ(NaturalKey("A-00"), NaturalKey("A-0"));
  EXPECT_LT(NaturalKey("A-0"), NaturalKey("A-1"));
}

TEST(NaturalKey, ALongNumberIsLongerThanAShortOne) {
  std::vector<std::string> keys;
  std::string digits = "1";
  for (int i = 0; i < 64; ++i, digits += '0') keys.push_back(NaturalKey("A" + digits));
  EXPECT_TRUE(std::ranges::is_sorted(keys));
  EXPECT_EQ(std::ranges::adjacent_find(keys), keys.end());
}

}  // namespace
}  // namespace stockd
