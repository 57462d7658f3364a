#include <algorithm>
#include <utility>

#include "daemon/storage/error_text.h"
#include "daemon/storage/order_rows.h"
#include "daemon/storage/read_transaction.h"
#include "daemon/storage/sqlite_reader.h"

namespace stockd::storage {
namespace {

// The states that a filter lets through, from the first to the last.
struct States {
  int first = 0;
  int last = 255;
};

States StatesOf(const OrderFilter& filter) {
  States states;
  if (filter.state) states = {static_cast<int>(*filter.state), static_cast<int>(*filter.state)};
  // Closed states come after all others.
  constexpr int kLastOpen = static_cast<int>(fulfilment::OrderState::kCollected) - 1;
  if (filter.open_only) states.last = std::min(states.last, kLastOpen);
  return states;
}

// The statement whose index leaves the fewest rows to look at.
Statement& StatementFor(const OrderFilter& filter, ReaderConnection& connection) {
  if (filter.location != kNoLocation) return connection.list_orders_at;
  if (!filter.customer_reference.empty()) return connection.list_orders_of_customer;
  if (filter.state) return connection.list_orders_in_state;
  if (filter.open_only) return connection.list_open_orders;
  const bool by_time = filter.placed_from != kTimestampMin || filter.placed_until != kTimestampMax;
  return by_time ? connection.list_orders_placed : connection.list_orders;
}

void BindFilter(Statement& list, const OrderFilter& filter, uint64_t after_number, int limit) {
  const States states = StatesOf(filter);
  list.Number(after_number)
      .Number(ToNumber(filter.channel))
      .Text(filter.customer_reference)
      .Integer(ToMicros(filter.placed_from))
      .Integer(ToMicros(filter.placed_until))
      .Integer(int64_t{limit} + 1)
      .Integer(states.first)
      .Integer(states.last);
  if (filter.location != kNoLocation) list.Number(ToNumber(filter.location));
}

}  // namespace

fulfilment::Order SqliteReader::ReadWholeOrder(ReaderConnection& connection,
                                               const Statement& row) const {
  fulfilment::Order order;
  bool whole = ReadOrder(row, order);
  Statement& find = connection.find_fulfilments;
  const ResetGuard reset(find);
  find.Number(order.number);
  while (StepRow(connection, find, "look up an order")) {
    whole = ReadFulfilment(find, order.fulfilments.emplace_back()) && whole;
  }
  if (!whole) throw ReadError(DamageText(path_, "order \"" + order.id + "\""));
  return order;
}

std::optional<fulfilment::Order> SqliteReader::FindOrder(std::string_view id) {
  const ReaderPool::Lease lease = pool_.Borrow();
  const ReadTransaction transaction(*lease, path_);
  Statement& find = lease->find_order;
  const ResetGuard reset(find);
  find.Text(id);
  if (!StepRow(*lease, find, "look up an order")) return std::nullopt;
  return ReadWholeOrder(*lease, find);
}

std::optional<std::string> SqliteReader::OrderId(uint64_t number) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& find = lease->order_id;
  const ResetGuard reset(find);
  find.Number(number);
  if (!StepRow(*lease, find, "look up an order")) return std::nullopt;
  return std::string(find.text(0));
}

Page<fulfilment::Order> SqliteReader::ListOrders(const OrderFilter& filter, uint64_t after_number,
                                                 int limit) {
  const ReaderPool::Lease lease = pool_.Borrow();
  const ReadTransaction transaction(*lease, path_);
  Statement& list = StatementFor(filter, *lease);
  const ResetGuard reset(list);
  BindFilter(list, filter, after_number, limit);
  Page<fulfilment::Order> page;
  while (StepRow(*lease, list, "list orders")) {
    AddRow(page, ReadWholeOrder(*lease, list), limit);
  }
  return page;
}

Page<fulfilment::OrderEvent> SqliteReader::ListOrderEvents(uint64_t order_number, uint64_t after,
                                                           int limit) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& list = order_number == 0 ? lease->list_order_events : lease->list_events_of_order;
  const ResetGuard reset(list);
  list.Number(after).Integer(int64_t{limit} + 1);
  if (order_number != 0) list.Number(order_number);
  Page<fulfilment::OrderEvent> page;
  while (StepRow(*lease, list, "list what happened to orders")) {
    fulfilment::OrderEvent event;
    if (!ReadOrderEvent(list, event)) {
      throw ReadError(DamageText(path_, "a row of the table order_event"));
    }
    AddRow(page, std::move(event), limit);
  }
  return page;
}

}  // namespace stockd::storage
