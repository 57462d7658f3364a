#pragma once

#include <absl/container/flat_hash_map.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/engine/engine.h"
#include "daemon/sync/comparison.h"
#include "daemon/sync/source_names.h"
#include "daemon/sync/told_facts.h"
#include "stockd/v1/adapter_service.pb.h"

namespace stockd::sync {

// What a snapshot did.
struct SnapshotOutcome {
  int64_t unchanged = 0;
  int64_t changed = 0;
  int64_t overtaken = 0;
  int64_t set_aside = 0;
  int64_t echoes = 0;  // Part of `unchanged`: levels of ours that came back.
};

// Gathers the rows of one snapshot and applies them once it is complete: nothing is effective
// before. The rows are then applied in pieces of a few thousand, each its own commit, so that a
// large snapshot never holds up other commands; a snapshot that is interrupted there is simply sent
// again. Thread-compatible until Apply().
class SnapshotIntake {
 public:
  // Rows are treated as the source's rules say. `compare_only`, and a source whose absolute
  // quantities are nowhere applied: rows are compared, whatever the instant, and a reconciliation
  // is made of them; rows that differ count as overtaken, and those with unknown names as set aside
  // though nobody could apply them later. `devices` and `records` outlive the engine.
  SnapshotIntake(engine::Engine& engine, const DeviceBook& devices, SourceId source,
                 SourceRecords& records, std::string snapshot_id, Timestamp as_of,
                 bool compare_only);

  // Adds a row. Unknown names and impossible quantities go to quarantine at the end, and so does
  // every row of a snapshot whose instant is outside facts.look_back and facts.future_tolerance.
  void Add(const v1::SnapshotRow& row);
  // Adds the rows of a chunk, fastest when they come in some order.
  void Add(const v1::SnapshotChunk& chunk);

  int64_t row_count() const { return static_cast<int64_t>(rows_.size() + refused_.size()); }
  const std::string& snapshot_id() const { return snapshot_.id; }

  // Applies everything; `done` is called once, on the completion thread, when all of it is durable
  // or refused. A snapshot that was taken before changes nothing and reports zeros.
  static void Apply(std::shared_ptr<SnapshotIntake> intake,
                    std::function<void(engine::CommitOutcome, const SnapshotOutcome&)> done);

 private:
  using Row = engine::AvailabilityIndex::CountedRow;
  struct Refused {
    v1::SnapshotRow row;
    ledger::Reason reason;
  };

  LocationId FindLocation(const std::string& code);
  void OrderLastPiece();
  // Applies the piece that begins at `next_` and hands itself on to the following one.
  static void ApplyNext(std::shared_ptr<SnapshotIntake> intake);
  void ApplyPiece(engine::UnitOfWork& unit);
  void ApplyRows(engine::UnitOfWork& unit);
  void ApplyCounts(engine::UnitOfWork& unit, std::span<const Row> rows);
  void ApplyByRules(engine::UnitOfWork& unit, std::span<const Row> rows,
                    std::span<const Sequence> versions);
  // Writes the next of the rows that wait for it.
  void WriteRows(engine::UnitOfWork& unit);
  void TakeDifference(engine::UnitOfWork& unit, const ToldRow& row);
  // Notes that the snapshot was taken, once nothing is left to do.
  void FinishIfDone(engine::UnitOfWork& unit);
  void SetAsideRefused(engine::UnitOfWork& unit);
  void SetAsideRow(engine::UnitOfWork& unit, const v1::SnapshotRow& row, ledger::Reason reason);
  // Why the whole snapshot may not be applied; kNone when it may.
  ledger::Reason OutOfLimits(Timestamp now) const;
  v1::SnapshotRow AsRow(const Row& row) const;
  v1::Fact AsFact(const v1::SnapshotRow& row) const;

  engine::Engine& engine_;
  SourceRecords& records_;
  const std::shared_ptr<const SourceRights> rights_;
  ledger::Snapshot snapshot_;
  const bool applies_;
  std::optional<Comparison> comparison_;  // Of the rows that are only compared.
  // The names of the last row that was added, and their numbers.
  std::string last_sku_;
  std::string last_code_;
  NamedPosition last_item_{.reason = ledger::Reason::kSkuUnknown};
  LocationId last_location_ = kNoLocation;
  absl::flat_hash_map<std::string, LocationId> locations_;  // Those of the chunk.
  std::vector<Row> rows_;
  // Rows as they were told, by position and quantity of ours; only of a source with mappings.
  absl::flat_hash_map<std::pair<uint64_t, Quantity>, v1::SnapshotRow> told_;
  std::vector<Sequence> versions_;  // One for each row, if the source has rules.
  std::vector<Refused> refused_;
  size_t next_ = 0;
  std::vector<Row> to_write_;  // Rows of the last piece that do not simply confirm the figure.
  bool finished_ = false;
  SnapshotOutcome outcome_;
  std::function<void(engine::CommitOutcome, const SnapshotOutcome&)> done_;
};

}  // namespace stockd::sync
