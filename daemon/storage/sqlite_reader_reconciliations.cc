// The questions to SqliteReader about reconciliations.
#include "daemon/storage/position_list.h"
#include "daemon/storage/sqlite_reader.h"

namespace stockd::storage {
namespace {

ReconciliationSums ReadSums(const Statement& row) {
  return {.reconciliation = {.number = row.integer(0),
                             .source = SourceId{static_cast<uint32_t>(row.integer(1))},
                             .snapshot_id = std::string(row.text(2)),
                             .as_of = FromMicros(row.integer(3)),
                             .made_at = FromMicros(row.integer(4)),
                             .position_count = row.integer(5)},
          .drift_positions = row.integer(6),
          .drift = row.integer(7),
          .repaired = row.integer(8)};
}

Drift ReadDrift(const Statement& row) {
  return {.position = KeyFromStored(row.integer(0)),
          .expected = row.integer(1),
          .stated = row.integer(2),
          .cause = static_cast<DriftCause>(row.integer(3)),
          .repaired = row.integer(4) != 0};
}

}  // namespace

std::optional<ReconciliationSums> SqliteReader::FindReconciliation(SourceId source,
                                                                   std::string_view snapshot_id) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& find = lease->find_reconciliation;
  const ResetGuard reset(find);
  find.Number(ToNumber(source)).Text(snapshot_id);
  if (!StepRow(*lease, find, "look up a reconciliation")) return std::nullopt;
  return ReadSums(find);
}

Page<ReconciliationSums> SqliteReader::ListReconciliations(SourceId source, int64_t before,
                                                           int limit) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& list = lease->list_reconciliations;
  const ResetGuard reset(list);
  list.Number(ToNumber(source)).Integer(before).Integer(int64_t{limit} + 1);
  Page<ReconciliationSums> page;
  while (StepRow(*lease, list, "list reconciliations")) {
    AddRow(page, ReadSums(list), limit);
  }
  return page;
}

std::vector<ItemDrift> SqliteReader::ItemDrifts(int64_t reconciliation) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& list = lease->list_item_drifts;
  const ResetGuard reset(list);
  list.Integer(reconciliation);
  std::vector<ItemDrift> drifts;
  while (StepRow(*lease, list, "add up differences")) {
    drifts.push_back({.unit_cost_micros = list.integer(0),
                      .currency = std::string(list.text(1)),
                      .difference = list.integer(2)});
  }
  return drifts;
}

Page<Drift> SqliteReader::ListDrifts(int64_t reconciliation, const DriftKey& after, int limit) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& list = lease->list_drifts;
  const ResetGuard reset(list);
  list.Integer(reconciliation)
      .Integer(after.size)
      .Integer(StoredKey(after.position))
      .Integer(int64_t{limit} + 1);
  Page<Drift> page;
  while (StepRow(*lease, list, "list differences")) {
    AddRow(page, ReadDrift(list), limit);
  }
  return page;
}

Page<Drift> SqliteReader::DriftsToRepair(int64_t reconciliation, DriftCause cause,
                                         PositionKey after, int limit) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& list = lease->list_drifts_to_repair;
  const ResetGuard reset(list);
  list.Integer(reconciliation)
      .Integer(StoredKey(after))
      .Integer(static_cast<int>(cause))
      .Integer(int64_t{limit} + 1);
  Page<Drift> page;
  while (StepRow(*lease, list, "list differences")) {
    AddRow(page, ReadDrift(list), limit);
  }
  return page;
}

std::optional<Drift> SqliteReader::FindDrift(int64_t reconciliation, PositionKey position) {
  const ReaderPool::Lease lease = pool_.Borrow();
  Statement& find = lease->find_drift;
  const ResetGuard reset(find);
  find.Integer(reconciliation).Integer(StoredKey(position));
  if (!StepRow(*lease, find, "look up a difference")) return std::nullopt;
  return ReadDrift(find);
}

}  // namespace stockd::storage
