#pragma once

#include <absl/container/btree_set.h>
#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/mutex.h>

#include <vector>

#include "daemon/engine/unit_of_work.h"
#include "daemon/storage/source_rows.h"

namespace stockd::sync {

// What an absolute quantity of a source tells, given what it showed before.
struct Judgement {
  enum class Kind : uint8_t {
    kFirst,  // Nothing was known of the source: from now on it is.
    kSame,   // It still shows what it showed.
    kEcho,   // It shows the level that was sent to it.
    kMoved,  // Something happened in the source: `delta` units.
    kStale,  // It was read before a level that was written since: it tells nothing.
  };
  Kind kind = Kind::kFirst;
  Quantity delta = 0;     // kMoved only.
  storage::Shadow after;  // What is known from then on.
};

// `level_version` is the version of the newest level written in the source when the quantity was
// read, 0 when that is not known. With it the level that `stated` is compared with is certain. Else
// it is the one that `stated` equals, and failing that the nearest one from above (a source mostly
// sells), and failing that the nearest one.
Judgement JudgeAbsolute(const storage::Shadow& shadow, Quantity stated, Sequence level_version);

// Whether the daemon has sent this version to the source.
bool IsOwnVersion(const storage::Shadow& shadow, Sequence level_version);

// The level that was sent has been written.
storage::Shadow Written(storage::Shadow shadow);

// The version of the position's newest level, inside a task; 0 when it has none.
Sequence NewestVersion(engine::UnitOfWork& unit, PositionKey position);

// What the sources show: rows in the database, read and written by the writer; in memory only which
// positions have a level on its way or owed. Thread-safe; rows are changed inside a task only.
class Shadows {
 public:
  // The shadows with a level on its way or owed, as the database has them.
  void Load(const std::vector<storage::Shadow>& pending);

  static storage::Shadow Find(engine::UnitOfWork& unit, SourceId source, PositionKey position) {
    return unit.store().FindShadow(source, position);
  }
  void Save(engine::UnitOfWork& unit, const storage::Shadow& shadow);
  // Saves what became of `before`, if anything. When the level on its way was written, and there is
  // a newer one, that is owed from now on: it may have been overtaken by the older one, which was
  // sent once more in its place.
  void SaveAfter(engine::UnitOfWork& unit, const storage::Shadow& before, storage::Shadow after);
  // Forgets all of the source.
  void Forget(engine::UnitOfWork& unit, SourceId source);

  // Positions of the source whose level was sent and neither acknowledged nor refused, or is owed.
  std::vector<PositionKey> Pending(SourceId source) const;

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<SourceId, absl::btree_set<PositionKey>> pending_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::sync
