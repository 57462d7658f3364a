#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "daemon/base/lag_histogram.h"
#include "daemon/engine/engine.h"
#include "daemon/sync/device_book.h"
#include "daemon/sync/source_records.h"
#include "stockd/v1/adapter_service.pb.h"

namespace stockd::sync {

// What became of a batch of facts.
struct IntakeResult {
  int32_t applied = 0;
  int32_t duplicates = 0;
  int32_t echoes = 0;  // Levels of ours that came back; told as duplicates.
  struct SetAside {
    int32_t index = 0;
    ledger::Reason reason = ledger::Reason::kNone;
    int64_t quarantine_id = 0;  // 0 when the same fact waited already.
  };
  std::vector<SetAside> set_aside;
  std::vector<v1::DeviceMark> devices;
  std::vector<DeviceAlarm> alarms;  // To be raised once the batch is on disk.
  // Event time of the newest fact applied, and how long before this batch it was. kTimestampMin:
  // none was applied.
  Timestamp newest_at = kTimestampMin;
  Duration newest_lag{};
  LagHistogram fact_lags;  // From event time to commit, of those applied.
};

// Applies a batch of facts and passed numbers, at least one: each fact is applied, recognised as a
// duplicate or set aside. A large batch goes through the writer in pieces, so that nobody waits
// long for it; `done` is called once, on the completion thread, when all of it is on disk, or with
// why not: then any part of it may have been applied. The adapter's number of the batch is
// remembered as acknowledged with the last piece. The numbers of its devices are noted in
// `devices`, which outlives the engine.
void TakeFacts(engine::Engine& engine, DeviceBook& devices, SourceRecords& records, SourceId source,
               v1::FactBatch batch,
               std::function<void(engine::CommitOutcome, const IntakeResult&)> done);

// A fact that goes to quarantine, exactly as it was told.
storage::QuarantinedFact SetAside(const v1::Fact& told, SourceId source, ledger::Reason reason,
                                  Timestamp now);

}  // namespace stockd::sync
