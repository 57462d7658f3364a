#include "daemon/reports/comparison.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "daemon/reports/assignment.h"
#include "tests/support/random.h"

namespace stockd::reports {
namespace {

// Worked out by hand: means 3 and 6, variances 2.5 and 10, five values each; 5.88 degrees.
TEST(Comparison, IsTheDifferenceOfMeansWithWelchsInterval) {
  const Comparison found =
      Compare(std::vector<double>{1, 2, 3, 4, 5}, std::vector<double>{2, 4, 6, 8, 10});
  EXPECT_EQ(found.a.size, 5);
  EXPECT_DOUBLE_EQ(found.a.mean, 3);
  EXPECT_DOUBLE_EQ(found.b.deviation * found.b.deviation, 10);
  EXPECT_DOUBLE_EQ(found.difference, 3);
  ASSERT_TRUE(found.interval);
  // Student's t of five degrees times the root of 2.5 / 5 + 10 / 5.
  EXPECT_NEAR(found.interval->second - 3, 2.571 * std::sqrt(2.5), 1e-9);
  EXPECT_NEAR(found.interval->first - 3, -2.571 * std::sqrt(2.5), 1e-9);
}

TEST(Comparison, TooFewValuesHaveNoInterval) {
  EXPECT_FALSE(Compare(std::vector<double>{1}, std::vector<double>{1, 2}).interval);
  EXPECT_FALSE(Compare({}, {}).interval);
  const auto same = Compare(std::vector<double>{2, 2}, std::vector<double>{2, 2});
  EXPECT_EQ(same.interval, (std::pair<double, double>{0, 0}));
}

// What "95 %" means: of many experiments without any effect, about one in twenty claims one.
TEST(Comparison, OneInTwentyIntervalsMissesTheTruth) {
  support::Random random(7);
  int missed = 0;
  constexpr int kExperiments = 4000;
  for (int i = 0; i < kExperiments; ++i) {
    std::vector<double> arms[2];
    for (auto& arm : arms) {
      for (int n = 0; n < 12; ++n) {
        double value = 0;  // Nearly normal.
        for (int part = 0; part < 12; ++part) {
          value += static_cast<double>(random.Between(0, 1'000'000)) / 1e6;
        }
        arm.push_back(value);
      }
    }
    const auto interval = Compare(arms[0], arms[1]).interval;
    missed += interval->first > 0 || interval->second < 0;
  }
  EXPECT_NEAR(static_cast<double>(missed) / kExperiments, 0.05, 0.012);
}

// (1.96 + 0.84)^2 (2.5 + 10) / 3^2 is 10.9.
TEST(Comparison, SaysHowManyItTakes) {
  const Comparison found =
      Compare(std::vector<double>{1, 2, 3, 4, 5}, std::vector<double>{2, 4, 6, 8, 10});
  EXPECT_EQ(found.size_needed, 11);
  EXPECT_FALSE(Compare(std::vector<double>{1, 2}, std::vector<double>{1, 2}).size_needed);
}

// And what "four of five" means: with that many, about so many intervals leave nothing out.
TEST(Comparison, WithAsManyAsItTakesFourOfFiveExperimentsFindTheDifference) {
  support::Random random(11);
  // Sums of twelve uniform values: deviation 1. A difference of 1 takes 16.
  const auto any = [&random] {
    double value = 0;
    for (int part = 0; part < 12; ++part) {
      value += static_cast<double>(random.Between(0, 1'000'000)) / 1e6;
    }
    return value;
  };
  int found = 0;
  constexpr int kExperiments = 3000;
  for (int i = 0; i < kExperiments; ++i) {
    std::vector<double> arms[2];
    for (int n = 0; n < 16; ++n) {
      arms[0].push_back(any());
      arms[1].push_back(any() + 1);
    }
    found += Compare(arms[0], arms[1]).interval->first > 0;
  }
  EXPECT_NEAR(static_cast<double>(found) / kExperiments, 0.8, 0.04);
}

std::vector<std::string> Names(int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back("S" + std::to_string(i));
  return names;
}

TEST(Assignment, IsOfHalvesThatOnlyTheNamesDecide) {
  std::vector<std::string> names = Names(101);
  const std::vector<bool> is_b = AssignArms(names, "trial", 1);
  EXPECT_EQ(std::ranges::count(is_b, true), 51);
  std::ranges::reverse(names);
  const std::vector<bool> back = AssignArms(names, "trial", 1);
  EXPECT_EQ(std::vector<bool>(back.rbegin(), back.rend()), is_b);
  std::ranges::reverse(names);
  EXPECT_NE(AssignArms(names, "trial", 2), is_b);
  EXPECT_NE(AssignArms(names, "other", 1), is_b);
  EXPECT_TRUE(AssignArms({}, "trial", 1).empty());
}

// Over many seeds every name is in b as often as not, and pairs of neighbours as often together as
// chance has it. 50 / 99 of pairs of a hundred names are apart.
TEST(Assignment, IsAtRandom) {
  const std::vector<std::string> names = Names(100);
  std::vector<int> in_b(names.size());
  int apart = 0;
  constexpr int kSeeds = 2000;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const std::vector<bool> is_b = AssignArms(names, "trial", seed);
    for (size_t i = 0; i < names.size(); ++i) {
      in_b[i] += is_b[i] ? 1 : 0;
      if (i > 0) apart += is_b[i] != is_b[i - 1] ? 1 : 0;
    }
  }
  // Five deviations of a binomial.
  for (const int count : in_b) EXPECT_NEAR(count, kSeeds / 2, 5 * std::sqrt(kSeeds) / 2);
  EXPECT_NEAR(apart / (99.0 * kSeeds), 50 / 99.0, 0.01);
}

}  // namespace
}  // namespace stockd::reports
