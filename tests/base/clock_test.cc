#include "daemon/base/clock.h"

#include <gtest/gtest.h>

namespace stockd {
namespace {

constexpr Timestamp kStart = FromMicros(1'000'000);

TEST(ManualClock, StandsStillUntilItIsMoved) {
  ManualClock clock(kStart);
  EXPECT_EQ(clock.Now(), kStart);
  EXPECT_EQ(clock.Now(), kStart);
  clock.Advance(Duration(1));
  EXPECT_EQ(clock.Now(), kStart + Duration(1));
}

// Machines' clocks do step back; whoever needs order is tested with this.
TEST(ManualClock, MayBeSetBack) {
  ManualClock clock(kStart);
  clock.Set(kStart - Duration(1));
  EXPECT_EQ(clock.Now(), kStart - Duration(1));
}

TEST(ManualClock, LetsNobodyWaitInRealTime) {
  EXPECT_EQ(ManualClock(kStart).WaitFor(Duration(5)), Duration::max());
}

TEST(SystemClock, WaitsAsLongAsItIsTold) {
  EXPECT_EQ(SystemClock().WaitFor(Duration(5)), Duration(5));
}

TEST(SystemClock, TellsAPlausibleTimeInMicroseconds) {
  constexpr Timestamp kBuiltAfter = std::chrono::sys_days(std::chrono::year(2020) / 1 / 1);
  EXPECT_GT(SystemClock().Now(), kBuiltAfter);
}

}  // namespace
}  // namespace stockd
