#include "daemon/sync/refused_levels.h"

#include <absl/hash/hash.h>

#include <algorithm>
#include <utility>

namespace stockd::sync {
namespace {

constexpr Duration kPauseFirst = std::chrono::seconds(1);
constexpr Duration kPauseMax = std::chrono::minutes(5);
constexpr size_t kReasonBytesMax = 512;

// The pause behind this attempt. Spread by a quarter, so that what was refused together is not
// tried together for ever; by the position and not by chance, so that it can be repeated.
Duration PauseAfter(int attempt, SourceId source, PositionKey position) {
  const Duration pause =
      std::min(kPauseMax, kPauseFirst * (int64_t{1} << std::min(attempt - 1, 20)));
  uint64_t bits = position.packed() * 0x9E3779B97F4A7C15 + ToNumber(source) +
                  static_cast<uint64_t>(attempt) * 0xBF58476D1CE4E5B9;
  bits ^= bits >> 31;
  return pause * 3 / 4 + pause / 2 * static_cast<int64_t>(bits % 1000) / 1000;
}

}  // namespace

void RefusedLevels::Load(const std::vector<storage::RefusedLevel>& levels) {
  const absl::MutexLock lock(&mutex_);
  for (const storage::RefusedLevel& level : levels)
    rows_[level.source][level.position] = {.level = level};
}

void RefusedLevels::Refuse(engine::UnitOfWork& unit, const Refusal& refusal) {
  const absl::MutexLock lock(&mutex_);
  Row& row = rows_[refusal.source][refusal.position];
  storage::RefusedLevel& level = row.level;
  const bool is_new = level.attempts == 0;
  if (is_new) {
    level = {.source = refusal.source, .position = refusal.position, .first_at = unit.now()};
  } else if (!level.retry_at && level.version != refusal.version) {
    level.attempts = 0;  // Given up, and its level changed since.
  }
  ++level.attempts;
  level.version = refusal.version;
  level.reason = std::string(refusal.reason.substr(0, kReasonBytesMax));
  level.retry_at.reset();
  if (!refusal.final && level.attempts < kAttemptsMax) {
    level.retry_at = unit.now() + PauseAfter(level.attempts, refusal.source, refusal.position);
  }
  row.sent = false;
  unit.store().SaveRefusedLevel(level);
}

void RefusedLevels::Applied(engine::UnitOfWork& unit, SourceId source, PositionKey position) {
  const absl::MutexLock lock(&mutex_);
  if (const auto conflicts = conflicts_.find(source); conflicts != conflicts_.end()) {
    conflicts->second.erase(position);
    if (conflicts->second.empty()) conflicts_.erase(conflicts);
  }
  const auto rows = rows_.find(source);
  if (rows == rows_.end() || rows->second.erase(position) == 0) return;
  if (rows->second.empty()) rows_.erase(rows);
  unit.store().DeleteRefusedLevel(source, position);
}

int RefusedLevels::NoteConflict(SourceId source, PositionKey position, Sequence version) {
  const absl::MutexLock lock(&mutex_);
  Conflicts& conflicts = conflicts_[source][position];
  if (const auto rows = rows_.find(source); rows != rows_.end()) {
    const auto row = rows->second.find(position);
    const bool has_changed = row != rows->second.end() && !row->second.level.retry_at &&
                             row->second.level.version != version;
    // Once for each time that it was given up: its corrections change the level, too.
    if (has_changed && conflicts.given_up != row->second.level.version) {
      conflicts = {.count = 0, .given_up = row->second.level.version};
    }
  }
  return ++conflicts.count;
}

int RefusedLevels::RetryNow(engine::UnitOfWork& unit, SourceId source,
                            std::span<const PositionKey> positions) {
  const absl::MutexLock lock(&mutex_);
  const auto rows = rows_.find(source);
  if (rows == rows_.end()) return 0;
  int retrying = 0;
  auto& conflicts = conflicts_[source];
  const auto retry = [&](Row& row) {
    row.level.retry_at = unit.now();
    conflicts.erase(row.level.position);
    row.level.attempts = std::min(row.level.attempts, kAttemptsMax - 1);
    unit.store().SaveRefusedLevel(row.level);
    ++retrying;
  };
  for (const PositionKey position : positions) {
    if (const auto row = rows->second.find(position); row != rows->second.end()) retry(row->second);
  }
  if (positions.empty()) {
    for (auto& [position, row] : rows->second) retry(row);
  }
  return retrying;
}

bool RefusedLevels::Any(SourceId source) const {
  const absl::ReaderMutexLock lock(&mutex_);
  return rows_.contains(source);
}

bool RefusedLevels::Has(SourceId source, PositionKey position) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto rows = rows_.find(source);
  return rows != rows_.end() && rows->second.contains(position);
}

bool RefusedLevels::Waits(SourceId source, PositionKey position, Timestamp now) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto rows = rows_.find(source);
  if (rows == rows_.end()) return false;
  const auto row = rows->second.find(position);
  return row != rows->second.end() && row->second.level.retry_at &&
         *row->second.level.retry_at > now;
}

std::vector<storage::RefusedLevel> RefusedLevels::List(SourceId source) const {
  std::vector<storage::RefusedLevel> list;
  const absl::ReaderMutexLock lock(&mutex_);
  for (const auto& [id, rows] : rows_) {
    if (source != kNoSource && id != source) continue;
    for (const auto& [position, row] : rows) list.push_back(row.level);
  }
  return list;
}

int64_t RefusedLevels::Count(SourceId source) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto rows = rows_.find(source);
  return rows == rows_.end() ? 0 : static_cast<int64_t>(rows->second.size());
}

void RefusedLevels::SessionBegins(SourceId source) {
  const absl::MutexLock lock(&mutex_);
  const auto rows = rows_.find(source);
  if (rows == rows_.end()) return;
  for (auto& [position, row] : rows->second) row.sent = false;
}

std::vector<PositionKey> RefusedLevels::TakeDue(SourceId source, Timestamp now) {
  std::vector<PositionKey> due;
  const absl::MutexLock lock(&mutex_);
  const auto rows = rows_.find(source);
  if (rows == rows_.end()) return due;
  for (auto& [position, row] : rows->second) {
    if (row.sent || !row.level.retry_at || *row.level.retry_at > now) continue;
    row.sent = true;
    due.push_back(position);
  }
  return due;
}

}  // namespace stockd::sync
