#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "daemon/fulfilment/sourcing_table.h"

namespace stockd::fulfilment {

// Whether `left` is the better of two covers of equally many locations.
bool Cheaper(const Cover& left, const Cover& right);

// Finds the best cover of a given number of locations by branch and bound.
//
// A node is a choice of some locations. It takes the line that the fewest locations can still help
// and tries each of them: of those that follow, one must bring at least its even part of what the
// line needs. Later branches do without the locations of earlier ones, so that no set is met twice.
// Cut off is what cannot fill some line, or all lines together, with as many locations as are left;
// and what cannot be better than the best so far.
class CoverSearch {
 public:
  // The table must outlive it.
  explicit CoverSearch(SourcingTable& table) : table_(table) {}

  struct Result {
    std::optional<Cover> best;  // As good as or better than the one to beat.
    // Within the budget everything was looked at or cut off: `best` is the best of all, or there is
    // none.
    bool complete = true;
    // Otherwise: nothing that was not looked at costs less.
    int64_t cost_floor = 0;
  };

  // `to_beat`, if given, is a cover of so many locations. Covers that could do without one of their
  // locations are not looked for. REQUIRES: parcels > 0, some line needs something.
  Result Search(size_t parcels, std::optional<Cover> to_beat, StepBudget& budget);

 private:
  struct Frame {
    std::vector<Quantity> needs;
    LocationSet allowed;
  };

  void Descend(size_t depth, int64_t cost);
  void Branch(Frame& frame, size_t line, size_t depth, int64_t cost);
  void Close(const Frame& frame, int64_t cost);
  void Offer(int64_t cost);
  void Abandon(int64_t cost_floor);
  // The line to branch on: the fewest allowed locations have its even part. Empty when the allowed
  // ones cannot fill some line.
  std::optional<size_t> HardestLine(const Frame& frame, size_t left) const;
  bool KeepUseful(Frame& frame, size_t left);
  int64_t LargestSum(const LocationSet& allowed, size_t count) const;
  bool MayImprove(const LocationSet& allowed, size_t left, int64_t cost) const;
  // What the cheapest `left` of the allowed cost together; empty when there are not so many.
  std::optional<int64_t> CheapestSum(const LocationSet& allowed, size_t left) const;

  SourcingTable& table_;
  StepBudget* budget_ = nullptr;
  size_t parcels_ = 0;
  int64_t nodes_ = 0;          // That were branched on.
  std::vector<Frame> frames_;  // By depth.
  std::vector<uint32_t> chosen_;
  std::vector<int32_t> gains_;
  Result result_;
};

}  // namespace stockd::fulfilment
