#include "tests/bench/sales_orders.h"

#include <array>
#include <string>

#include "tests/bench/stock_names.h"

namespace stockd::bench {
namespace {

using fulfilment::Fulfilment;
using fulfilment::Method;
using fulfilment::OrderEventKind;
using fulfilment::OrderState;

constexpr std::array kCarriers = {"north", "south", "quick"};

// Something that happens to an order, so long after it was placed.
struct Step {
  OrderEventKind kind;
  OrderState state;
  Duration after;
  bool moves = false;  // The units of its one line.
};

void Append(storage::Store& store, const fulfilment::Order& order, uint64_t event,
            const Step& step) {
  fulfilment::OrderEvent told{.number = event,
                              .order_number = order.number,
                              .fulfilment = step.kind == OrderEventKind::kPlaced ? 0 : 1,
                              .kind = step.kind,
                              .state = step.state,
                              .location = order.fulfilments.front().location,
                              .occurred_at = order.placed_at + step.after,
                              .recorded_at = order.placed_at + step.after};
  if (step.moves) told.lines = {{.line = 0, .quantity = order.lines.front().ordered}};
  store.AppendOrderEvent(told);
}

}  // namespace

void WriteOrder(storage::Store& store, const SalesShape& shape, uint64_t number) {
  const uint64_t any = Scatter(number ^ 0xaaaa);
  const bool is_collected = any % 3 == 0;
  const bool is_late = any / 8 % 10 == 0;
  const auto minutes = [&](uint64_t salt, int64_t from, uint64_t width) -> Duration {
    return std::chrono::minutes(from + static_cast<int64_t>(Scatter(any ^ salt) % width));
  };
  const Duration picking = minutes(1, 5, 60);
  const Duration picked = picking + minutes(2, 2, 20);
  const Duration ready = picked + minutes(3, 1, 10);
  const Duration last = ready + (is_collected ? minutes(4, 30, 2000) : minutes(4, 600, 4000));
  const Quantity units = 1 + static_cast<Quantity>(any / 64 % 3);
  fulfilment::Order order{
      .number = number + 1,
      .id = "W" + std::to_string(number),
      .channel = ChannelId{1},
      .customer_reference = "C" + std::to_string(any / 1024 % (shape.receipts() / 10 + 1)),
      .placed_at =
          kSalesBegin + Duration(kSalesLength.count() / static_cast<int64_t>(shape.orders() + 1) *
                                 static_cast<int64_t>(number)),
      .version = kEventsPerOrder,
      .content = std::string(100, 'c')};
  order.recorded_at = order.placed_at;
  order.lines = {{.id = "1",
                  .item = ItemId{static_cast<uint32_t>(any / 4096 % shape.items + 1)},
                  .ordered = units,
                  .unit_price_micros = 4'990'000,
                  .currency = "EUR"}};
  Fulfilment part{.number = 1,
                  .method = is_collected ? Method::kPickup : Method::kShip,
                  .state = is_collected ? OrderState::kCollected : OrderState::kDelivered,
                  .location = LocationId{static_cast<uint32_t>(any / 256 % shape.locations + 1)},
                  .lines = {{.line = 0}},
                  .picking_at = order.placed_at + picking,
                  .closed_at = order.placed_at + last};
  const Timestamp due =
      order.placed_at + (is_collected ? ready : last) + std::chrono::hours(is_late ? -1 : 1);
  if (is_collected) {
    part.ready = {.first = due, .current = due};
    part.ready_at = order.placed_at + ready;
    part.lines.front().units.handed_over = units;
  } else {
    part.delivery = {.first = due, .current = due};
    part.packed_at = order.placed_at + ready;
    part.shipped_at = order.placed_at + ready + std::chrono::minutes(30);
    part.lines.front().units.delivered = units;
    part.shipments = {{.id = "P",
                       .carrier = kCarriers[any / 16 % kCarriers.size()],
                       .service = "standard",
                       .attempts = 1,
                       .shipped_at = *part.shipped_at,
                       .delivered_at = part.closed_at,
                       .lines = {{.line = 0, .units = {.delivered = units}}}}};
  }
  order.fulfilments = {part};
  store.InsertOrder(order);
  const Duration handed = ready + std::chrono::minutes(30);
  const Step steps[kEventsPerOrder] = {
      {OrderEventKind::kPlaced, OrderState::kPlaced, Duration{0}},
      {OrderEventKind::kPickingStarted, OrderState::kPicking, picking},
      {OrderEventKind::kPicked, OrderState::kPicking, picked, true},
      is_collected ? Step{OrderEventKind::kReady, OrderState::kReady, ready}
                   : Step{OrderEventKind::kPacked, OrderState::kPacked, ready},
      is_collected ? Step{OrderEventKind::kHandedOver, OrderState::kReady, last, true}
                   : Step{OrderEventKind::kShipped, OrderState::kInTransit, handed, true},
      is_collected ? Step{OrderEventKind::kCollected, OrderState::kCollected, last}
                   : Step{OrderEventKind::kDelivered, OrderState::kDelivered, last, true}};
  uint64_t event = number * kEventsPerOrder;
  for (const Step& step : steps) Append(store, order, ++event, step);
}

}  // namespace stockd::bench
