#pragma once

#include <span>
#include <vector>

#include "daemon/ledger/state.h"

namespace stockd::ledger {

// Available to promise: on_hand - reserved - committed - safety stock - the channel's buffer, with
// holds whose deadline has passed left out. Negative in a shortfall.
Quantity Available(const WorkingPosition& position, Quantity safety_stock, Quantity buffer);

// The same at a position, for a channel.
Quantity Available(State& state, PositionKey key, ChannelId channel);

// What the channel may claim now: what is available, as far as the figure of reserved units can
// take it up. Holds that lapsed but were not cleared yet still stand in that figure.
Quantity Claimable(State& state, PositionKey key, ChannelId channel);

// From `at` on, `available` units may be promised in total.
struct CurvePoint {
  Timestamp at;
  Quantity available = 0;

  friend bool operator==(const CurvePoint&, const CurvePoint&) = default;
};

// Available to promise over time: a first point at `now`, and one more for every later date on
// which supply arrives. Supply whose date has passed is overdue and adds nothing: nobody knows when
// it comes.
std::vector<CurvePoint> AvailableCurve(Quantity available_now, std::span<const Supply> supplies,
                                       Timestamp now);

}  // namespace stockd::ledger
