#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/engine/engine.h"
#include "stockd/v1/adapter_service.pb.h"

namespace stockd::sync {

// What a snapshot did.
struct SnapshotOutcome {
  int64_t unchanged = 0;
  int64_t changed = 0;
  int64_t overtaken = 0;
  int64_t set_aside = 0;
};

// Gathers the rows of one snapshot and applies them once it is complete: nothing is effective
// before. The rows are then applied in pieces of a few thousand, each its own commit, so that a
// large snapshot never holds up other commands; a snapshot that is interrupted there is simply sent
// again. Thread-compatible until Apply().
class SnapshotIntake {
 public:
  // `applies` false: rows are compared but not applied (the source is only audited); changed rows
  // count as overtaken.
  SnapshotIntake(engine::Engine& engine, SourceId source, std::string snapshot_id, Timestamp as_of,
                 bool applies);

  // Adds a row. Unknown names and impossible quantities go to quarantine at the end, and so does
  // every row of a snapshot whose instant is outside facts.look_back and facts.future_tolerance.
  void Add(const v1::SnapshotRow& row);

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

  // Applies the piece that begins at `next_` and hands itself on to the following one.
  static void ApplyNext(std::shared_ptr<SnapshotIntake> intake);
  void ApplyPiece(engine::UnitOfWork& unit);
  void SetAsideRefused(engine::UnitOfWork& unit);
  void SetAsideRow(engine::UnitOfWork& unit, const v1::SnapshotRow& row, ledger::Reason reason);
  // Why the whole snapshot may not be applied; kNone when it may.
  ledger::Reason OutOfLimits(Timestamp now) const;
  v1::SnapshotRow AsRow(const Row& row) const;
  v1::Fact AsFact(const v1::SnapshotRow& row) const;

  engine::Engine& engine_;
  ledger::Snapshot snapshot_;
  const bool applies_;
  // The names of the last row that was added, and their numbers.
  std::string last_sku_;
  std::string last_code_;
  ItemId last_item_ = kNoItem;
  LocationId last_location_ = kNoLocation;
  std::vector<Row> rows_;
  std::vector<Refused> refused_;
  size_t next_ = 0;
  bool known_ = false;
  SnapshotOutcome outcome_;
  std::function<void(engine::CommitOutcome, const SnapshotOutcome&)> done_;
};

}  // namespace stockd::sync
