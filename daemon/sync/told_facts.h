#pragma once

#include <string_view>

#include "daemon/engine/unit_of_work.h"
#include "daemon/ledger/facts.h"
#include "daemon/sync/source_records.h"

namespace stockd::sync {

// What became of something that a source told.
enum class ToldResult : uint8_t {
  kApplied,    // It changed the books.
  kDuplicate,  // It was told before.
  kEcho,       // A level of the daemon that came back: nothing changed.
  kSame,       // An absolute quantity that tells nothing new, or is only compared.
  kRefused,    // Nothing changed; to be set aside.
};

struct ToldOutcome {
  ToldResult result = ToldResult::kApplied;
  ledger::Reason reason = ledger::Reason::kNone;  // kRefused only.
};

// A fact as told, with what a source may add to it.
struct ToldFact {
  const ledger::Fact& fact;
  Sequence level_version = 0;  // Of the level whose writing made the source tell it; 0: none.
};

// Records a fact by the source's rules: refuses what is outside its rights, recognises levels of
// the daemon that come back, and treats a count as the rule of its location says. Facts of a source
// without rules go straight to the ledger. Inside a task.
ToldOutcome ApplyTold(engine::UnitOfWork& unit, SourceRecords& records, const SourceRights& rights,
                      const ToldFact& told, const ledger::FactLimits& limits,
                      ledger::LateFacts late);

// One row of a snapshot of a source with rules.
struct ToldRow {
  PositionKey position;
  Quantity quantity = 0;
  Sequence level_version = 0;  // 0: not known.
};

// What to do with a row.
enum class RowTreatment : uint8_t { kCount, kDiff, kCompare };
// `compare_only`: whatever the rule says.
RowTreatment TreatmentOf(const SourceRights& rights, LocationId location, bool compare_only);

// Applies a row whose treatment is kDiff: the difference to what the source showed is the fact.
ToldOutcome ApplyDifference(engine::UnitOfWork& unit, SourceRecords& records,
                            const ledger::Snapshot& snapshot, const ToldRow& row,
                            const ledger::FactLimits& limits);

// Notes what a tracked source shows, for rows that are counted or compared. Whether the row is only
// what the source was known or sent to show.
bool NoteShown(engine::UnitOfWork& unit, SourceRecords& records, SourceId source,
               const ToldRow& row);

}  // namespace stockd::sync
