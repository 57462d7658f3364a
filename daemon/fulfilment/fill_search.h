#pragma once

#include <vector>

#include "daemon/fulfilment/sourcing_table.h"

namespace stockd::fulfilment {

// Finds the locations, at most a given number, that fill the most units; of those the fewest, then
// the best cover. For carts that cannot be filled with so few parcels.
//
// Branch and bound: a location never brings more beside others than it would bring now, so the sum
// of the largest gains bounds what can be reached from a node.
class FillSearch {
 public:
  // Both must outlive it.
  FillSearch(SourcingTable& table, StepBudget& budget) : table_(table), budget_(budget) {}

  struct Result {
    Quantity units = 0;  // With those of the open locations.
    Cover best;
    bool complete = true;    // As in CoverSearch.
    Quantity units_max = 0;  // Otherwise: nothing that was not looked at fills more.
  };

  Result Search(size_t parcels_max);

 private:
  struct Gain {
    Quantity units = 0;
    uint32_t i = 0;
  };

  void Descend(const std::vector<Quantity>& needs, LocationSet allowed, Quantity units,
               int64_t cost);
  std::vector<Gain> Gains(const std::vector<Quantity>& needs, const LocationSet& allowed) const;
  // Whether the best of `gains` can lead to something better.
  bool MayImprove(std::span<const Gain> gains, Quantity units, int64_t cost) const;
  void Offer(Quantity units, int64_t cost);

  SourcingTable& table_;
  StepBudget& budget_;
  size_t parcels_max_ = 0;
  std::vector<uint32_t> chosen_;
  Result result_;
};

}  // namespace stockd::fulfilment
