// Plans against every possible plan, on thousands of small random carts.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

#include "tests/fulfilment/brute_force.h"
#include "tests/fulfilment/random_carts.h"
#include "tests/support/seeds.h"

namespace stockd::fulfilment {
namespace {

using Planner = std::function<SourcingPlan(const SourcingCase&)>;

SourcingPlan Plan(const SourcingCase& given) {
  return PlanSourcing(given.cart, given.candidates, given.options);
}

std::vector<LocationId> NewParcels(const SourcingCase& given, const SourcingPlan& plan) {
  std::vector<LocationId> parcels;
  for (const LocationId location : plan.parcels) {
    const auto candidate = std::ranges::find(given.candidates, location, &Candidate::location);
    if (!candidate->has_parcel) parcels.push_back(location);
  }
  return parcels;
}

std::string Text(const Merit& merit) {
  return std::to_string(merit.units) + " units, " + std::to_string(merit.parcels) + " parcels, " +
         std::to_string(merit.cost_micros) + " micros, scarcity " + std::to_string(merit.scarcity);
}

// What is wrong with the plan of a case; empty: nothing.
std::string Judge(const SourcingCase& given, const Planner& planner) {
  const SourcingPlan plan = planner(given);
  const auto best = BruteForce(given.cart, given.candidates, given.options);
  if (plan.outcome != SourcingOutcome::kPlanned) {
    if (best) return "refused what can be had: " + Text(best->merit);
    if (!plan.exact) return "does not know";
    if (plan.outcome == SourcingOutcome::kShort) return "";
    // It is the limit alone that stands in the way.
    SourcingCase unlimited = given;
    unlimited.options.parcels_max = 0;
    const auto enough = BruteForce(given.cart, given.candidates, unlimited.options);
    if (!enough) return "blames the limit for what there is not";
    if (plan.bound.parcels > enough->merit.parcels) return "says that it takes more than it does";
    if (plan.parcels_enough < enough->merit.parcels) return "says that fewer are enough";
    return "";
  }
  if (!best) return "planned what cannot be had";
  const std::string fault = FindFault(given.cart, given.candidates, given.options, plan);
  if (!fault.empty()) return fault;
  if (plan.merit != best->merit) return Text(plan.merit) + ", not " + Text(best->merit);
  if (!plan.exact) return "does not know that it is the best";
  if (NewParcels(given, plan) != best->new_parcels) return "not the locations that come first";
  return "";
}

TEST(SourcingProperty, IsAsGoodAsEveryPossiblePlan) {
  support::ForEachSeed(20'000, [](uint64_t seed) {
    support::Random random(seed);
    const SourcingCase given = RandomCase(random);
    EXPECT_EQ(Judge(given, Plan), "");
  });
}

// The order in which a caller found the locations must not decide who ships.
TEST(SourcingProperty, DoesNotDependOnTheOrderOfCandidates) {
  support::ForEachSeed(500, [](uint64_t seed) {
    support::Random random(seed);
    SourcingCase given = RandomCart(
        random,
        {.percent = 30 + random.Below(60), .quantity_max = 4, .equal_costs = random.Percent(50)});
    given.options.steps_max = random.Percent(50) ? 200 : 20'000;
    const SourcingPlan plan = Plan(given);
    random.Shuffle(given.candidates);
    const SourcingPlan again = Plan(given);
    EXPECT_EQ(plan.shares, again.shares);
    EXPECT_EQ(plan.merit, again.merit);
    EXPECT_EQ(plan.bound, again.bound);
  });
}

// With hardly any steps plans are worse, but never wrong, and the bound is never above the truth.
TEST(SourcingProperty, StatesATrueBoundWhenItGivesUp) {
  int inexact = 0;
  int undecided = 0;
  support::ForEachSeed(20'000, [&](uint64_t seed) {
    support::Random random(seed);
    SourcingCase given = RandomCase(random);
    given.options.steps_max = random.Between(0, 30);
    const SourcingPlan plan = Plan(given);
    const auto best = BruteForce(given.cart, given.candidates, given.options);
    if (plan.outcome == SourcingOutcome::kUndecided) {
      ++undecided;
      EXPECT_FALSE(plan.exact);
      return;
    }
    if (plan.outcome != SourcingOutcome::kPlanned) {
      EXPECT_FALSE(best);
      return;
    }
    ASSERT_TRUE(best);
    EXPECT_EQ(FindFault(given.cart, given.candidates, given.options, plan), "");
    EXPECT_FALSE(Better(best->merit, plan.bound))
        << Text(best->merit) << ", not " << Text(plan.bound);
    if (plan.exact) EXPECT_EQ(plan.merit, best->merit);
    if (!plan.exact) ++inexact;
  });
  EXPECT_GT(inexact, 0);
  EXPECT_GT(undecided, 0);
}

// The canaries: planners with one bug each. A property that does not catch them proves nothing.
void ExpectCatches(const Planner& planner, int runs) {
  for (int seed = 1; seed <= runs; ++seed) {
    support::Random random(static_cast<uint64_t>(seed));
    if (!Judge(RandomCase(random), planner).empty()) return;
  }
  ADD_FAILURE() << "no seed of " << runs << " catches it";
}

TEST(SourcingProperty, CatchesAPlannerThatForgetsScarcity) {
  ExpectCatches(
      [](SourcingCase given) {
        const SourcingCase asked = given;
        for (Candidate& candidate : given.candidates) candidate.scarcity_weight = 0;
        SourcingPlan plan = Plan(given);
        for (const Share& share : plan.shares) {
          const auto from =
              std::ranges::find(asked.candidates, share.location, &Candidate::location);
          plan.merit.scarcity +=
              share.quantity * from->scarcity_weight * 1'000'000 / from->available[share.line];
        }
        plan.bound = plan.merit;
        return plan;
      },
      200);
}

TEST(SourcingProperty, CatchesAPlannerThatDropsADearerLocation) {
  ExpectCatches(
      [](SourcingCase given) {
        if (given.candidates.size() > 2) {
          given.candidates.erase(
              std::ranges::max_element(given.candidates, {}, &Candidate::parcel_cost_micros));
        }
        return Plan(given);
      },
      200);
}

TEST(SourcingProperty, CatchesAPlannerThatTakesTheFirstThatFits) {
  ExpectCatches(
      [](SourcingCase given) {
        given.options.steps_max = 0;
        SourcingPlan plan = Plan(given);
        plan.exact = true;
        plan.bound = plan.merit;
        return plan;
      },
      200);
}

TEST(SourcingProperty, CatchesAPlannerThatTakesOneUnitTooMany) {
  ExpectCatches(
      [](const SourcingCase& given) {
        SourcingPlan plan = Plan(given);
        if (!plan.shares.empty()) ++plan.shares.front().quantity;
        return plan;
      },
      200);
}

}  // namespace
}  // namespace stockd::fulfilment
