// The distribution of times, as a console draws it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "daemon/reports/figure_terms.h"
#include "tests/support/random.h"
#include "tests/support/seeds.h"

namespace stockd::reports {
namespace {

using support::ForEachSeed;
using support::Random;

constexpr int64_t kMinute = 60'000'000;

// Sums that hold nothing but one distribution, by value or by bin.
class Times final : public Sums {
 public:
  Times(std::vector<int64_t> values, bool exact) : values_(std::move(values)), exact_(exact) {
    std::ranges::sort(values_);
  }

  Int128 Flow(Measure) const override { return 0; }
  Int128 Opening(Measure) const override { return 0; }
  Int128 Closing(Measure) const override { return 0; }
  Int128 Integral(Measure) const override { return 0; }
  Int128 FlowOfAll(Measure) const override { return 0; }
  Duration length() const override { return Duration{1}; }
  std::vector<int64_t> Values(Distribution) const override {
    return exact_ ? values_ : std::vector<int64_t>();
  }
  std::vector<std::pair<int, int64_t>> Bins(Distribution) const override {
    std::map<int, int64_t> bins;
    for (const int64_t value : values_) ++bins[BinOf(value)];
    return {bins.begin(), bins.end()};
  }

 private:
  std::vector<int64_t> values_;
  const bool exact_;
};

std::vector<HistogramBin> Drawn(const Times& times) {
  Outcome outcome;
  AddHistogram(times, Distribution::kReadyMicros, kMicrosPerMinute, outcome);
  return outcome.histogram;
}

TEST(Histogram, HasBinsOfOneRoundWidth) {
  std::vector<int64_t> values;
  for (int i = 0; i < 100; ++i) values.push_back(i * kMinute);
  const auto bins = Drawn({values, true});
  ASSERT_EQ(bins.size(), 20u);  // 98 of 100 are below 98 minutes: bins of 5.
  for (size_t i = 0; i < bins.size(); ++i) {
    EXPECT_DOUBLE_EQ(bins[i].low, 5.0 * static_cast<double>(i));
    EXPECT_EQ(bins[i].count, 5) << i;
  }
  EXPECT_TRUE(Drawn({{}, true}).empty());
  EXPECT_EQ(Drawn({{0, 0, 0}, true}).front().count, 3);
}

TEST(Histogram, WhatIsMuchLongerIsInALastBinWithoutAnEnd) {
  std::vector<int64_t> values(99, 7 * kMinute);
  values.push_back(100'000 * kMinute);
  const auto bins = Drawn({values, true});
  EXPECT_EQ(bins.back().count, 1);
  EXPECT_TRUE(std::isinf(bins.back().high));
  EXPECT_LE(bins.back().low, 10);
}

// Whatever the times: they are all in a bin, and bins are few, of one width and in order.
TEST(Histogram, CountsEveryTimeOnce) {
  ForEachSeed(200, [](uint64_t seed) {
    Random random(seed);
    std::vector<int64_t> values;
    const int64_t most = int64_t{1} << random.Between(1, 50);
    for (int64_t i = random.Between(1, 300); i > 0; --i) values.push_back(random.Between(0, most));
    const auto count = static_cast<int64_t>(values.size());
    const auto bins = Drawn({values, random.Percent(50)});
    ASSERT_FALSE(bins.empty());
    EXPECT_LE(bins.size(), static_cast<size_t>(kHistogramBinsMax) + 1);
    int64_t seen = 0;
    for (size_t i = 0; i < bins.size(); ++i) {
      seen += bins[i].count;
      EXPECT_NEAR(bins[i].low, bins[0].high * static_cast<double>(i), 1e-9 * bins[i].low);
    }
    EXPECT_EQ(seen, count);
  });
}

}  // namespace
}  // namespace stockd::reports
