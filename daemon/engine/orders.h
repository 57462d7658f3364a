#pragma once

#include <absl/container/btree_set.h>
#include <absl/container/flat_hash_map.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/fulfilment/order.h"

namespace stockd::engine {

// Every order that is not closed, in memory, findable by id, by the claims behind it and by the
// instant at which it changes by itself. Closed ones that a batch looks at are in here until its
// end. Thread-compatible: belongs to the writer thread.
class Orders {
 public:
  // Null when there is none. The pointer is valid until Remove().
  fulfilment::Order* Find(std::string_view id);
  fulfilment::Order* Find(uint64_t number);
  // The order whose fulfilments are backed by this reservation.
  fulfilment::Order* FindByClaim(std::string_view reservation_id);

  // REQUIRES: a number and an id that are not in here.
  fulfilment::Order& Add(fulfilment::Order order);
  void Remove(uint64_t number);

  // Brings the indexes in step with an order that changed.
  void Reindex(const fulfilment::Order& order, const fulfilment::Order& before);

  // The order that is due first; null when none will be.
  fulfilment::Order* NextDue();
  // kTimestampMax when none will be.
  Timestamp next_due() const { return due_.empty() ? kTimestampMax : due_.begin()->first; }

  size_t size() const { return by_number_.size(); }

 private:
  void AddToIndexes(const fulfilment::Order& order);
  void RemoveFromIndexes(const fulfilment::Order& order);

  absl::flat_hash_map<uint64_t, std::unique_ptr<fulfilment::Order>> by_number_;
  // The keys view the orders' own ids, which never change.
  absl::flat_hash_map<absl::string_view, fulfilment::Order*> by_id_;
  absl::flat_hash_map<std::string, fulfilment::Order*> by_claim_;
  absl::btree_set<std::pair<Timestamp, uint64_t>> due_;
};

}  // namespace stockd::engine
