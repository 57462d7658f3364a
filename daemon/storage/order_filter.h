#pragma once

#include <optional>
#include <string>

#include "daemon/base/ids.h"
#include "daemon/base/time.h"
#include "daemon/fulfilment/order.h"

namespace stockd::storage {

// Which orders are asked for: those that fit every part that is set.
struct OrderFilter {
  // Orders with a fulfilment that is picked or collected there; `state` and `open_only` are then
  // those of such a fulfilment. kNoLocation: everywhere, and they are those of the order.
  LocationId location = kNoLocation;
  std::optional<fulfilment::OrderState> state;
  bool open_only = false;  // Not IsClosed().
  ChannelId channel = kNoChannel;
  std::string customer_reference;         // Empty: anybody's.
  Timestamp placed_from = kTimestampMin;  // placed_at in [placed_from, placed_until).
  Timestamp placed_until = kTimestampMax;
};

// Whether the order fits `location`, `state` and `open_only`: for one that has changed since it was
// listed.
bool MatchesState(const OrderFilter& filter, const fulfilment::Order& order);

}  // namespace stockd::storage
