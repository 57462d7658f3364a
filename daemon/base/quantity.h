#pragma once

#include <cstdint>

namespace stockd {

// Units in the item's smallest counted unit.
using Quantity = int64_t;

// Largest quantity that one fact, line or rule may state.
inline constexpr Quantity kQuantityMax = 1'000'000'000'000;

// Largest magnitude that a position's figure may reach. Far below the limit of int64, so that sums
// of several figures never overflow; a change beyond it is refused.
inline constexpr Quantity kFigureMax = 1'000'000'000'000'000;

// Whether `figure + change` stays within the range of a figure. REQUIRES: both are within twice
// that range.
constexpr bool FigureFits(Quantity figure, Quantity change) {
  const Quantity sum = figure + change;
  return sum <= kFigureMax && sum >= -kFigureMax;
}

}  // namespace stockd
