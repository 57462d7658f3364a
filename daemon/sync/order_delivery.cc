#include "daemon/sync/order_delivery.h"

#include <algorithm>
#include <utility>

namespace stockd::sync {
namespace {

// Orders and events looked at in one turn, before other feeds have theirs.
constexpr int kOpenPerTurn = 100;
constexpr size_t kEventsPerTurn = 1000;

}  // namespace

OrderDelivery::OrderDelivery(engine::Engine& engine, storage::Reader& reader,
                             std::function<OrderScope()> scope, std::optional<uint64_t> cursor,
                             size_t updates_max)
    : engine_(engine),
      reader_(reader),
      scope_(std::move(scope)),
      updates_max_(updates_max),
      // What happens while the open orders are told comes after them.
      feed_(engine, reader, cursor.value_or(engine.order_events().newest())),
      telling_open_(!cursor),
      sent_(cursor.value_or(0)),
      acknowledged_(cursor.value_or(0)) {}

bool OrderDelivery::Next(size_t limit, std::vector<Update>& updates) {
  limit = std::min(limit, room());
  if (limit == 0) return false;
  return telling_open_ ? NextOpen(limit, updates) : NextEvents(limit, updates);
}

// The cursor that they carry stays 0 until the last of them: a session that breaks off before
// begins anew. Which one is the last is known when nothing follows it.
bool OrderDelivery::NextOpen(size_t limit, std::vector<Update>& updates) {
  const OrderScope scope = scope_();
  const auto page = reader_.ListOrders({.open_only = true}, open_after_, kOpenPerTurn);
  for (const fulfilment::Order& order : page.rows) {
    const bool is_wanted = scope.Contains(NamesOf(order), 0);
    if (is_wanted && last_open_ && updates.size() == limit) return true;
    open_after_ = order.number;
    if (!is_wanted) continue;
    if (last_open_) Send({.cursor = 0, .event = {}, .order = *std::move(last_open_)}, updates);
    last_open_ = order;
  }
  if (page.more) return true;
  if (last_open_ && updates.size() == limit) return true;
  telling_open_ = false;
  if (last_open_) {
    Send({.cursor = feed_.cursor(), .event = {}, .order = *std::move(last_open_)}, updates);
    last_open_.reset();
  }
  return true;
}

bool OrderDelivery::NextEvents(size_t limit, std::vector<Update>& updates) {
  if (engine_.order_events().newest() <= feed_.cursor()) return false;
  std::vector<OrderFeed::Told> told;
  const bool more = feed_.Next(scope_(), kEventsPerTurn, limit, told);
  for (OrderFeed::Told& one : told) {
    auto order = reader_.FindOrder(one.order->id);
    if (!order) continue;
    const uint64_t number = one.event.number;
    Send({.cursor = number, .event = std::move(one.event), .order = *std::move(order)}, updates);
  }
  return more;
}

void OrderDelivery::Send(Update update, std::vector<Update>& updates) {
  on_their_way_.push_back(update.cursor);
  sent_ = std::max(sent_, update.cursor);
  updates.push_back(std::move(update));
}

std::optional<bool> OrderDelivery::Acknowledge(uint64_t cursor) {
  if (cursor > sent_) return std::nullopt;
  while (!on_their_way_.empty() && on_their_way_.front() < cursor) on_their_way_.pop_front();
  if (!on_their_way_.empty() && on_their_way_.front() == cursor) on_their_way_.pop_front();
  const bool is_newer = cursor > acknowledged_;
  acknowledged_ = std::max(acknowledged_, cursor);
  return is_newer;
}

}  // namespace stockd::sync
