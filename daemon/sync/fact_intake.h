#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "daemon/engine/engine.h"
#include "stockd/v1/adapter_service.pb.h"

namespace stockd::sync {

// What became of a batch of facts.
struct IntakeResult {
  int32_t applied = 0;
  int32_t duplicates = 0;
  struct SetAside {
    int32_t index = 0;
    ledger::Reason reason = ledger::Reason::kNone;
    int64_t quarantine_id = 0;  // 0 when the same fact waited already.
  };
  std::vector<SetAside> set_aside;
};

// Applies a batch of facts in one commit: each is applied, recognised as a duplicate or set aside.
// `done` is called on the completion thread. `batch` is the adapter's number, remembered as
// acknowledged.
void TakeFacts(engine::Engine& engine, SourceId source, v1::FactBatch batch,
               std::function<void(engine::CommitOutcome, const IntakeResult&)> done);

// A fact that goes to quarantine, exactly as it was told.
storage::QuarantinedFact SetAside(const v1::Fact& told, SourceId source, ledger::Reason reason,
                                  Timestamp now);

}  // namespace stockd::sync
