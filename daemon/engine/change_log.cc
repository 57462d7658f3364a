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
  begin_ = sequence;
}

void ChangeLog::Append(std::span<const Change> changes, Timestamp now) {
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
    commits_[commit_count_++ % kCommitsKept] = {.newest = newest_, .at = now};
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

std::optional<Timestamp> ChangeLog::DecidedAt(Sequence sequence) const {
  const absl::MutexLock lock(&mutex_);
  const size_t kept = std::min(commit_count_, kCommitsKept);
  // Binary search for the first commit that brought it, or a later one.
  size_t low = commit_count_ - kept;
  size_t high = commit_count_;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (commits_[middle % kCommitsKept].newest >= sequence) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  if (sequence <= begin_ || low == commit_count_) return std::nullopt;
  // The oldest commit of a full ring may not be the first that brought it.
  if (kept == kCommitsKept && low == commit_count_ - kept) return std::nullopt;
  return commits_[low % kCommitsKept].at;
}

void ChangeLog::Listen(std::function<void()> listener) {
  listeners_.push_back(std::move(listener));
}

}  // namespace stockd::engine
