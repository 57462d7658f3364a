#pragma once

#include <absl/synchronization/mutex.h>

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "daemon/fulfilment/order_event.h"

namespace stockd::engine {

// The latest events of orders, in the order of their numbers, in a ring of fixed size. Every reader
// keeps its own cursor. Thread-safe.
class OrderLog {
 public:
  explicit OrderLog(size_t capacity = size_t{1} << 14);

  // Sets where the log begins; what came before is only in the database. Called once, before
  // everything else.
  void Start(uint64_t newest);

  // Adds the events of one commit and wakes the listeners. Called by the writer.
  void Append(std::span<const fulfilment::OrderEvent> events);

  // At most `limit` events after `after`, oldest first. Empty optional: some of them are not in the
  // ring any more; storage::Reader::ListOrderEvents() has them.
  std::optional<std::vector<fulfilment::OrderEvent>> Read(uint64_t after, size_t limit) const;

  // Number of the newest event; 0: there was none.
  uint64_t newest() const;

  // Calls `listener` after each Append(), on the caller's thread: it must be quick and must not
  // come back here. Listeners are never removed; they live as long as the log. Called before the
  // writer starts.
  void Listen(std::function<void()> listener);

 private:
  mutable absl::Mutex mutex_;
  // The event with number n is at n % size.
  std::vector<fulfilment::OrderEvent> ring_ ABSL_GUARDED_BY(mutex_);
  uint64_t forgotten_ ABSL_GUARDED_BY(mutex_) = 0;  // Events up to here are not in the ring.
  uint64_t newest_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::function<void()>> listeners_;  // Constant once the writer runs.
};

}  // namespace stockd::engine
