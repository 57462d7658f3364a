#include <algorithm>
#include <utility>

#include "daemon/fulfilment/order_steps.h"
#include "daemon/ledger/reservations.h"

namespace stockd::fulfilment {
namespace {

bool IsKept(const Fulfilment& fulfilment) {
  return (fulfilment.state == OrderState::kReady ||
          fulfilment.state == OrderState::kCustomerWaiting) &&
         fulfilment.deadline.has_value();
}

// Nobody came. Returns the units that nobody gets.
std::vector<EventLine> EndUncollected(Fulfilment& fulfilment) {
  std::vector<EventLine> left;
  for (FulfilmentLine& line : fulfilment.lines) {
    if (line.units.picked == 0) continue;
    left.push_back({.line = line.line, .quantity = line.units.picked});
    line.units.cancelled += line.units.picked;
    line.units.picked = 0;
  }
  fulfilment.state =
      fulfilment.Total().handed_over > 0 ? OrderState::kCollected : OrderState::kNoShow;
  fulfilment.closed_at = fulfilment.deadline;
  fulfilment.code.digest.clear();
  fulfilment.remind_at.reset();
  return left;
}

// The units came free at the deadline itself, whenever this is written down.
void NoShow(const OrderDesk& desk, const Order& order, Fulfilment& fulfilment) {
  if (ledger::Reservation* claim = OpenClaimOf(desk, fulfilment)) {
    ledger::ExpireIfDue(desk.state, *claim);
  }
  OrderEvent event{.kind = OrderEventKind::kNoShow, .occurred_at = *fulfilment.deadline};
  event.lines = EndUncollected(fulfilment);
  Tell(desk, order, fulfilment, std::move(event));
}

}  // namespace

Timestamp NextDue(const Order& order) {
  Timestamp due = kTimestampMax;
  for (const Fulfilment& fulfilment : order.fulfilments) {
    if (!IsKept(fulfilment)) continue;
    due = std::min({due, *fulfilment.deadline, fulfilment.remind_at.value_or(kTimestampMax)});
  }
  return due;
}

Order AsOf(Order order, Timestamp now) {
  for (Fulfilment& fulfilment : order.fulfilments) {
    if (IsKept(fulfilment) && *fulfilment.deadline <= now) EndUncollected(fulfilment);
  }
  return order;
}

bool SettleDue(const OrderDesk& desk, Order& order) {
  const Timestamp now = desk.state.now();
  if (NextDue(order) > now) return false;
  const Order before = order;
  ++order.version;
  for (Fulfilment& fulfilment : order.fulfilments) {
    if (!IsKept(fulfilment)) continue;
    if (fulfilment.remind_at && *fulfilment.remind_at <= now) {
      const Timestamp due = *fulfilment.remind_at;
      fulfilment.remind_at.reset();
      Tell(desk, order, fulfilment, {.kind = OrderEventKind::kReminder, .occurred_at = due});
    }
    if (*fulfilment.deadline <= now) NoShow(desk, order, fulfilment);
  }
  desk.book.OrderChanged(order, before);
  return true;
}

}  // namespace stockd::fulfilment
