#include "daemon/ledger/atp.h"

#include <algorithm>
#include <map>

namespace stockd::ledger {

Quantity Available(const WorkingPosition& position, Quantity safety_stock, Quantity buffer) {
  return position.free_live() - safety_stock - buffer;
}

Quantity Available(State& state, PositionKey key, ChannelId channel) {
  return Available(state.position(key), state.safety_stock(key), state.buffer(channel));
}

Quantity Claimable(State& state, PositionKey key, ChannelId channel) {
  return std::min(Available(state, key, channel), kFigureMax - state.position(key).row.reserved);
}

std::vector<CurvePoint> AvailableCurve(Quantity available_now, std::span<const Supply> supplies,
                                       Timestamp now) {
  std::map<Timestamp, Quantity> arriving;
  for (const Supply& supply : supplies) {
    if (supply.expected_at > now && supply.quantity > 0)
      arriving[supply.expected_at] += supply.quantity;
  }
  std::vector<CurvePoint> points{{.at = now, .available = available_now}};
  for (const auto& [at, quantity] : arriving) {
    points.push_back({.at = at, .available = points.back().available + quantity});
  }
  return points;
}

}  // namespace stockd::ledger
