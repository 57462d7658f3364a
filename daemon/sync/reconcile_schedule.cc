#include "daemon/sync/reconcile_schedule.h"

#include <algorithm>

namespace stockd::sync {

ReconcileSchedule::ReconcileSchedule(engine::Engine& engine, SourceBook& sources,
                                     storage::Reader& reader)
    : engine_(engine), sources_(sources) {
  for (const SourceStatus& status : sources.List()) {
    const ConfiguredSource& source = status.configured;
    if (source.reconcile_every <= Duration::zero()) continue;
    Timestamp due_at = kTimestampMin;
    if (status.id != kNoSource) {
      const auto latest = reader.ListReconciliations(status.id, INT64_MAX, 1);
      if (!latest.rows.empty()) {
        due_at = latest.rows[0].reconciliation.made_at + source.reconcile_every;
      }
    }
    rows_.push_back({.source = source.id, .every = source.reconcile_every, .due_at = due_at});
  }
}

std::string ReconcileSchedule::Ask(std::string_view source,
                                   const std::vector<std::string>& locations) {
  // The instant, pushed on when it was used: ids that grow are unique and say when.
  const int64_t now = ToMicros(engine_.Now());
  int64_t last = last_id_.load();
  while (!last_id_.compare_exchange_weak(last, std::max(now, last + 1))) {
  }
  v1::SnapshotRequest request;
  request.set_snapshot_id("reconcile-" + std::to_string(std::max(now, last + 1)));
  for (const std::string& location : locations) request.add_locations(location);
  request.set_compare_only(true);
  return sources_.RequestSnapshot(source, request) ? request.snapshot_id() : std::string();
}

bool ReconcileSchedule::Pump(Timestamp now) {
  for (Row& row : rows_) {
    if (now >= row.due_at && !Ask(row.source, {}).empty()) row.due_at = now + row.every;
  }
  return true;
}

}  // namespace stockd::sync
