#pragma once

#include <absl/container/flat_hash_map.h>

#include <deque>
#include <span>
#include <string>

#include "daemon/engine/unit_of_work.h"
#include "daemon/storage/reconciliation_row.h"
#include "daemon/sync/device_book.h"

namespace stockd::sync {

// Compares the rows of one snapshot with what is known and makes a reconciliation of the
// differences. What the memory can answer is answered at once; rows that need the database wait and
// are worked off in small portions, so that a large snapshot never holds up other commands.
// Belongs to the writer thread; each call is part of the batch of the moment.
class Comparison {
 public:
  using Row = engine::AvailabilityIndex::CountedRow;

  // `devices` outlives the comparison. `tracked`: what the source shows is followed, so its figures
  // are compared with that.
  Comparison(const DeviceBook& devices, SourceId source, bool tracked, std::string snapshot_id,
             Timestamp as_of);

  // Compares rows, or lets them wait.
  void Compare(engine::UnitOfWork& unit, std::span<const Row> rows);
  bool rows_wait() const { return !waiting_.empty(); }
  // Compares a portion of the rows that wait.
  void Resume(engine::UnitOfWork& unit);
  // Makes the reconciliation visible. Called once, when no row waits.
  void End(engine::UnitOfWork& unit);

  // Rows so far that agreed, and that did not.
  int64_t same() const { return same_; }
  int64_t different() const { return different_; }

 private:
  void Begin(engine::UnitOfWork& unit);
  void CompareNow(engine::UnitOfWork& unit, const Row& row);
  bool FactsMissing(LocationId location);

  const DeviceBook& devices_;
  const SourceId source_;
  const bool tracked_;
  const std::string snapshot_id_;
  const Timestamp as_of_;
  int64_t number_ = 0;  // The reconciliation's; 0: not begun.
  std::deque<Row> waiting_;
  absl::flat_hash_map<LocationId, bool> facts_missing_;  // As far as it was asked.
  int64_t same_ = 0;
  int64_t different_ = 0;
};

}  // namespace stockd::sync
