#pragma once

#include <span>
#include <vector>

#include "daemon/fulfilment/location_set.h"
#include "daemon/fulfilment/sourcing.h"

namespace stockd::fulfilment {

// Counts the steps of a search down, so that each takes about as long: judging a set of locations
// costs one, and one more for each eight of them; a node, where the rest of the search is bounded
// for all locations, also one for each 2000 figures that it looks at.
class StepBudget {
 public:
  explicit StepBudget(int64_t steps) : left_(steps) {}
  // False when they are used up.
  bool Judge(size_t locations) { return Spend(1 + static_cast<int64_t>(locations / 8)); }
  bool Node(size_t locations, size_t figures) {
    return Spend(2 + static_cast<int64_t>(locations / 8 + figures / 2000));
  }
  int64_t left() const { return left_ < 0 ? 0 : left_; }

 private:
  bool Spend(int64_t steps) {
    left_ -= steps;
    return left_ >= 0;
  }

  int64_t left_;
};

// Locations that fill all targets together, by ascending number of the table.
struct Cover {
  std::vector<uint32_t> chosen;
  int64_t cost_micros = 0;
  int64_t scarcity = 0;
};

// A cart and its candidates in the form that the searches want: figures of one line side by side,
// locations numbered in the order in which a plan prefers them when all else is equal.
//
// Numbers below open() are the locations where a parcel leaves anyway: every search may use them.
// Locations that have nothing of the cart are left out.
class SourcingTable {
 public:
  // A line's need is counted in parts of this many, so that lines of different size can be added.
  static constexpr int64_t kParts = 4096;
  // Stands for the rate where there is nothing.
  static constexpr int64_t kRateNone = 1'000'000'001;

  // REQUIRES: what PlanSourcing() does.
  SourcingTable(std::span<const CartLine> cart, std::span<const Candidate> candidates);

  size_t lines() const { return targets_.size(); }
  size_t size() const { return locations_.size(); }
  size_t figures() const { return lines() * size(); }
  size_t open() const { return open_; }
  LocationId location(size_t i) const { return locations_[i]; }
  int64_t cost(size_t i) const { return costs_[i]; }

  // Units to fill: what is asked for, or what there is if that is less.
  Quantity target(size_t line) const { return targets_[line]; }
  // What the open locations leave of the target.
  Quantity need(size_t line) const { return needs_[line]; }
  // The figures of a line, by location. Units to be had, at most the target:
  const Quantity* takes(size_t line) const { return takes_.data() + line * size(); }
  const int64_t* rates(size_t line) const { return rates_.data() + line * size(); }
  // The same units as parts of the need, rounded up, times the line's weight. 0 when nothing is
  // needed.
  const int32_t* parts(size_t line) const { return parts_.data() + line * size(); }
  // The locations that are not open and have some of the line, most units first.
  std::span<const uint32_t> by_take(size_t line) const { return by_take_[line]; }
  // The locations that are not open and have all that is needed of the line.
  const LocationSet& covers(size_t line) const { return covers_[line]; }

  // `units` as parts of the line's need, rounded down, times its weight. REQUIRES: the line needs
  // something, and not less than that.
  int32_t PartsOf(size_t line, Quantity units) const;
  // Gives the lines weights at which no location stands out: those that few locations have, or
  // little of, weigh more. However they are weighed, locations whose parts add up to less than all
  // needs do not fill the cart; such weights make that tell the most. They start equal.
  void WeighLines();

  // The least scarcity at which the open locations and `chosen` fill the targets as far as they
  // can.
  int64_t Scarcity(std::span<const uint32_t> chosen) const;
  // The shares of that, by line; of a line by rate and number.
  struct TableShare {
    uint32_t i;
    size_t line;
    Quantity quantity;
  };
  std::vector<TableShare> Allocate(std::span<const uint32_t> chosen) const;
  // What Scarcity() would be if every location could be used: no plan has less.
  int64_t scarcity_floor() const { return scarcity_floor_; }

  // The fewest locations that can fill any one of the lines: no plan has fewer parcels.
  size_t parcels_floor() const;

  // Locations, without the open ones, that can be part of the best plan of `parcels` parcels when
  // none of fewer parcels fills the targets. Left out is what `parcels` others surpass: no less of
  // any line, at no higher cost or rate; for one of these can take its place. One that has the
  // whole need of all that the other has is enough: beside it the other is of no use.
  LocationSet Undominated(size_t parcels);

 private:
  template <typename Take>
  void Fill(size_t line, std::span<const uint32_t> chosen, Take take) const;
  int64_t ScarcityFloor(size_t line) const;
  void FillFigures(std::span<const Candidate> candidates, std::span<const uint32_t> order);
  void CountDominators();
  bool Surpasses(size_t left, size_t right, bool& alone, int64_t& comparisons) const;

  size_t open_ = 0;
  std::vector<LocationId> locations_;
  std::vector<int64_t> costs_;
  std::vector<Quantity> targets_;
  std::vector<Quantity> needs_;
  std::vector<Quantity> takes_;  // These three by line, then location.
  std::vector<int64_t> rates_;
  std::vector<int32_t> parts_;
  std::vector<int32_t> weights_;  // By line; 1 until they are weighed.
  std::vector<std::vector<uint32_t>> by_take_;
  std::vector<LocationSet> covers_;
  int64_t scarcity_floor_ = 0;
  std::vector<size_t> dominators_;  // By location; empty until asked for.
};

}  // namespace stockd::fulfilment
