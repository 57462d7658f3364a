#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/base/ids.h"
#include "daemon/base/quantity.h"

namespace stockd::fulfilment {

inline constexpr size_t kCartLinesMax = 200;
inline constexpr size_t kCandidatesMax = 5000;
// The largest limit on parcels, and the largest number of parcels that plans are searched for with:
// one of more is made of what stands out, and exact only if it is as cheap as any could be.
inline constexpr size_t kParcelsLimitMax = 64;
inline constexpr int64_t kParcelCostMax = 1'000'000'000'000'000;  // One thousand million units.
inline constexpr int32_t kScarcityWeightMax = 1000;

// Units of one item that a customer wants.
struct CartLine {
  ItemId item = kNoItem;
  Quantity quantity = 0;

  friend bool operator==(const CartLine&, const CartLine&) = default;
};

// The lines with those of the same item added up, at the place of the first.
std::vector<CartLine> AddUp(std::span<const CartLine> cart);

// A location that may send a parcel.
struct Candidate {
  LocationId location = kNoLocation;
  // For each line of the cart what may be promised there; below 0 counts as 0.
  std::vector<Quantity> available;
  // What a parcel from here costs: distance and handling, in millionths of the currency's unit.
  int64_t parcel_cost_micros = 0;
  // How much this location's stock is to be protected: 0, not at all, to kScarcityWeightMax.
  int32_t scarcity_weight = kScarcityWeightMax;
  // A parcel leaves here anyway: more in it costs nothing and is no further parcel.
  bool has_parcel = false;
};

struct SourcingOptions {
  size_t parcels_max =
      0;  // At most kParcelsLimitMax; 0: no limit. Parcels that leave anyway do not count.
  bool allow_partial = false;  // Rather some units than none.
  // Bounds the search. A step takes some tenths of a microsecond.
  int64_t steps_max = 100'000;
};

// Units of one line from one location.
struct Share {
  LocationId location = kNoLocation;
  size_t line = 0;
  Quantity quantity = 0;

  friend bool operator==(const Share&, const Share&) = default;
};

// What a plan is judged by. The better of two plans is the one that is better in the first of these
// in which they differ:
// 1. units: more of the cart filled. Plans that need not be partial fill all of it.
// 2. parcels: fewer, counted without those that leave anyway.
// 3. cost_micros: less, the sum of their parcel costs.
// 4. scarcity: less. A share weighs quantity x rate, where rate = scarcity_weight x 1,000,000 /
//    available units of the item there, rounded down: the share of a location's stock that the plan
//    takes away. One that empties the shelf of an ordinary store weighs 10^9; the same units out of
//    a hundred times the stock weigh a hundredth.
// 5. The locations themselves, so that one best plan exists: of two lists, each in the order of
//    parcel cost, sum of rates (10^9 + 1 for a line it has nothing of) and location number, the one
//    with the earlier location at the first difference.
struct Merit {
  Quantity units = 0;
  size_t parcels = 0;
  int64_t cost_micros = 0;
  int64_t scarcity = 0;

  friend bool operator==(const Merit&, const Merit&) = default;
};

// Whether the first four rank `left` before `right`.
bool Better(const Merit& left, const Merit& right);

enum class SourcingOutcome : uint8_t {
  kPlanned,         // All of the cart; with allow_partial as much as there is.
  kShort,           // All locations together cannot fill `short_line`, the first such; or with
                    // allow_partial: there is nothing at all.
  kTooManyParcels,  // It takes more than parcels_max: at least `bound.parcels`.
  kUndecided,       // Within steps_max no plan of parcels_max was found, nor that there is none.
};

std::string_view ToString(SourcingOutcome outcome);

struct SourcingPlan {
  SourcingOutcome outcome = SourcingOutcome::kPlanned;

  // kPlanned. Within a set of locations each line takes what it needs where the rate is lowest; of
  // equal rates first where a parcel leaves anyway, then in the order of 5.
  std::vector<Share> shares;        // By location number, then line.
  std::vector<LocationId> parcels;  // The locations of the shares, by number.
  Merit merit;

  // Whether this is the best plan, or `bound` is. Otherwise no plan is better than `bound`, so that
  // the difference to `merit` is the most that was missed. kShort and kTooManyParcels are always
  // proved.
  bool exact = true;
  Merit bound;

  // kShort: which line, and what there is of it.
  size_t short_line = 0;
  Quantity short_available = 0;
  // kTooManyParcels, kUndecided: so many parcels are enough.
  size_t parcels_enough = 0;

  int64_t steps = 0;  // Of the search.
};

// Where to take a cart from. The same input gives the same plan, in whatever order the candidates
// come. Pure.
//
// REQUIRES: 1 to kCartLinesMax lines with different items and quantities in [1, kFigureMax]; at
// most kCandidatesMax candidates with different locations, each with one figure of availability
// for each line; costs in [0, kParcelCostMax], weights in [0, kScarcityWeightMax]; parcels_max in
// [0, kParcelsLimitMax].
SourcingPlan PlanSourcing(std::span<const CartLine> cart, std::span<const Candidate> candidates,
                          const SourcingOptions& options);

}  // namespace stockd::fulfilment
