#pragma once

#include <span>

#include "daemon/fulfilment/sourcing.h"

namespace stockd::fulfilment {

// Units of an order that one of its locations does not have after all: the shelf was empty, the
// store rejected it, stock fell short.
struct LostUnits {
  std::vector<CartLine> lines;       // Added up; what is to be taken from elsewhere.
  std::vector<LocationId> excluded;  // Where they were lost, and where they are not to be sought.
  std::vector<LocationId> in_order;  // Where parcels of the order leave anyway.
};

// Plans lost units anew. By the rules of PlanSourcing(), a parcel that leaves anyway being no
// further parcel: first from the order's other locations, then with as few new parcels as possible.
// `has_parcel` of the candidates is not read. What the order claims elsewhere already must not
// stand in their availability.
//
// REQUIRES: what PlanSourcing() does.
SourcingPlan RePlan(const LostUnits& lost, std::span<const Candidate> candidates,
                    const SourcingOptions& options);

}  // namespace stockd::fulfilment
