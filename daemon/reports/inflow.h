#pragma once

#include <map>
#include <string>
#include <string_view>

#include "daemon/base/quantity.h"

namespace stockd::reports {

// Units that came to a position, by day of the zone that reports are kept in.
using Inflow = std::map<int64_t, Quantity>;

// The one encoding: differences of days, and units, in base 128. No units are negative.
std::string EncodeInflow(const Inflow& inflow);
// Adds what was encoded. False when the bytes are damaged.
[[nodiscard]] bool AddInflow(std::string_view encoded, Inflow& inflow);

// Calls `each(day, units)` for the units that stand, latest first: what stands came last (first in,
// first out). Units that came before anything that is known are of `first_day`.
template <typename Each>
void ForStanding(const Inflow& inflow, Quantity on_hand, int64_t first_day, Each&& each) {
  for (auto came = inflow.rbegin(); came != inflow.rend() && on_hand > 0; ++came) {
    const Quantity units = came->second < on_hand ? came->second : on_hand;
    each(came->first, units);
    on_hand -= units;
  }
  if (on_hand > 0) each(first_day, on_hand);
}

}  // namespace stockd::reports
