#include "daemon/base/ids.h"

#include <gtest/gtest.h>

#include <limits>
#include <unordered_set>

namespace stockd {
namespace {

constexpr uint32_t kNumberMax = std::numeric_limits<uint32_t>::max();

constexpr PositionKey Key(uint32_t item, uint32_t location) {
  return {.item = ItemId{item}, .location = LocationId{location}};
}

TEST(PositionKey, PacksIntoOneNumberAndBack) {
  const PositionKey keys[] = {Key(0, 0), Key(1, 2), Key(kNumberMax, 0), Key(0, kNumberMax),
                              Key(kNumberMax, kNumberMax)};
  for (const PositionKey key : keys) EXPECT_EQ(PositionKey::Unpack(key.packed()), key);
}

// Rows are stored by the packed number and walked by the key: both must mean the same order.
TEST(PositionKey, IsOrderedAsItsPackedNumberWithAnItemsPositionsSideBySide) {
  const PositionKey ascending[] = {Key(0, kNumberMax), Key(1, 0), Key(1, 1), Key(1, kNumberMax),
                                   Key(2, 0)};
  for (size_t i = 1; i < std::size(ascending); ++i) {
    EXPECT_LT(ascending[i - 1], ascending[i]);
    EXPECT_LT(ascending[i - 1].packed(), ascending[i].packed());
  }
}

TEST(PositionKey, IsFoundInAHashedSet) {
  const std::unordered_set<PositionKey> keys{Key(1, 2), Key(2, 1)};
  EXPECT_TRUE(keys.contains(Key(2, 1)));
  EXPECT_FALSE(keys.contains(Key(2, 2)));
}

TEST(Ids, ZeroIsNone) {
  EXPECT_EQ(ToNumber(kNoItem), 0);
  EXPECT_EQ(ToNumber(kNoLocation), 0);
  EXPECT_EQ(ToNumber(kNoChannel), 0);
  EXPECT_EQ(ToNumber(kNoGroup), 0);
  EXPECT_EQ(ToNumber(kNoSource), 0);
  EXPECT_EQ(PositionKey{}, Key(0, 0));
}

}  // namespace
}  // namespace stockd
