#pragma once

#include <absl/container/btree_map.h>
#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/mutex.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/engine/unit_of_work.h"
#include "daemon/storage/source_rows.h"

namespace stockd::sync {

// Levels that sources did not take: tried again after a pause that doubles, 1 second at first and 5
// minutes at most, give or take a quarter; given up after ten attempts. What was given up is sent
// again when its level changes, or when somebody asks. On disk and in memory. Thread-safe; changed
// inside a task only.
class RefusedLevels {
 public:
  static constexpr int kAttemptsMax = 10;

  void Load(const std::vector<storage::RefusedLevel>& levels);

  struct Refusal {
    SourceId source = kNoSource;
    PositionKey position{};
    Sequence version = 0;
    std::string_view reason;
    bool final = false;  // It will not pass: given up at once.
  };
  void Refuse(engine::UnitOfWork& unit, const Refusal& refusal);
  // The source took a level of this position.
  void Applied(engine::UnitOfWork& unit, SourceId source, PositionKey position);
  // Makes these (empty: all of the source) due now, also what was given up. Returns how many.
  int RetryNow(engine::UnitOfWork& unit, SourceId source, std::span<const PositionKey> positions);

  bool Any(SourceId source) const;
  bool Has(SourceId source, PositionKey position) const;
  // By source, then position; kNoSource: of every source.
  std::vector<storage::RefusedLevel> List(SourceId source) const;
  int64_t Count(SourceId source) const;

  // A session of the source begins: nothing is on its way.
  void SessionBegins(SourceId source);
  // Positions to send again. They count as on their way until they are refused or applied.
  std::vector<PositionKey> TakeDue(SourceId source, Timestamp now);

 private:
  struct Row {
    storage::RefusedLevel level;
    bool sent = false;  // Sent again, and not answered yet.
  };
  using Rows = absl::btree_map<PositionKey, Row>;

  mutable absl::Mutex mutex_;
  absl::btree_map<SourceId, Rows> rows_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::sync
