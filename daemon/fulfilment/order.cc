#include "daemon/fulfilment/order.h"

#include <algorithm>

namespace stockd::fulfilment {
namespace {

void Add(LineUnits& sum, const LineUnits& units) {
  sum.claimed += units.claimed;
  sum.picked += units.picked;
  sum.missing += units.missing;
  sum.substituted += units.substituted;
  sum.shipped += units.shipped;
  sum.handed_over += units.handed_over;
  sum.delivered += units.delivered;
  sum.lost += units.lost;
  sum.returned += units.returned;
  sum.cancelled += units.cancelled;
}

// Of closed fulfilments, the one that says most about the order: what the customer has comes first.
constexpr OrderState kByWeight[] = {OrderState::kCollected, OrderState::kDelivered,
                                    OrderState::kReturned,  OrderState::kLost,
                                    OrderState::kNoShow,    OrderState::kCancelled};

}  // namespace

LineUnits Fulfilment::Total() const {
  LineUnits sum;
  for (const FulfilmentLine& line : lines) Add(sum, line.units);
  return sum;
}

OrderState Order::state() const {
  std::optional<OrderState> least;
  for (const Fulfilment& fulfilment : fulfilments) {
    if (!IsClosed(fulfilment.state) && (!least || fulfilment.state < *least)) {
      least = fulfilment.state;
    }
  }
  if (least) return *least;
  for (const OrderState state : kByWeight) {
    if (std::ranges::find(fulfilments, state, &Fulfilment::state) != fulfilments.end()) {
      return state;
    }
  }
  return OrderState::kCancelled;
}

LineUnits Order::UnitsOf(int line) const {
  LineUnits sum;
  for (const Fulfilment& fulfilment : fulfilments) {
    for (const FulfilmentLine& part : fulfilment.lines) {
      if (part.line == line) Add(sum, part.units);
    }
  }
  return sum;
}

Fulfilment* Order::Find(int wanted) {
  const auto found = std::ranges::find(fulfilments, wanted, &Fulfilment::number);
  return found == fulfilments.end() ? nullptr : &*found;
}

const Fulfilment* Order::Find(int wanted) const {
  const auto found = std::ranges::find(fulfilments, wanted, &Fulfilment::number);
  return found == fulfilments.end() ? nullptr : &*found;
}

int Order::LineIndex(std::string_view line_id) const {
  const auto found = std::ranges::find(lines, line_id, &OrderLine::id);
  return found == lines.end() ? -1 : static_cast<int>(found - lines.begin());
}

std::string_view MethodName(Method method) {
  switch (method) {
    case Method::kPickup: return "pickup";
    case Method::kShip: return "ship";
    case Method::kShipToStore: return "ship_to_store";
    case Method::kLocalDelivery: return "local_delivery";
  }
  return "unknown";
}

std::string_view OrderStateName(OrderState state) {
  switch (state) {
    case OrderState::kPlaced: return "placed";
    case OrderState::kPicking: return "picking";
    case OrderState::kShort: return "short";
    case OrderState::kPacked: return "packed";
    case OrderState::kInTransit: return "in_transit";
    case OrderState::kReady: return "ready";
    case OrderState::kCustomerWaiting: return "customer_waiting";
    case OrderState::kCollected: return "collected";
    case OrderState::kDelivered: return "delivered";
    case OrderState::kReturned: return "returned";
    case OrderState::kCancelled: return "cancelled";
    case OrderState::kNoShow: return "no_show";
    case OrderState::kLost: return "lost";
  }
  return "unknown";
}

std::string_view ExceptionKindName(ExceptionKind kind) {
  switch (kind) {
    case ExceptionKind::kWrongItem: return "wrong_item";
    case ExceptionKind::kWrongQuantity: return "wrong_quantity";
    case ExceptionKind::kWrongAddress: return "wrong_address";
    case ExceptionKind::kDamaged: return "damaged";
    case ExceptionKind::kLost: return "lost";
  }
  return "unknown";
}

}  // namespace stockd::fulfilment
