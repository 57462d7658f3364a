#include "daemon/fulfilment/order_sales.h"

#include <algorithm>
#include <utility>

#include "daemon/base/check.h"
#include "daemon/fulfilment/order_steps.h"

namespace stockd::fulfilment {

void NoteSale(const OrderDesk& desk, Order& order, Fulfilment& fulfilment, PositionKey position,
              Quantity quantity, Timestamp occurred_at) {
  const Order before = order;
  ++order.version;
  const bool collected = IsCollected(fulfilment.method);
  OrderEvent event{.kind = collected ? OrderEventKind::kHandedOver : OrderEventKind::kShipped,
                   .occurred_at = occurred_at};
  Quantity rest = quantity;
  const auto take = [&](Quantity LineUnits::* stage) {
    for (FulfilmentLine& line : fulfilment.lines) {
      if (PositionOf(order, fulfilment, line.line) != position) continue;
      const Quantity taken = std::min(rest, line.units.*stage);
      if (taken == 0) continue;
      line.units.*stage -= taken;
      (collected ? line.units.handed_over : line.units.shipped) += taken;
      rest -= taken;
      event.lines.push_back({.line = line.line, .quantity = taken});
    }
  };
  take(&LineUnits::picked);
  take(&LineUnits::claimed);
  STOCKD_CHECK(rest == 0);
  if (fulfilment.state <= OrderState::kShort) UpdatePicking(fulfilment);
  CloseIfDone(desk, fulfilment, occurred_at);
  Tell(desk, order, fulfilment, std::move(event));
  if (fulfilment.state == OrderState::kCollected) {
    Tell(desk, order, fulfilment, {.kind = OrderEventKind::kCollected, .occurred_at = occurred_at});
  }
  desk.book.OrderChanged(order, before);
}

}  // namespace stockd::fulfilment
