#include "daemon/engine/booked_picks.h"

#include <gtest/gtest.h>

namespace stockd::engine {
namespace {

constexpr LocationId kStore{1};
constexpr LocationId kOther{2};
constexpr Timestamp kTen = FromMicros(1'790'000'000'000'000);
constexpr Duration kHour = std::chrono::hours(1);

TEST(BookedPicks, CountsThoseThatBeganWithinTheSlot) {
  BookedPicks picks;
  picks.Add(kStore, kTen, 1);
  picks.Add(kStore, kTen, 1);
  picks.Add(kStore, kTen + kHour / 2, 1);  // A calendar that was cut differently.
  picks.Add(kStore, kTen + kHour, 1);
  picks.Add(kOther, kTen, 1);
  const auto count = [&](LocationId location, Timestamp start, Duration length) {
    return picks.Count(location, {.start = start, .end = start + length});
  };
  EXPECT_EQ(count(kStore, kTen, kHour), 3);
  EXPECT_EQ(count(kStore, kTen + kHour, kHour), 1);
  EXPECT_EQ(count(kStore, kTen - kHour, kHour), 0);
  EXPECT_EQ(count(kOther, kTen, kHour), 1);
  picks.Add(kStore, kTen, -2);
  EXPECT_EQ(count(kStore, kTen, kHour), 1);
  picks.Forget(kTen + kHour);
  EXPECT_EQ(count(kStore, kTen, kHour), 0);
  EXPECT_EQ(count(kStore, kTen + kHour, kHour), 1);
}

}  // namespace
}  // namespace stockd::engine
