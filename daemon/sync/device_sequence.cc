#include "daemon/sync/device_sequence.h"

#include <algorithm>
#include <utility>

#include "daemon/base/check.h"

namespace stockd::sync {

void DeviceSequence::LoadGap(const storage::DeviceGap& gap) {
  gaps_[gap.first] = {.last = gap.last, .noticed_at = gap.noticed_at, .told = true};
  missing_ += gap.last - gap.first + 1;
}

bool DeviceSequence::Accepts(uint64_t number) const {
  if (number == 0 || number > kDeviceNumberMax) return false;
  return first_ == 0 || (number <= newest_ + kDeviceJumpMax && number + kDeviceJumpMax >= first_);
}

void DeviceSequence::Take(uint64_t number, Timestamp now) {
  STOCKD_CHECK(Accepts(number));
  if (first_ == 0) {
    first_ = newest_ = number;
    moved_ = true;
  } else if (number > newest_) {
    if (number > newest_ + 1) Open(newest_ + 1, number - 1, now);
    newest_ = number;
    moved_ = true;
  } else if (number < first_) {
    if (number + 1 < first_) Open(number + 1, first_ - 1, now);
    first_ = number;
    moved_ = true;
  } else {
    Fill(number);
  }
  while (gaps_.size() > kDeviceGapsMax) MergeSmallest();
}

void DeviceSequence::Open(uint64_t first, uint64_t last, Timestamp now) {
  Put(first, {.last = last, .noticed_at = now});
  missing_ += last - first + 1;
}

void DeviceSequence::Fill(uint64_t number) {
  auto at = gaps_.upper_bound(number);
  if (at == gaps_.begin()) return;
  --at;
  const uint64_t first = at->first;
  Gap gap = at->second;
  if (number > gap.last) return;
  --missing_;
  if (first == gap.last) {
    if (gap.told) closed_.push_back({first, gap.last, gap.noticed_at});
    Erase(first);
  } else if (number == first) {
    Erase(first);
    Put(first + 1, gap);
  } else {
    const uint64_t last = std::exchange(gap.last, number - 1);
    Put(first, gap);
    gap.last = last;
    if (number < last) Put(number + 1, gap);
  }
}

void DeviceSequence::MergeSmallest() {
  const auto smallest = gaps_.begin();
  const auto next = std::next(smallest);
  const uint64_t first = smallest->first;
  const Gap merged{.last = next->second.last,
                   .noticed_at = std::min(smallest->second.noticed_at, next->second.noticed_at),
                   .told = smallest->second.told && next->second.told};
  const uint64_t taken_between = next->first - smallest->second.last - 1;
  missing_ += taken_between;
  merged_numbers_ += taken_between;
  Erase(next->first);
  Put(first, merged);
}

void DeviceSequence::Put(uint64_t first, const Gap& gap) {
  gaps_[first] = gap;
  touched_.insert(first);
}

void DeviceSequence::Erase(uint64_t first) {
  gaps_.erase(first);
  touched_.insert(first);
}

DeviceSequence::Changes DeviceSequence::TakeChanges() {
  Changes changes{.moved = std::exchange(moved_, false),
                  .closed = std::exchange(closed_, {}),
                  .merged_numbers = std::exchange(merged_numbers_, 0)};
  for (const uint64_t first : touched_) {
    const auto found = gaps_.find(first);
    if (found == gaps_.end()) {
      changes.gone.push_back(first);
      continue;
    }
    Gap& gap = found->second;
    changes.changed.push_back({first, gap.last, gap.noticed_at});
    if (!std::exchange(gap.told, true)) changes.opened.push_back(changes.changed.back());
  }
  touched_.clear();
  return changes;
}

uint64_t DeviceSequence::complete_until() const {
  return gaps_.empty() ? newest_ : gaps_.begin()->first - 1;
}

std::vector<storage::DeviceGap> DeviceSequence::Gaps(size_t limit) const {
  std::vector<storage::DeviceGap> gaps;
  for (const auto& [first, gap] : gaps_) {
    if (gaps.size() == limit) break;
    gaps.push_back({first, gap.last, gap.noticed_at});
  }
  return gaps;
}

}  // namespace stockd::sync
