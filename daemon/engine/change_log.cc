#include "daemon/engine/change_log.h"

#include <algorithm>
#include <utility>

#include "daemon/base/check.h"

namespace stockd::engine {

ChangeLog::ChangeLog(size_t capacity) : ring_(capacity) { STOCKD_CHECK(capacity > 0); }

void ChangeLog::Start(Sequence sequence) {
  const absl::MutexLock lock(&mutex_);
  forgotten_ = sequence;
  newest_ = sequence;
}

void ChangeLog::Append(std::span<const Change> changes) {
  if (changes.empty()) return;
  {
    const absl::MutexLock lock(&mutex_);
    for (const Change& change : changes) {
      STOCKD_CHECK(change.sequence > newest_);
      Change& slot = ring_[appended_ % ring_.size()];
      if (appended_ >= ring_.size()) forgotten_ = slot.sequence;
      slot = change;
      newest_ = change.sequence;
      ++appended_;
    }
  }
  for (const auto& listener : listeners_) listener();
}

bool ChangeLog::Read(Sequence cursor, size_t limit, std::vector<Change>& changes) const {
  const absl::MutexLock lock(&mutex_);
  if (cursor < forgotten_) return false;
  const size_t kept = std::min(appended_, ring_.size());
  const size_t oldest = appended_ - kept;
  // Binary search for the first change after the cursor.
  size_t low = oldest;
  size_t high = appended_;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (ring_[middle % ring_.size()].sequence > cursor) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  for (; low < appended_ && limit > 0; ++low, --limit) changes.push_back(ring_[low % ring_.size()]);
  return true;
}

Sequence ChangeLog::newest() const {
  const absl::MutexLock lock(&mutex_);
  return newest_;
}

void ChangeLog::Listen(std::function<void()> listener) {
  listeners_.push_back(std::move(listener));
}

}  // namespace stockd::engine
