#include "daemon/engine/orders.h"

#include "daemon/base/check.h"
#include "daemon/fulfilment/order_commands.h"

namespace stockd::engine {
namespace {

// Debian's Abseil has a string_view of its own, which is what its tables look up.
absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

fulfilment::Order* Orders::Find(std::string_view id) {
  const auto found = by_id_.find(View(id));
  return found == by_id_.end() ? nullptr : found->second;
}

fulfilment::Order* Orders::Find(uint64_t number) {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? nullptr : found->second.get();
}

fulfilment::Order* Orders::FindByClaim(std::string_view reservation_id) {
  const auto found = by_claim_.find(View(reservation_id));
  return found == by_claim_.end() ? nullptr : found->second;
}

fulfilment::Order& Orders::Add(fulfilment::Order order) {
  auto kept = std::make_unique<fulfilment::Order>(std::move(order));
  fulfilment::Order& added = *kept;
  const bool number_is_new = by_number_.emplace(added.number, std::move(kept)).second;
  const bool id_is_new = by_id_.emplace(View(added.id), &added).second;
  STOCKD_CHECK(number_is_new && id_is_new);
  AddToIndexes(added);
  return added;
}

void Orders::Remove(uint64_t number) {
  const auto found = by_number_.find(number);
  STOCKD_CHECK(found != by_number_.end());
  RemoveFromIndexes(*found->second);
  by_id_.erase(View(found->second->id));
  by_number_.erase(found);
}

void Orders::Reindex(const fulfilment::Order& order, const fulfilment::Order& before) {
  RemoveFromIndexes(before);
  AddToIndexes(order);
}

void Orders::AddToIndexes(const fulfilment::Order& order) {
  const Timestamp due = fulfilment::NextDue(order);
  if (due != kTimestampMax) due_.emplace(due, order.number);
  for (const fulfilment::Fulfilment& fulfilment : order.fulfilments) {
    if (!fulfilment.claim_id.empty())
      by_claim_[fulfilment.claim_id] = by_number_.at(order.number).get();
  }
}

void Orders::RemoveFromIndexes(const fulfilment::Order& order) {
  due_.erase({fulfilment::NextDue(order), order.number});
  for (const fulfilment::Fulfilment& fulfilment : order.fulfilments) {
    by_claim_.erase(fulfilment.claim_id);
  }
}

fulfilment::Order* Orders::NextDue() { return due_.empty() ? nullptr : Find(due_.begin()->second); }

}  // namespace stockd::engine
