#include "daemon/base/lag_histogram.h"

#include <gtest/gtest.h>

namespace stockd {
namespace {

using std::chrono::microseconds;

TEST(LagHistogram, IsEmptyAtFirst) {
  const LagHistogram lags;
  EXPECT_EQ(lags.count(), 0);
  EXPECT_EQ(lags.Percentile(50), Duration::zero());
}

TEST(LagHistogram, EveryLagIsBelowTheLimitOfItsBucketAndNotFarBelow) {
  for (int64_t micros = 1; micros < int64_t{1} << 38; micros += micros / 7 + 1) {
    LagHistogram lags;
    lags.Add(Duration(micros));
    const int64_t limit = lags.Percentile(99).count();
    EXPECT_GT(limit, micros);
    EXPECT_LE(limit, micros + micros / 4 + 2);
  }
}

TEST(LagHistogram, LimitsGrow) {
  for (int i = 1; i < LagHistogram::kBuckets; ++i) {
    EXPECT_GE(LagHistogram::LimitOf(i), LagHistogram::LimitOf(i - 1)) << i;
  }
}

TEST(LagHistogram, APercentileLeavesSoManyBelowIt) {
  LagHistogram lags;
  for (int i = 0; i < 98; ++i) lags.Add(microseconds(100));
  for (int i = 0; i < 2; ++i) lags.Add(microseconds(10'000));
  EXPECT_EQ(lags.count(), 100);
  EXPECT_LT(lags.Percentile(50), microseconds(130));
  EXPECT_LT(lags.Percentile(98), microseconds(130));
  EXPECT_GT(lags.Percentile(99), microseconds(10'000));
}

TEST(LagHistogram, TakesWhatIsOutOfRange) {
  LagHistogram lags;
  lags.Add(Duration(-5));
  lags.Add(std::chrono::hours(24 * 365 * 100));
  EXPECT_EQ(lags.count(), 2);
  EXPECT_EQ(lags.counts().front(), 1);
  EXPECT_EQ(lags.counts().back(), 1);
}

TEST(LagHistogram, TwoAddUp) {
  LagHistogram one;
  one.Add(microseconds(3));
  LagHistogram two;
  two.Add(microseconds(3'000'000));
  one.Add(two);
  EXPECT_EQ(one.count(), 2);
  EXPECT_GT(one.Percentile(99), microseconds(3'000'000));
}

}  // namespace
}  // namespace stockd
