#include "daemon/fulfilment/sourcing.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "daemon/base/check.h"
#include "daemon/fulfilment/cover_search.h"
#include "daemon/fulfilment/fill_search.h"
#include "daemon/fulfilment/greedy_cover.h"
#include "daemon/fulfilment/sourcing_table.h"

namespace stockd::fulfilment {
namespace {

void CheckInput(std::span<const CartLine> cart, std::span<const Candidate> candidates,
                size_t parcels_max) {
  STOCKD_CHECK(!cart.empty() && cart.size() <= kCartLinesMax);
  STOCKD_CHECK(candidates.size() <= kCandidatesMax);
  STOCKD_CHECK(parcels_max <= kParcelsLimitMax);
  std::set<ItemId> items;
  for (const CartLine& line : cart) {
    STOCKD_CHECK(line.quantity > 0 && line.quantity <= kFigureMax);
    STOCKD_CHECK(items.insert(line.item).second);
  }
  std::set<LocationId> locations;
  for (const Candidate& candidate : candidates) {
    STOCKD_CHECK(candidate.available.size() == cart.size());
    STOCKD_CHECK(candidate.parcel_cost_micros >= 0 &&
                 candidate.parcel_cost_micros <= kParcelCostMax);
    STOCKD_CHECK(candidate.scarcity_weight >= 0 && candidate.scarcity_weight <= kScarcityWeightMax);
    STOCKD_CHECK(locations.insert(candidate.location).second);
  }
}

// One call of PlanSourcing().
class Planning {
 public:
  Planning(std::span<const CartLine> cart, std::span<const Candidate> candidates,
           const SourcingOptions& options)
      : cart_(cart), options_(options), table_(cart, candidates) {
    if (options.parcels_max > 0) parcels_max_ = options.parcels_max;
  }

  SourcingPlan Run() {
    if (IsShort()) return std::move(plan_);
    const size_t floor = table_.parcels_floor();
    if (floor == 0) {
      Take({.scarcity = table_.Scarcity({})});
      plan_.bound = plan_.merit;
      return std::move(plan_);
    }
    Cover greedy = GreedyCover(table_);
    plan_.parcels_enough = greedy.chosen.size();
    if (greedy.chosen.size() <= parcels_max_) best_ = std::move(greedy);
    SearchCovers(floor);
    if (best_) {
      if (unfinished_) Polish();
      Take(*best_);
      plan_.parcels_enough = 0;
      StateBound();
    } else if (options_.allow_partial) {
      FillMost();
    } else {
      plan_.outcome = unfinished_ ? SourcingOutcome::kUndecided : SourcingOutcome::kTooManyParcels;
      plan_.exact = !unfinished_;
      plan_.bound.parcels = unfinished_ ? unfinished_->parcels : std::max(floor, parcels_max_ + 1);
    }
    return std::move(plan_);
  }

 private:
  bool IsShort() {
    Quantity units = 0;
    for (size_t line = 0; line < cart_.size(); ++line) {
      units += table_.target(line);
      if (options_.allow_partial || table_.target(line) == cart_[line].quantity) continue;
      plan_.outcome = SourcingOutcome::kShort;
      plan_.short_line = line;
      plan_.short_available = table_.target(line);
      return true;
    }
    if (units > 0) return false;
    plan_.outcome = SourcingOutcome::kShort;
    return true;
  }

  // From the fewest parcels upwards; the first number that has a cover has the best.
  void SearchCovers(size_t floor) {
    CoverSearch search(table_);
    for (size_t parcels = floor; parcels <= parcels_max_; ++parcels) {
      if (best_ && best_->chosen.size() < parcels) return;
      if (parcels > kParcelsLimitMax) {
        if (!unfinished_) unfinished_ = {.parcels = parcels, .cost_micros = CheapestCost(parcels)};
        return;
      }
      const bool is_last = best_ && best_->chosen.size() == parcels;
      // The last number may use up what is left. Others leave half of it.
      const int64_t share = is_last ? steps_left() : steps_left() / 2;
      StepBudget budget(share);
      CoverSearch::Result result = search.Search(parcels, is_last ? best_ : std::nullopt, budget);
      plan_.steps += share - budget.left();
      if (!result.complete && !unfinished_) {
        unfinished_ = {.parcels = parcels, .cost_micros = result.cost_floor};
      }
      if (result.best) {
        best_ = std::move(result.best);
        return;
      }
    }
  }

