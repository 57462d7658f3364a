#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/engine/engine.h"
#include "daemon/storage/reader.h"
#include "daemon/sync/source_records.h"

namespace stockd::sync {

// What became of a repair.
struct RepairResult {
  int64_t repaired = 0;   // Counts recorded now.
  int64_t overtaken = 0;  // Positions with a later count: nothing to repair.
};

// Takes a source's figures of a reconciliation for true, by facts like any other: a count of the
// source as of the reconciliation's instant for each position. A repair that is asked for again
// finds them. Of a source that shows levels the difference is counted, on top of what stood there.
// Thread-safe.
class DriftRepair {
 public:
  DriftRepair(engine::Engine& engine, storage::Reader& reader, SourceRecords& records)
      : engine_(engine), reader_(reader), records_(records) {}

  using Done = std::function<void(engine::CommitOutcome, const RepairResult&)>;

  // Repairs these positions, at most 1000, in one commit; those that did not differ are passed
  // over. Throws storage::ReadError.
  void Repair(const storage::Reconciliation& reconciliation,
              const std::vector<PositionKey>& positions, Done done);
  // Repairs all whose cause is unknown, page by page. `done` is called at the end, or with the
  // first page that did not commit.
  void RepairUnknown(const storage::Reconciliation& reconciliation, Done done);

 private:
  struct Walk;

  void RepairPage(std::shared_ptr<Walk> walk);
  void Submit(const storage::Reconciliation& reconciliation, std::vector<storage::Drift> drifts,
              Done done);

  engine::Engine& engine_;
  storage::Reader& reader_;
  SourceRecords& records_;
};

// The event id of the count that repairs a position: always the same, at most 128 bytes.
std::string RepairEventId(const std::string& reconciliation_id, const std::string& sku,
                          const std::string& location);

}  // namespace stockd::sync
