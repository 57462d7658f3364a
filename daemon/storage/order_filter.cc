#include "daemon/storage/order_filter.h"

#include <algorithm>

namespace stockd::storage {
namespace {

bool StateFits(const OrderFilter& filter, fulfilment::OrderState state) {
  if (filter.state && state != *filter.state) return false;
  return !filter.open_only || !fulfilment::IsClosed(state);
}

}  // namespace

bool MatchesState(const OrderFilter& filter, const fulfilment::Order& order) {
  if (filter.location == kNoLocation) return StateFits(filter, order.state());
  return std::ranges::any_of(order.fulfilments, [&](const fulfilment::Fulfilment& fulfilment) {
    return (fulfilment.location == filter.location || fulfilment.destination == filter.location) &&
           StateFits(filter, fulfilment.state);
  });
}

}  // namespace stockd::storage