  // No set of so many locations costs less.
  int64_t CheapestCost(size_t parcels) const {
    int64_t sum = 0;
    for (size_t i = 0; i < parcels; ++i) sum += table_.cost(table_.open() + i);
    return sum;
  }

  void Polish() {
    const int64_t share = options_.steps_max / 4;
    StepBudget budget(share);
    best_ = Exchanged(table_, std::move(*best_), budget);
    plan_.steps += share - budget.left();
  }

  void StateBound() {
    plan_.bound = plan_.merit;
    if (!unfinished_) return;
    const Merit floor{.units = plan_.merit.units,
                      .parcels = unfinished_->parcels,
                      .cost_micros = unfinished_->cost_micros,
                      .scarcity = table_.scarcity_floor()};
    if (Better(floor, plan_.merit)) plan_.bound = floor;
    plan_.exact = plan_.bound == plan_.merit;
  }

  void FillMost() {
    const int64_t share = std::max<int64_t>(steps_left(), options_.steps_max / 4);
    StepBudget budget(share);
    FillSearch::Result result = FillSearch(table_, budget).Search(parcels_max_);
    plan_.steps += share - budget.left();
    Take(result.best);
    plan_.parcels_enough = 0;
    plan_.bound = plan_.merit;
    if (unfinished_) {
      // It may be that all can be filled.
      result.complete = false;
      for (size_t line = 0; line < cart_.size(); ++line) result.units_max += table_.target(line);
    }
    if (result.complete || result.units_max < plan_.merit.units) return;
    plan_.exact = false;
    plan_.bound = {.units = result.units_max};
  }

  // Makes the cover the plan.
  void Take(const Cover& cover) {
    plan_.merit.scarcity = cover.scarcity;
    for (const auto& [i, line, quantity] : table_.Allocate(cover.chosen)) {
      plan_.shares.push_back({.location = table_.location(i), .line = line, .quantity = quantity});
      plan_.merit.units += quantity;
    }
    std::ranges::sort(plan_.shares, {},
                      [](const Share& share) { return std::tuple(share.location, share.line); });
    for (const Share& share : plan_.shares) {
      if (plan_.parcels.empty() || plan_.parcels.back() != share.location) {
        plan_.parcels.push_back(share.location);
      }
    }
    for (const uint32_t i : cover.chosen) {
      if (!std::ranges::binary_search(plan_.parcels, table_.location(i))) continue;
      ++plan_.merit.parcels;
      plan_.merit.cost_micros += table_.cost(i);
    }
  }

  int64_t steps_left() const { return std::max<int64_t>(0, options_.steps_max - plan_.steps); }

  struct Unfinished {
    size_t parcels = 0;  // The fewest that nobody knows whether they are enough.
    int64_t cost_micros = 0;
  };

  const std::span<const CartLine> cart_;
  const SourcingOptions& options_;
  SourcingTable table_;
  size_t parcels_max_ = std::numeric_limits<size_t>::max();
  std::optional<Cover> best_;
  std::optional<Unfinished> unfinished_;
  SourcingPlan plan_;
};

}  // namespace

std::vector<CartLine> AddUp(std::span<const CartLine> cart) {
  std::vector<CartLine> sums;
  std::map<ItemId, size_t> places;
  for (const CartLine& line : cart) {
    const auto [at, is_new] = places.try_emplace(line.item, sums.size());
    if (is_new) {
      sums.push_back(line);
    } else {
      sums[at->second].quantity += line.quantity;
    }
  }
  return sums;
}

bool Better(const Merit& left, const Merit& right) {
  return std::tuple(-left.units, left.parcels, left.cost_micros, left.scarcity) <
         std::tuple(-right.units, right.parcels, right.cost_micros, right.scarcity);
}

std::string_view ToString(SourcingOutcome outcome) {
  switch (outcome) {
    case SourcingOutcome::kPlanned: return "planned";
    case SourcingOutcome::kShort: return "short";
    case SourcingOutcome::kTooManyParcels: return "too many parcels";
    case SourcingOutcome::kUndecided: return "undecided";
  }
  return "unknown";
}

SourcingPlan PlanSourcing(std::span<const CartLine> cart, std::span<const Candidate> candidates,
                          const SourcingOptions& options) {
  CheckInput(cart, candidates, options.parcels_max);
  return Planning(cart, candidates, options).Run();
}

}  // namespace stockd::fulfilment
