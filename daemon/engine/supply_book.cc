#include "daemon/engine/supply_book.h"

#include <algorithm>

namespace stockd::engine {

std::optional<ledger::Supply> SupplyBook::Find(std::string_view id) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto found = by_id_.find(absl::string_view(id.data(), id.size()));
  if (found == by_id_.end()) return std::nullopt;
  return found->second;
}

void SupplyBook::Put(const ledger::Supply& supply) {
  const absl::MutexLock lock(&mutex_);
  if (const auto known = by_id_.find(supply.id); known != by_id_.end()) {
    const PositionKey at = known->second.position;
    std::vector<std::string>& ids = ids_at_[at];
    std::erase(ids, supply.id);
    if (ids.empty()) ids_at_.erase(at);
    by_id_.erase(known);
  }
  if (supply.quantity == 0) return;
  by_id_.emplace(supply.id, supply);
  ids_at_[supply.position].push_back(supply.id);
}

std::vector<ledger::Supply> SupplyBook::At(PositionKey key) const {
  const absl::ReaderMutexLock lock(&mutex_);
  std::vector<ledger::Supply> supplies;
  if (const auto found = ids_at_.find(key); found != ids_at_.end()) {
    for (const std::string& id : found->second) supplies.push_back(by_id_.at(id));
  }
  return supplies;
}

Quantity SupplyBook::Incoming(PositionKey key) const {
  const absl::ReaderMutexLock lock(&mutex_);
  if (ids_at_.empty()) return 0;
  Quantity sum = 0;
  if (const auto found = ids_at_.find(key); found != ids_at_.end()) {
    for (const std::string& id : found->second) sum += by_id_.at(id).quantity;
  }
  return std::min(sum, kFigureMax);
}

}  // namespace stockd::engine
