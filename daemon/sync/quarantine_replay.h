#pragma once

#include <absl/synchronization/mutex.h>

#include <functional>
#include <string>
#include <vector>

#include "daemon/engine/engine.h"
#include "daemon/ledger/facts.h"
#include "daemon/storage/reader.h"
#include "daemon/sync/source_records.h"

namespace stockd::sync {

// What became of facts that were tried again.
struct ReplayResult {
  int64_t applied = 0;
  int64_t duplicates = 0;
  int64_t waiting = 0;
};

// Tries quarantined facts again: when a person asks for it, and by itself when names become known.
// A fact that is applied leaves quarantine in the same commit. Thread-safe.
class QuarantineReplay {
 public:
  QuarantineReplay(engine::Engine& engine, storage::Reader& reader, SourceRecords& records)
      : engine_(engine), reader_(reader), records_(records) {}

  using Done = std::function<void(engine::CommitOutcome, const ReplayResult&)>;

  // Tries these facts again, in one commit; ids that do not wait any more are passed over. At most
  // 1000 ids.
  void Replay(std::vector<int64_t> ids, ledger::LateFacts late, Done done);

  // Tries all waiting facts of a source and reason again (kNoSource, kNone: any), page by page.
  // `done` is called at the end, or with the first page that did not commit.
  void ReplayAll(SourceId source, ledger::Reason reason, ledger::LateFacts late, Done done);

  // Items, locations or mappings were put: tries what waits for a name or its units again, in the
  // background.
  void NamesAdded();

 private:
  struct Walk;

  void ReplayPage(std::shared_ptr<Walk> walk);
  // Tries what waits for the reasons from this one on again.
  void ReplayUnknownNames(size_t next);
  void NamesReplayed();

  engine::Engine& engine_;
  storage::Reader& reader_;
  SourceRecords& records_;
  absl::Mutex mutex_;
  bool replaying_names_ ABSL_GUARDED_BY(mutex_) = false;
  bool names_added_meanwhile_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace stockd::sync
