#include "tests/fulfilment/brute_force.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <set>
#include <tuple>

namespace stockd::fulfilment {
namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

int64_t Rate(const Candidate& candidate, size_t line) {
  return candidate.available[line] <= 0
             ? 1'000'000'001
             : int64_t{candidate.scarcity_weight} * 1'000'000 / candidate.available[line];
}

// For 0 to `wanted` units the least scarcity at which the locations can fill so many.
std::vector<int64_t> LeastScarcity(const std::vector<const Candidate*>& locations, size_t line,
                                   Quantity wanted) {
  std::vector<int64_t> least(static_cast<size_t>(wanted) + 1, kNever);
  least[0] = 0;
  for (const Candidate* location : locations) {
    std::vector<int64_t> with = least;
    for (size_t before = 0; before < least.size(); ++before) {
      if (least[before] == kNever) continue;
      for (Quantity units = 1; units <= location->available[line]; ++units) {
        const size_t after = before + static_cast<size_t>(units);
        if (after >= least.size()) break;
        with[after] = std::min(with[after], least[before] + units * Rate(*location, line));
      }
    }
    least = std::move(with);
  }
  return least;
}

Merit Judge(std::span<const CartLine> cart, const std::vector<const Candidate*>& locations) {
  Merit merit;
  for (const Candidate* location : locations) {
    if (location->has_parcel) continue;
    ++merit.parcels;
    merit.cost_micros += location->parcel_cost_micros;
  }
  for (size_t line = 0; line < cart.size(); ++line) {
    const std::vector<int64_t> least = LeastScarcity(locations, line, cart[line].quantity);
    size_t most = least.size() - 1;
    while (least[most] == kNever) --most;
    merit.units += static_cast<Quantity>(most);
    merit.scarcity += least[most];
  }
  return merit;
}

// The place of a location in rule 5.
std::tuple<int64_t, int64_t, LocationId> Place(const Candidate& candidate) {
  int64_t rates = 0;
  for (size_t line = 0; line < candidate.available.size(); ++line) rates += Rate(candidate, line);
  return {candidate.parcel_cost_micros, rates, candidate.location};
}

using Places = std::vector<std::tuple<int64_t, int64_t, LocationId>>;

Places PlacesOf(const std::vector<const Candidate*>& locations) {
  Places places;
  for (const Candidate* location : locations) {
    if (!location->has_parcel) places.push_back(Place(*location));
  }
  std::ranges::sort(places);
  return places;
}

}  // namespace

std::optional<BruteForcePlan> BruteForce(std::span<const CartLine> cart,
                                         std::span<const Candidate> candidates,
                                         const SourcingOptions& options) {
  Quantity wanted = 0;
  for (const CartLine& line : cart) wanted += line.quantity;
  std::optional<BruteForcePlan> best;
  Places best_places;
  for (uint32_t set = 0; set < 1U << candidates.size(); ++set) {
    std::vector<const Candidate*> locations;
    for (size_t i = 0; i < candidates.size(); ++i) {
      if ((set >> i & 1) != 0) locations.push_back(&candidates[i]);
    }
    const Merit merit = Judge(cart, locations);
    if (options.parcels_max > 0 && merit.parcels > options.parcels_max) continue;
    if (options.allow_partial ? merit.units == 0 : merit.units < wanted) continue;
    if (best && Better(best->merit, merit)) continue;
    const Places places = PlacesOf(locations);
    if (best && best->merit == merit && best_places <= places) continue;
    best = {.merit = merit, .new_parcels = {}};
    best_places = places;
    for (const auto& place : places) best->new_parcels.push_back(std::get<2>(place));
    std::ranges::sort(best->new_parcels);
  }
  return best;
}

std::string FindFault(std::span<const CartLine> cart, std::span<const Candidate> candidates,
                      const SourcingOptions& options, const SourcingPlan& plan) {
  std::map<LocationId, const Candidate*> known;
  for (const Candidate& candidate : candidates) known[candidate.location] = &candidate;
  std::vector<Quantity> filled(cart.size(), 0);
  std::set<LocationId> used;
  std::set<std::pair<LocationId, size_t>> seen;
  Merit merit;
  for (const Share& share : plan.shares) {
    if (!known.contains(share.location)) return "a share from nowhere";
    if (!seen.insert({share.location, share.line}).second) return "two shares of one position";
    const Candidate& candidate = *known[share.location];
    if (share.quantity <= 0) return "a share of nothing";
    if (share.quantity > candidate.available[share.line]) return "more than there is";
    filled[share.line] += share.quantity;
    merit.units += share.quantity;
    merit.scarcity += share.quantity * Rate(candidate, share.line);
    if (used.insert(share.location).second && !candidate.has_parcel) {
      ++merit.parcels;
      merit.cost_micros += candidate.parcel_cost_micros;
    }
  }
  for (size_t line = 0; line < cart.size(); ++line) {
    if (filled[line] > cart[line].quantity) return "more than asked for";
    if (!options.allow_partial && filled[line] < cart[line].quantity) return "less than asked for";
  }
  if (plan.merit != merit) return "not the merit that it states";
  if (!std::ranges::equal(plan.parcels, used)) return "not the parcels that it states";
  if (options.parcels_max > 0 && merit.parcels > options.parcels_max) return "too many parcels";
  if (Better(plan.merit, plan.bound)) return "better than its bound";
  if (plan.exact && plan.merit != plan.bound) return "exact, yet with another bound";
  return "";
}

}  // namespace stockd::fulfilment
