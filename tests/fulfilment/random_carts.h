#pragma once

#include <vector>

#include "daemon/fulfilment/sourcing.h"
#include "tests/support/random.h"

namespace stockd::fulfilment {

struct SourcingCase {
  std::vector<CartLine> cart;
  std::vector<Candidate> candidates;
  SourcingOptions options;
};

// A small case with much that can go wrong: equal costs, equal stock, locations that leave anyway,
// nothing here, not enough there, limits that are too low.
SourcingCase RandomCase(support::Random& random);

// `lines` lines at `locations` locations, each of which has a line in `percent` of 100 cases, and
// then from 1 to `units_max` units of it. At most `quantity_max` units are wanted.
struct CartShape {
  size_t lines = 10;
  size_t locations = 200;
  uint64_t percent = 50;
  Quantity quantity_max = 2;
  Quantity units_max = 10;
  bool equal_costs = false;
};
SourcingCase RandomCart(support::Random& random, const CartShape& shape);

}  // namespace stockd::fulfilment
