#include "tests/fulfilment/random_carts.h"

#include <utility>

namespace stockd::fulfilment {

SourcingCase RandomCase(support::Random& random) {
  SourcingCase made;
  const size_t lines = 1 + random.Below(4);
  // Now and then more, which takes the brute force long.
  const size_t locations = random.Percent(5) ? 8 + random.Below(4) : random.Below(8);
  const Quantity quantity_max = random.Between(1, 6);
  const Quantity units_max = random.Between(1, 7);
  const uint64_t percent = 20 + random.Below(81);
  const int64_t costs = random.Between(1, 4);
  const int64_t weights = random.Between(1, 3);
  const uint64_t open_percent = random.Percent(30) ? 30 : 0;
  for (uint32_t line = 0; line < lines; ++line) {
    made.cart.push_back({.item = ItemId{line + 1}, .quantity = random.Between(1, quantity_max)});
  }
  for (uint32_t i = 0; i < locations; ++i) {
    Candidate candidate{.location = LocationId{i + 1}};
    for (size_t line = 0; line < lines; ++line) {
      candidate.available.push_back(random.Percent(percent) ? random.Between(1, units_max)
                                                            : random.Between(-1, 0));
    }
    candidate.parcel_cost_micros = random.Between(0, costs - 1) * 1'000'000;
    candidate.scarcity_weight = static_cast<int32_t>(random.Between(0, weights - 1) * 500);
    candidate.has_parcel = random.Percent(open_percent);
    made.candidates.push_back(std::move(candidate));
  }
  random.Shuffle(made.candidates);
  made.options.allow_partial = random.Percent(30);
  if (random.Percent(50)) made.options.parcels_max = 1 + random.Below(4);
  return made;
}

SourcingCase RandomCart(support::Random& random, const CartShape& shape) {
  SourcingCase made;
  for (uint32_t line = 0; line < shape.lines; ++line) {
    made.cart.push_back(
        {.item = ItemId{line + 1}, .quantity = random.Between(1, shape.quantity_max)});
  }
  for (uint32_t i = 0; i < shape.locations; ++i) {
    Candidate candidate{.location = LocationId{i + 1}};
    for (size_t line = 0; line < shape.lines; ++line) {
      candidate.available.push_back(
          random.Percent(shape.percent) ? random.Between(1, shape.units_max) : 0);
    }
    candidate.parcel_cost_micros =
        shape.equal_costs ? 5'000'000 : random.Between(4'000'000, 24'000'000);
    made.candidates.push_back(std::move(candidate));
  }
  return made;
}

}  // namespace stockd::fulfilment
