#include "daemon/engine/order_batch.h"

#include <utility>

#include "daemon/base/check.h"

namespace stockd::engine {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

OrderBatch::OrderBatch(storage::Store& store, Catalogue& catalogue, OrderMemory& memory,
                       const storage::Counters& counters, const PickupCodes& codes)
    : store_(store),
      catalogue_(catalogue),
      memory_(memory),
      codes_(codes),
      order_number_(counters.order_number),
      event_number_(counters.order_event_number) {}

std::optional<std::string> OrderBatch::TakeChanged() {
  if (changed_.empty()) return std::nullopt;
  const uint64_t number = *changed_.begin();
  changed_.erase(changed_.begin());
  return memory_.orders.Find(number)->id;
}

void OrderBatch::WritePending() {
  for (const auto& [number, pending] : pending_) {
    const fulfilment::Order& order = *memory_.orders.Find(number);
    if (pending == Pending::kInsert) {
      store_.InsertOrder(order);
    } else {
      store_.UpdateOrder(order);
    }
  }
  for (const fulfilment::OrderEvent& event : events_) store_.AppendOrderEvent(event);
  for (const auto& [request_id, request] : answers_) {
    store_.AddOrderRequest(request_id, request, now_);
  }
}

void OrderBatch::Publish() {
  for (const auto& [number, pending] : pending_) loaded_.insert(number);
  for (const uint64_t number : loaded_) {
    if (memory_.orders.Find(number)->closed()) memory_.orders.Remove(number);
  }
  memory_.open_count.store(static_cast<int64_t>(memory_.orders.size()), std::memory_order_relaxed);
  pending_.clear();
  loaded_.clear();
  answers_.clear();
  hours_.clear();
  memory_.log.Append(events_);
  events_.clear();
}

fulfilment::Order* OrderBatch::FindOrder(std::string_view id) {
  if (fulfilment::Order* order = memory_.orders.Find(id)) return order;
  auto stored = store_.FindOrder(id);
  if (!stored) return nullptr;
  loaded_.insert(stored->number);
  return &memory_.orders.Add(std::move(*stored));
}

fulfilment::Order& OrderBatch::AddOrder(fulfilment::Order order) {
  order.number = ++order_number_;
  pending_[order.number] = Pending::kInsert;
  changed_.insert(order.number);
  return memory_.orders.Add(std::move(order));
}

void OrderBatch::OrderChanged(fulfilment::Order& order, const fulfilment::Order& before) {
  memory_.orders.Reindex(order, before);
  pending_.try_emplace(order.number, Pending::kUpdate);
  changed_.insert(order.number);
}

void OrderBatch::AppendEvent(fulfilment::OrderEvent event) {
  event.number = ++event_number_;
  event.recorded_at = now_;
  events_.push_back(std::move(event));
}

std::optional<fulfilment::AnsweredOrder> OrderBatch::FindOrderRequest(std::string_view request_id) {
  const auto found = answers_.find(View(request_id));
  if (found != answers_.end()) return found->second;
  return store_.FindOrderRequest(request_id);
}

void OrderBatch::AddOrderRequest(std::string_view request_id, fulfilment::AnsweredOrder request) {
  answers_.try_emplace(View(request_id), std::move(request));
}

const fulfilment::OpenTime& OrderBatch::hours(LocationId location) {
  auto& known = hours_[location];
  if (known == nullptr) known = catalogue_.OpenTimeOf(location);
  return *known;
}

bool OrderBatch::collects(LocationId location) {
  const auto found = catalogue_.Location(location);
  return found && found->collects;
}

bool OrderBatch::ships(LocationId location) {
  const auto found = catalogue_.Location(location);
  return found && found->ships;
}

SourceId OrderBatch::own_source() {
  if (own_source_ == kNoSource) own_source_ = catalogue_.FindSource(kOwnSource);
  if (own_source_ == kNoSource) {
    const storage::Source source = catalogue_.PutSource({.name = std::string(kOwnSource)});
    store_.SaveSource(source);
    own_source_ = source.id;
  }
  return own_source_;
}

}  // namespace stockd::engine
