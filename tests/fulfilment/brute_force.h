#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/fulfilment/sourcing.h"

namespace stockd::fulfilment {

// The best plan by looking at every set of locations, and at every way to split each line.
struct BruteForcePlan {
  Merit merit;
  std::vector<LocationId> new_parcels;  // By number.
};

// Empty: there is none. REQUIRES: at most 16 candidates, small quantities.
std::optional<BruteForcePlan> BruteForce(std::span<const CartLine> cart,
                                         std::span<const Candidate> candidates,
                                         const SourcingOptions& options);

// What is wrong with a plan by itself: whether its shares are there, are what is asked for, and
// have the merit that it states. Empty: nothing.
std::string FindFault(std::span<const CartLine> cart, std::span<const Candidate> candidates,
                      const SourcingOptions& options, const SourcingPlan& plan);

}  // namespace stockd::fulfilment
