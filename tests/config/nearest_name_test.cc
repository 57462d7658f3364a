#include "daemon/config/nearest_name.h"

#include <gtest/gtest.h>

namespace stockd::config {
namespace {

TEST(NearestName, DistanceCountsEditsAndSwaps) {
  EXPECT_EQ(EditDistance("", ""), 0);
  EXPECT_EQ(EditDistance("", "abc"), 3);
  EXPECT_EQ(EditDistance("listen", "listen"), 0);
  EXPECT_EQ(EditDistance("lsiten", "listen"), 1);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3);
}

TEST(NearestName, ASlipFindsItsNameAndAStrangerFindsNone) {
  const std::vector<std::string_view> names = {"listen", "threads", "id", "queue_max"};
  EXPECT_EQ(NearestName("thread", names), "threads");
  EXPECT_EQ(NearestName("max_queue", names), "");
  EXPECT_EQ(NearestName("queue", names), "queue_max");
  EXPECT_EQ(NearestName("queue_mx", names), "queue_max");
  EXPECT_EQ(NearestName("colour", names), "");
  EXPECT_EQ(NearestName("x", names), "");
}

}  // namespace
}  // namespace stockd::config
