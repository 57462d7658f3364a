#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/engine/engine.h"
#include "daemon/engine/levels.h"
#include "daemon/sync/source_records.h"
#include "stockd/v1/adapter_service.pb.h"

namespace stockd::sync {

// A level as it is sent.
struct SentLevel {
  engine::Level level;                 // `available` is what the source shall show, 0 or more.
  std::optional<Quantity> expected{};  // What it shows now, as far as is known.
  // It was sent before without an answer, so that the source may show it already.
  bool again = false;
};

// A level that was not applied as told.
struct LevelProblem {
  PositionKey position{};
  Sequence version = 0;
  v1::LevelOutcome outcome = v1::LEVEL_OUTCOME_RETRY;
  Quantity found = 0;
  std::string reason;
};

// The answer to what was sent.
struct LevelAnswer {
  std::vector<SentLevel> tracked;    // The update, of a source whose shown figures are followed.
  std::vector<PositionKey> retried;  // Positions of it that had been refused before.
  std::vector<LevelProblem> problems;

  bool empty() const { return tracked.empty() && retried.empty() && problems.empty(); }
};

// Makes durable what a tracked source is about to be sent, before it is sent: when it comes back it
// is recognised, whatever happened in between. A level that is on its way already is kept, to be
// sent once more: only its answer tells what the source shows. `done` is called on the completion
// thread.
void CommitLevels(engine::Engine& engine, SourceRecords& records, SourceId source,
                  std::vector<SentLevel> levels,
                  std::function<void(engine::CommitOutcome, std::vector<SentLevel>&&)> done);

// Takes in the answer, and the cursor that is acknowledged with it: levels that were applied are
// what the source shows, conflicts are what happened there, the others are tried again. `done` gets
// the positions to send once more at once.
void SettleLevels(engine::Engine& engine, SourceRecords& records, SourceId source, Sequence cursor,
                  LevelAnswer answer,
                  std::function<void(engine::CommitOutcome, std::vector<PositionKey>&&)> done);

}  // namespace stockd::sync
