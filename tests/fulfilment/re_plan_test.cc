#include "daemon/fulfilment/re_plan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/fulfilment/brute_force.h"
#include "tests/fulfilment/random_carts.h"
#include "tests/support/seeds.h"

namespace stockd::fulfilment {
namespace {

constexpr LocationId kAnkara{1};
constexpr LocationId kBursa{2};
constexpr LocationId kCorum{3};
constexpr LocationId kDenizli{4};
constexpr ItemId kMug{1};
constexpr ItemId kTea{2};

Candidate At(LocationId location, std::vector<Quantity> available, int64_t cost_micros = 1) {
  return {
      .location = location, .available = std::move(available), .parcel_cost_micros = cost_micros};
}

using Shares = std::vector<Share>;

TEST(RePlan, TheLocationThatLostTheUnitsIsNotAskedAgain) {
  const std::vector<Candidate> candidates = {At(kAnkara, {9}), At(kBursa, {9}, 100)};
  const SourcingPlan plan =
      RePlan({.lines = {{kMug, 2}}, .excluded = {kAnkara}, .in_order = {kAnkara}}, candidates, {});
  EXPECT_EQ(plan.shares, (Shares{{kBursa, 0, 2}}));
  EXPECT_EQ(plan.merit.parcels, 1U);
}

// A new parcel costs more than a scarce unit beside the others that leave anyway.
TEST(RePlan, TheOrdersOtherLocationsComeFirst) {
  const std::vector<Candidate> candidates = {At(kAnkara, {0}), At(kBursa, {2}), At(kCorum, {90})};
  const SourcingPlan plan =
      RePlan({.lines = {{kMug, 2}}, .excluded = {kAnkara}, .in_order = {kBursa}}, candidates, {});
  EXPECT_EQ(plan.shares, (Shares{{kBursa, 0, 2}}));
  EXPECT_EQ(plan.merit.parcels, 0U);
  EXPECT_EQ(plan.merit.cost_micros, 0);
}

TEST(RePlan, WhatTheyDoNotHaveComesInAsFewNewParcelsAsPossible) {
  const std::vector<Candidate> candidates = {At(kAnkara, {5, 5}), At(kBursa, {1, 0}),
                                             At(kCorum, {0, 3}), At(kDenizli, {1, 3}, 50)};
  const SourcingPlan plan = RePlan(
      {.lines = {{kMug, 2}, {kTea, 3}}, .excluded = {kAnkara}, .in_order = {kAnkara, kBursa}},
      candidates, {.parcels_max = 1});
  EXPECT_EQ(plan.shares, (Shares{{kBursa, 0, 1}, {kDenizli, 0, 1}, {kDenizli, 1, 3}}));
  EXPECT_EQ(plan.merit.parcels, 1U);
}

TEST(RePlan, SaysWhatNobodyElseHas) {
  const std::vector<Candidate> candidates = {At(kAnkara, {5, 5}), At(kBursa, {3, 1})};
  const LostUnits lost{.lines = {{kMug, 2}, {kTea, 3}}, .excluded = {kAnkara}};
  const SourcingPlan plan = RePlan(lost, candidates, {});
  EXPECT_EQ(plan.outcome, SourcingOutcome::kShort);
  EXPECT_EQ(plan.short_line, 1U);
  EXPECT_EQ(plan.short_available, 1);
  EXPECT_EQ(RePlan(lost, candidates, {.allow_partial = true}).merit.units, 3);
}

// Against every possible plan, whatever the order's parcels and the excluded ones are.
TEST(RePlan, IsAsGoodAsEveryPossiblePlanOfTheOthers) {
  support::ForEachSeed(2000, [](uint64_t seed) {
    support::Random random(seed);
    const SourcingCase given = RandomCase(random);
    LostUnits lost{.lines = given.cart};
    std::vector<Candidate> others;
    for (const Candidate& candidate : given.candidates) {
      const bool is_excluded = random.Percent(30);
      const bool is_in_order = random.Percent(40);
      if (is_excluded) lost.excluded.push_back(candidate.location);
      if (is_in_order) lost.in_order.push_back(candidate.location);
      if (is_excluded) continue;
      others.push_back(candidate);
      others.back().has_parcel = is_in_order;
    }
    const SourcingPlan plan = RePlan(lost, given.candidates, given.options);
    const auto best = BruteForce(given.cart, others, given.options);
    ASSERT_EQ(plan.outcome == SourcingOutcome::kPlanned, best.has_value());
    if (!best) return;
    EXPECT_EQ(plan.merit, best->merit);
    EXPECT_EQ(FindFault(given.cart, others, given.options, plan), "");
    for (const LocationId location : plan.parcels) {
      EXPECT_EQ(std::ranges::find(lost.excluded, location), lost.excluded.end());
    }
  });
}

}  // namespace
}  // namespace stockd::fulfilment
