// The reads and writes of SqliteWriter about reconciliations.
#include "daemon/storage/position_list.h"
#include "daemon/storage/rows.h"
#include "daemon/storage/sqlite_writer.h"

namespace stockd::storage {

Quantity SqliteWriter::OnHandAsOf(PositionKey key, Timestamp instant) {
  if (failed()) return 0;
  Quantity counted = 0;
  Timestamp counted_at = kTimestampMin;
  {
    Statement& find = statements_.find_count_until;
    const ResetGuard reset(find);
    find.Integer(StoredKey(key)).Integer(ToMicros(instant));
    if (StepRow(find, "look up a count")) {
      counted_at = FromMicros(find.integer(0));
      counted = find.integer(1);
    }
  }
  if (failed()) return 0;
  Statement& sum = statements_.delta_between;
  const ResetGuard reset(sum);
  sum.Integer(StoredKey(key)).Integer(ToMicros(counted_at)).Integer(ToMicros(instant));
  return counted + (StepRow(sum, "add up facts") ? sum.integer(0) : 0);
}

void SqliteWriter::WalkBack(PositionKey key, Sequence version,
                            const std::function<bool(const ledger::JournalEntry&)>& each) {
  while (version != 0 && !failed()) {
    Statement& find = statements_.find_entry;
    const ResetGuard reset(find);
    find.Number(version);
    const bool found = StepRow(find, "read a position's history");
    if (failed()) return;
    ledger::JournalEntry entry;
    if (found) entry = ReadJournalEntry(find);
    if (!found || entry.position != key || entry.previous >= version) {
      FailDamaged("journal entry " + std::to_string(version));
      return;
    }
    version = entry.previous;
    if (!each(entry)) return;
  }
}

int64_t SqliteWriter::BeginReconciliation(const Reconciliation& reconciliation) {
  if (failed()) return 0;
  // What an interrupted one of the same snapshot left is of no use to anybody.
  statements_.forget_drifts.Number(ToNumber(reconciliation.source))
      .Text(reconciliation.snapshot_id);
  Run(statements_.forget_drifts, "forget an unfinished reconciliation");
  if (failed()) return 0;
  statements_.forget_reconciliation.Number(ToNumber(reconciliation.source))
      .Text(reconciliation.snapshot_id);
  Run(statements_.forget_reconciliation, "forget an unfinished reconciliation");
  if (failed()) return 0;
  statements_.insert_reconciliation.Number(ToNumber(reconciliation.source))
      .Text(reconciliation.snapshot_id)
      .Integer(ToMicros(reconciliation.as_of))
      .Integer(ToMicros(reconciliation.made_at));
  Run(statements_.insert_reconciliation, "save a reconciliation");
  return sqlite3_last_insert_rowid(connection_.handle());
}

void SqliteWriter::SaveDrift(int64_t reconciliation, const Drift& drift) {
  if (failed()) return;
  statements_.save_drift.Integer(reconciliation)
      .Integer(StoredKey(drift.position))
      .Integer(drift.expected)
      .Integer(drift.stated)
      .Integer(static_cast<int>(drift.cause))
      .Integer(drift.repaired ? 1 : 0);
  Run(statements_.save_drift, "save a difference");
}

void SqliteWriter::EndReconciliation(int64_t reconciliation, int64_t position_count) {
  if (failed()) return;
  statements_.end_reconciliation.Integer(position_count).Integer(reconciliation);
  Run(statements_.end_reconciliation, "save a reconciliation");
}

}  // namespace stockd::storage
