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
// minutes at most, give or take a quarter; given up after ten attempts. Within the pause the
// position is sent nothing, however often its level changes. What was given up is sent again when
// its level changes, or when somebody asks. On disk and in memory. Thread-safe; changed inside a
// task only.
class RefusedLevels {
 public:
  static constexpr int kAttemptsMax = 10;
  // Conflicts one after the other that are answered at once: a source sells while it is written
  // to. From then on each waits its pause, and there is an end.
  static constexpr int kConflictsAtOnce = 3;

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
  // The source answered this version with something else than was expected. How often it has done
  // so one time after the other; counted anew when it took a level in between, when what was given
  // up has changed since, and when the daemon started.
  int NoteConflict(SourceId source, PositionKey position, Sequence version);
  // Makes these (empty: all of the source) due now, also what was given up, and counts their
  // conflicts anew. Returns how many.
  int RetryNow(engine::UnitOfWork& unit, SourceId source, std::span<const PositionKey> positions);

  bool Any(SourceId source) const;
  bool Has(SourceId source, PositionKey position) const;
  // Whether nothing may be sent yet.
  bool Waits(SourceId source, PositionKey position, Timestamp now) const;
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
  struct Conflicts {
    int count = 0;
    Sequence given_up = 0;  // The version that was given up when they were counted anew last.
  };

  // Those of positions that took no level since.
  absl::flat_hash_map<SourceId, absl::flat_hash_map<PositionKey, Conflicts>> conflicts_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::sync
