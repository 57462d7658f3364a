#include "daemon/fulfilment/sourcing.h"

#include <gtest/gtest.h>

#include <initializer_list>

#include "tests/fulfilment/brute_force.h"
#include "tests/fulfilment/random_carts.h"

namespace stockd::fulfilment {
namespace {

constexpr LocationId kAnkara{1};
constexpr LocationId kBursa{2};
constexpr LocationId kCorum{3};
constexpr LocationId kDenizli{4};

std::vector<CartLine> Cart(std::initializer_list<Quantity> quantities) {
  std::vector<CartLine> cart;
  uint32_t item = 0;
  for (const Quantity quantity : quantities) {
    cart.push_back({.item = ItemId{++item}, .quantity = quantity});
  }
  return cart;
}

Candidate At(LocationId location, std::vector<Quantity> available, int64_t cost_micros = 0) {
  return {
      .location = location, .available = std::move(available), .parcel_cost_micros = cost_micros};
}

using Shares = std::vector<Share>;

TEST(Sourcing, OneParcelIsBetterThanTwoCheapOnes) {
  const auto cart = Cart({1, 1});
  const std::vector<Candidate> candidates = {At(kAnkara, {1, 0}, 1), At(kBursa, {0, 1}, 1),
                                             At(kCorum, {1, 1}, 1'000'000)};
  const SourcingPlan plan = PlanSourcing(cart, candidates, {});
  EXPECT_EQ(plan.shares, (Shares{{kCorum, 0, 1}, {kCorum, 1, 1}}));
  EXPECT_EQ(plan.merit.parcels, 1U);
  EXPECT_TRUE(plan.exact);
}

TEST(Sourcing, OfEquallyManyParcelsTheCheaperOnesGo) {
  const auto cart = Cart({1, 1});
  const std::vector<Candidate> candidates = {At(kAnkara, {9, 0}, 7), At(kBursa, {1, 0}, 3),
                                             At(kCorum, {0, 5}, 2), At(kDenizli, {0, 9}, 3)};
  const SourcingPlan plan = PlanSourcing(cart, candidates, {});
  EXPECT_EQ(plan.parcels, (std::vector{kBursa, kCorum}));
  EXPECT_EQ(plan.merit.cost_micros, 5);
}

// The last unit of a shop is worth more to it than one of many to another.
TEST(Sourcing, AtEqualCostTheScarceStoreIsSpared) {
  const auto cart = Cart({1});
  const std::vector<Candidate> candidates = {At(kAnkara, {1}), At(kBursa, {20}), At(kCorum, {3})};
  const SourcingPlan plan = PlanSourcing(cart, candidates, {});
  EXPECT_EQ(plan.shares, (Shares{{kBursa, 0, 1}}));
  EXPECT_EQ(plan.merit.scarcity, 50'000'000);
}

TEST(Sourcing, AWarehouseIsProtectedLessThanAStore) {
  const auto cart = Cart({2});
  std::vector<Candidate> candidates = {At(kAnkara, {10}), At(kBursa, {4})};
  candidates[1].scarcity_weight = 100;
  EXPECT_EQ(PlanSourcing(cart, candidates, {}).shares, (Shares{{kBursa, 0, 2}}));
}

TEST(Sourcing, ALineIsSplitWhenNobodyHasAllOfIt) {
  const auto cart = Cart({5, 1});
  const std::vector<Candidate> candidates = {At(kAnkara, {3, 0}), At(kBursa, {4, 1})};
  const SourcingPlan plan = PlanSourcing(cart, candidates, {});
  EXPECT_EQ(plan.shares, (Shares{{kAnkara, 0, 1}, {kBursa, 0, 4}, {kBursa, 1, 1}}));
}

TEST(Sourcing, SaysWhichLineCannotBeFilledAndWhatThereIs) {
  const auto cart = Cart({1, 5, 9});
  const std::vector<Candidate> candidates = {At(kAnkara, {3, 2, 0}), At(kBursa, {4, 1, -7})};
  const SourcingPlan plan = PlanSourcing(cart, candidates, {});
  EXPECT_EQ(plan.outcome, SourcingOutcome::kShort);
  EXPECT_EQ(plan.short_line, 1U);
  EXPECT_EQ(plan.short_available, 3);
  EXPECT_TRUE(plan.exact);
}

TEST(Sourcing, NoLocationsAtAllIsAShortage) {
  EXPECT_EQ(PlanSourcing(Cart({1}), {}, {}).outcome, SourcingOutcome::kShort);
  EXPECT_EQ(PlanSourcing(Cart({1}), {}, {.allow_partial = true}).outcome, SourcingOutcome::kShort);
}

TEST(Sourcing, SaysHowManyParcelsItWouldTake) {
  const auto cart = Cart({1, 1, 1});
  const std::vector<Candidate> candidates = {At(kAnkara, {1, 0, 0}), At(kBursa, {0, 1, 0}),
                                             At(kCorum, {0, 0, 1})};
  const SourcingPlan plan = PlanSourcing(cart, candidates, {.parcels_max = 2});
  EXPECT_EQ(plan.outcome, SourcingOutcome::kTooManyParcels);
  EXPECT_EQ(plan.bound.parcels, 3U);
  EXPECT_EQ(plan.parcels_enough, 3U);
}

TEST(Sourcing, APartialPlanFillsWhatTheParcelsAllow) {
  const auto cart = Cart({4, 4, 4});
  const std::vector<Candidate> candidates = {At(kAnkara, {4, 0, 0}), At(kBursa, {0, 3, 2}),
                                             At(kCorum, {0, 0, 3})};
  const SourcingPlan one =
      PlanSourcing(cart, candidates, {.parcels_max = 1, .allow_partial = true});
  EXPECT_EQ(one.parcels, (std::vector{kBursa}));
  EXPECT_EQ(one.merit.units, 5);
  const SourcingPlan all = PlanSourcing(cart, candidates, {.allow_partial = true});
  EXPECT_EQ(all.merit.units, 11);
  EXPECT_EQ(all.merit.parcels, 3U);
  EXPECT_TRUE(all.exact);
}

TEST(Sourcing, AParcelThatLeavesAnywayIsUsedFirst) {
  const auto cart = Cart({2, 1});
  std::vector<Candidate> candidates = {At(kAnkara, {1, 1}, 50), At(kBursa, {9, 0}, 1),
                                       At(kCorum, {9, 9}, 2)};
  candidates[0].has_parcel = true;
  const SourcingPlan plan = PlanSourcing(cart, candidates, {});
  EXPECT_EQ(plan.parcels, (std::vector{kAnkara, kBursa}));
  EXPECT_EQ(plan.merit.parcels, 1U);
  EXPECT_EQ(plan.merit.cost_micros, 1);
}

TEST(Sourcing, WhatLeavesAnywayMayBeEnough) {
  const auto cart = Cart({2});
  std::vector<Candidate> candidates = {At(kAnkara, {1}), At(kBursa, {1}), At(kCorum, {9})};
  candidates[0].has_parcel = candidates[1].has_parcel = true;
  const SourcingPlan plan = PlanSourcing(cart, candidates, {.parcels_max = 1});
  EXPECT_EQ(plan.parcels, (std::vector{kAnkara, kBursa}));
  EXPECT_EQ(plan.merit.parcels, 0U);
  EXPECT_TRUE(plan.exact);
}

TEST(Sourcing, TheLargestFiguresDoNotOverflow) {
  std::vector<CartLine> cart;
  for (uint32_t item = 1; item <= 20; ++item) {
    cart.push_back({.item = ItemId{item}, .quantity = kFigureMax});
  }
  std::vector<Candidate> candidates;
  for (uint32_t i = 1; i <= 400; ++i) {
    candidates.push_back(At(LocationId{i}, std::vector<Quantity>(cart.size(), kFigureMax / 3 + i),
                            kParcelCostMax - i));
  }
  const SourcingPlan plan = PlanSourcing(cart, candidates, {});
  EXPECT_EQ(plan.merit.parcels, 3U);
  EXPECT_EQ(plan.merit.units, 20 * kFigureMax);
  EXPECT_EQ(plan.merit.cost_micros, 3 * kParcelCostMax - 400 - 399 - 398);
  EXPECT_EQ(FindFault(cart, candidates, {}, plan), "");
}

// A whole chain of one unit each: more parcels than any search could go through.
TEST(Sourcing, AnAbsurdCartEndsWithinItsSteps) {
  const auto cart = Cart({900, 1});
  std::vector<Candidate> candidates;
  for (uint32_t i = 1; i <= 1000; ++i) {
    candidates.push_back(At(LocationId{i}, {1, i % 7 == 0 ? 1 : 0}, 1000 + i % 13));
  }
  const SourcingPlan plan = PlanSourcing(cart, candidates, {.steps_max = 2000});
  EXPECT_EQ(plan.merit.parcels, 900U);
  EXPECT_LE(plan.steps, 2600);  // A quarter more, to improve what was found.
  EXPECT_EQ(FindFault(cart, candidates, {}, plan), "");
}

// The most that may be asked, of a kind that no search can go through.
TEST(Sourcing, TheLargestCartOverTheMostLocationsEnds) {
  support::Random random(1);
  SourcingCase given = RandomCart(random, {.lines = kCartLinesMax,
                                           .locations = kCandidatesMax,
                                           .percent = 10,
                                           .quantity_max = 1000,
                                           .units_max = 9});
  given.options.steps_max = 50'000;
  const SourcingPlan plan = PlanSourcing(given.cart, given.candidates, given.options);
  EXPECT_EQ(plan.outcome, SourcingOutcome::kPlanned);
  EXPECT_EQ(FindFault(given.cart, given.candidates, given.options, plan), "");
  given.options.parcels_max = 64;
  given.options.allow_partial = true;
  const SourcingPlan partial = PlanSourcing(given.cart, given.candidates, given.options);
  EXPECT_EQ(partial.merit.parcels, 64U);
  EXPECT_EQ(FindFault(given.cart, given.candidates, given.options, partial), "");
}

TEST(Sourcing, AnOrdinaryCartIsExactWithinItsSteps) {
  support::Random random(1);
  for (const uint64_t percent : {15, 30, 50, 80, 100}) {
    const SourcingCase given = RandomCart(random, {.percent = percent});
    const SourcingPlan plan = PlanSourcing(given.cart, given.candidates, {});
    EXPECT_TRUE(plan.exact) << percent;
    EXPECT_EQ(FindFault(given.cart, given.candidates, {}, plan), "");
  }
}

TEST(Sourcing, LinesOfTheSameItemAreAddedUpAtTheFirst) {
  const std::vector<CartLine> cart = {{ItemId{7}, 1}, {ItemId{3}, 2}, {ItemId{7}, 4}};
  EXPECT_EQ(AddUp(cart), (std::vector<CartLine>{{ItemId{7}, 5}, {ItemId{3}, 2}}));
}

TEST(Sourcing, WhatIsBetterIsDecidedInOrder) {
  const Merit base{.units = 5, .parcels = 2, .cost_micros = 100, .scarcity = 9};
  EXPECT_TRUE(Better({.units = 6, .parcels = 9, .cost_micros = 900, .scarcity = 99}, base));
  EXPECT_TRUE(Better({.units = 5, .parcels = 1, .cost_micros = 900, .scarcity = 99}, base));
  EXPECT_TRUE(Better({.units = 5, .parcels = 2, .cost_micros = 99, .scarcity = 99}, base));
  EXPECT_TRUE(Better({.units = 5, .parcels = 2, .cost_micros = 100, .scarcity = 8}, base));
  EXPECT_FALSE(Better(base, base));
}

}  // namespace
}  // namespace stockd::fulfilment
