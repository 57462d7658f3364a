#pragma once

#include <absl/container/btree_map.h>
#include <absl/synchronization/mutex.h>

#include <utility>

#include "daemon/base/ids.h"
#include "daemon/base/time.h"
#include "daemon/fulfilment/pick_slots.h"

namespace stockd::engine {

// How many orders are picked at each location in each slot, in memory. Thread-safe; the writer
// thread is the only one that changes it, as its commands take and free slots: a read may be ahead
// of the commit that makes it so.
class BookedPicks {
 public:
  // Orders whose slot at the location began in [slot.start, slot.end).
  int Count(LocationId location, const fulfilment::PickSlot& slot) const;

  void Add(LocationId location, Timestamp slot_start, int change);
  // Forgets slots that began before `before`.
  void Forget(Timestamp before);

 private:
  mutable absl::Mutex mutex_;
  absl::btree_map<std::pair<LocationId, Timestamp>, int> counts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::engine
