#include "daemon/rpc/pick_lists.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "daemon/fulfilment/order_commands.h"
#include "daemon/rpc/order_convert.h"
#include "daemon/rpc/validate.h"
#include "daemon/sync/order_words.h"

namespace stockd::rpc {
namespace {

using fulfilment::Fulfilment;
using fulfilment::Order;
using fulfilment::OrderState;

constexpr int kOrdersMax = 1000;

// A fulfilment with its order.
struct Task {
  const Order* order = nullptr;
  const Fulfilment* part = nullptr;
};

std::vector<Order> OrdersAt(storage::Reader& reader, LocationId location, OrderState state,
                            const std::string& customer_reference = {}) {
  return reader
      .ListOrders({.location = location, .state = state, .customer_reference = customer_reference},
                  0, kOrdersMax)
      .rows;
}

Timestamp PromiseOf(const Fulfilment& part) { return part.ready.current.value_or(kTimestampMax); }

// What is still to be picked there, promised first first.
std::vector<Task> ToPick(const std::vector<Order>& orders, LocationId location, OrderState state) {
  std::vector<Task> tasks;
  for (const Order& order : orders) {
    for (const Fulfilment& part : order.fulfilments) {
      if (part.location == location && part.state == state && part.Total().claimed > 0) {
        tasks.push_back({.order = &order, .part = &part});
      }
    }
  }
  return tasks;
}

// Keeps the tasks of the first orders; returns how many orders are left out.
int CutWave(std::vector<Task>& tasks, int orders_max, int& orders) {
  absl::flat_hash_map<uint64_t, bool> in_wave;
  int further = 0;
  orders = 0;
  for (const Task& task : tasks) {
    if (in_wave.contains(task.order->number)) continue;
    const bool fits = orders < orders_max;
    ++(fits ? orders : further);
    in_wave[task.order->number] = fits;
  }
  std::erase_if(tasks, [&](const Task& task) { return !in_wave[task.order->number]; });
  return further;
}

void FillPick(const Task& task, const fulfilment::FulfilmentLine& line,
              const engine::Catalogue& catalogue, v1::Pick& pick) {
  const fulfilment::OrderLine& of_order = task.order->lines[static_cast<size_t>(line.line)];
  pick.set_sku(catalogue.Sku(of_order.item));
  if (const auto item = catalogue.Item(pick.sku())) {
    pick.set_name(item->name);
    for (const std::string& gtin : item->gtins) pick.add_gtins(gtin);
  }
  pick.set_quantity(line.units.claimed);
  pick.set_picked(line.units.picked);
  pick.set_order_id(task.order->id);
  pick.set_fulfilment(task.part->number);
  pick.set_line_id(of_order.id);
  pick.set_state(sync::ToProto(task.part->state));
  pick.set_method(sync::ToProto(task.part->method));
  if (task.part->ready.current) {
    ToProto(*task.part->ready.current, *pick.mutable_promised_ready_time());
  }
}

}  // namespace

void FillPicks(storage::Reader& reader, const engine::Catalogue& catalogue, LocationId location,
               bool placed_only, int orders_max, v1::ListPicksResponse& response) {
  const std::vector<Order> placed = OrdersAt(reader, location, OrderState::kPlaced);
  const std::vector<Order> begun =
      placed_only ? std::vector<Order>{} : OrdersAt(reader, location, OrderState::kPicking);
  std::vector<Task> tasks = ToPick(placed, location, OrderState::kPlaced);
  std::ranges::move(ToPick(begun, location, OrderState::kPicking), std::back_inserter(tasks));
  std::ranges::sort(tasks, {}, [](const Task& task) {
    return std::tuple(PromiseOf(*task.part), task.order->number, task.part->number);
  });
  int orders = 0;
  response.set_further_orders(std::min(kOrdersMax, CutWave(tasks, orders_max, orders)));
  response.set_orders(orders);

  std::vector<ItemId> items;
  for (const Task& task : tasks) {
    for (const fulfilment::FulfilmentLine& line : task.part->lines) {
      items.push_back(task.order->lines[static_cast<size_t>(line.line)].item);
    }
  }
  absl::flat_hash_map<ItemId, storage::ShelfPosition> shelves;
  for (storage::ShelfPosition& shelf : reader.FindShelfPositions(location, items)) {
    const ItemId item = shelf.position.item;
    shelves[item] = std::move(shelf);
  }
  // Items without a position come last, so what is compared first is whether it has one.
  struct Row {
    std::string shelf_key;
    v1::Pick pick;
    size_t place = 0;  // In the order of promises.
  };
  std::vector<Row> rows;
  for (const Task& task : tasks) {
    for (const fulfilment::FulfilmentLine& line : task.part->lines) {
      if (line.units.claimed == 0) continue;
      Row& row = rows.emplace_back();
      row.place = rows.size();
      FillPick(task, line, catalogue, row.pick);
      const auto shelf = shelves.find(task.order->lines[static_cast<size_t>(line.line)].item);
      if (shelf == shelves.end()) continue;
      row.shelf_key = shelf->second.sort_key;
      row.pick.set_shelf_position(shelf->second.text);
    }
  }
  std::ranges::sort(rows, {}, [](const Row& row) {
    return std::tuple(row.shelf_key.empty(), std::string_view(row.shelf_key),
                      std::string_view(row.pick.sku()), row.place);
  });
  for (Row& row : rows) *response.add_picks() = std::move(row.pick);
}

void FillHoldings(storage::Reader& reader, const engine::Catalogue& catalogue, Timestamp now,
                  LocationId location, bool at_counter_only, const std::string& customer_reference,
                  int limit, v1::ListHoldingsResponse& response) {
  std::vector<Order> orders =
      OrdersAt(reader, location, OrderState::kCustomerWaiting, customer_reference);
  if (!at_counter_only) {
    std::ranges::move(OrdersAt(reader, location, OrderState::kReady, customer_reference),
                      std::back_inserter(orders));
  }
  // What ended a moment ago may not be written down yet.
  for (Order& order : orders) order = fulfilment::AsOf(std::move(order), now);
  std::vector<Task> tasks;
  for (const Order& order : orders) {
    for (const Fulfilment& part : order.fulfilments) {
      const bool waits = part.state == OrderState::kCustomerWaiting;
      const bool kept = waits || (part.state == OrderState::kReady && !at_counter_only);
      if (kept && part.standing_at() == location) tasks.push_back({.order = &order, .part = &part});
    }
  }
  const auto key = [](const Task& task) {
    const bool waits = task.part->state == OrderState::kCustomerWaiting;
    const auto time = waits ? task.part->arrived_at : task.part->deadline;
    return std::tuple(!waits, time.value_or(kTimestampMax), task.order->number, task.part->number);
  };
  std::ranges::sort(tasks, {}, key);
  // An order with a part in each of the two states was read twice.
  const auto repeated = std::ranges::unique(tasks, {}, key);
  tasks.erase(repeated.begin(), repeated.end());
  for (const Task& task : tasks) {
    if (response.holdings_size() >= limit) {
      response.set_more(true);
      return;
    }
    const Fulfilment& part = *task.part;
    v1::Holding& holding = *response.add_holdings();
    holding.set_order_id(task.order->id);
    holding.set_fulfilment(part.number);
    holding.set_state(sync::ToProto(part.state));
    holding.set_holding_area(part.holding_area);
    if (part.ready_at) ToProto(*part.ready_at, *holding.mutable_ready_time());
    if (part.arrived_at) ToProto(*part.arrived_at, *holding.mutable_arrive_time());
    if (part.deadline) ToProto(*part.deadline, *holding.mutable_deadline_time());
    holding.set_customer_reference(task.order->customer_reference);
    holding.set_units(part.Total().picked);
    ToProto(*task.order, part, catalogue, *holding.mutable_lines());
  }
}

}  // namespace stockd::rpc
