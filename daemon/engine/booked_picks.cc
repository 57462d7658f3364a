#include "daemon/engine/booked_picks.h"

namespace stockd::engine {

int BookedPicks::Count(LocationId location, const fulfilment::PickSlot& slot) const {
  const absl::ReaderMutexLock lock(&mutex_);
  int count = 0;
  for (auto at = counts_.lower_bound({location, slot.start});
       at != counts_.end() && at->first.first == location && at->first.second < slot.end; ++at) {
    count += at->second;
  }
  return count;
}

void BookedPicks::Add(LocationId location, Timestamp slot_start, int change) {
  const absl::MutexLock lock(&mutex_);
  const auto at = counts_.try_emplace({location, slot_start}, 0).first;
  at->second += change;
  if (at->second == 0) counts_.erase(at);
}

void BookedPicks::Forget(Timestamp before) {
  const absl::MutexLock lock(&mutex_);
  absl::erase_if(counts_, [before](const auto& slot) { return slot.first.second < before; });
}

}  // namespace stockd::engine
