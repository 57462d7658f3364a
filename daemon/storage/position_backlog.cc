#include "daemon/storage/position_backlog.h"

#include "daemon/storage/position_list.h"

namespace stockd::storage {

void PositionBacklog::Start(int64_t lag_max, Sequence written_through) {
  lag_max_ = std::max<int64_t>(lag_max, 1);
  written_through_ = written_through;
}

void PositionBacklog::BeginRound(Sequence newest) {
  round_.clear();
  round_.reserve(waiting_.size());
  for (const auto& [key, row] : waiting_) round_.push_back(StoredKey(key));
  std::sort(round_.begin(), round_.end());
  next_ = 0;
  round_through_ = newest;
  shared_at_ = newest;
}

size_t PositionBacklog::Share(Sequence newest) {
  const auto lag_max = static_cast<uint64_t>(lag_max_);
  if (round_.empty()) {
    if (newest < written_through_ + lag_max) return 0;
    BeginRound(newest);
    return 1;
  }
  const uint64_t grown = newest - std::min(newest, shared_at_);
  // Rounded up, so that a round ends no later than it should.
  const uint64_t share = (round_.size() * grown + lag_max - 1) / lag_max;
  if (share > 0) shared_at_ = newest;
  return share;
}

}  // namespace stockd::storage
