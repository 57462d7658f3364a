#include "adapters/sample/simulated_clock.h"

#include <gtest/gtest.h>

namespace stockd::sample {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr sdk::Timestamp kBegan{hours(490'000)};
constexpr sdk::Timestamp kReal = kBegan + kHeadStart;

TEST(SimulatedClock, GoesAsFastAsAskedUntilItHasCaughtUp) {
  const SimulatedClock clock({.began_at = kBegan, .real_now = kReal, .speed = 60});
  EXPECT_EQ(clock.NowMs(kReal), 0);
  EXPECT_EQ(clock.NowMs(kReal + seconds(1)), milliseconds(minutes(1)).count());
  EXPECT_FALSE(clock.HasCaughtUp(kReal + minutes(12)));
  EXPECT_TRUE(clock.HasCaughtUp(kReal + minutes(13)));
}

// stockd sets aside what is said to happen in the future.
TEST(SimulatedClock, IsNeverAheadOfTheClockOnTheWall) {
  const SimulatedClock clock({.began_at = kBegan, .real_now = kReal, .speed = 100'000});
  for (const milliseconds passed :
       {milliseconds(1), milliseconds(5000), milliseconds(86'400'000)}) {
    EXPECT_LE(kBegan + milliseconds(clock.NowMs(kReal + passed)), kReal + passed);
  }
}

TEST(SimulatedClock, GoesOnWhereTheTradeStood) {
  const SimulatedClock clock(
      {.began_at = kBegan, .position_ms = 7000, .real_now = kReal, .speed = 2});
  EXPECT_EQ(clock.NowMs(kReal + seconds(1)), 9000);
}

TEST(SimulatedClock, NeverGoesBackWhenTheClockOnTheWallDoes) {
  const SimulatedClock clock(
      {.began_at = kBegan, .position_ms = 7000, .real_now = kReal, .speed = 60});
  EXPECT_EQ(clock.NowMs(kReal - hours(20)), 7000);
}

TEST(SimulatedClock, CatchesUpAfterDaysInTheTimeThatItTakesForTheFirstHours) {
  const sdk::Timestamp days_later = kBegan + hours(24 * 5);
  const SimulatedClock clock({.began_at = kBegan, .real_now = days_later, .speed = 60});
  EXPECT_TRUE(clock.HasCaughtUp(days_later + minutes(13)));
}

}  // namespace
}  // namespace stockd::sample
