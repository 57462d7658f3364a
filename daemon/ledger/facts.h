#pragma once

#include <string>

#include "daemon/ledger/fact.h"
#include "daemon/ledger/reason.h"
#include "daemon/ledger/state.h"

namespace stockd::ledger {

// Whether facts dated outside FactLimits are taken, because a person said so.
enum class LateFacts : bool { kRefuse, kAccept };

enum class FactResult : uint8_t {
  kApplied,    // Recorded in the journal.
  kDuplicate,  // The same fact was recorded before; nothing changed.
  kRefused,    // Nothing changed; `refusal` says why. The caller sets the fact aside.
};

struct FactOutcome {
  FactResult result = FactResult::kApplied;
  Refusal refusal{};
};

// Records a fact and moves the position's figures as its place in time demands: on_hand becomes a
// function of the set of facts known, whatever the order in which they came.
//
//   A delta after the latest count moves on_hand. One before it (or at its instant) is recorded and
//   taken back by a rebase entry at once, because the count has seen it already: only the books
//   about shrinkage change. A count newer than the latest one sets on_hand to its quantity plus the
//   deltas after it. An older one only records. Of two counts of the same instant the lower one
//   stands: it is the one that cannot oversell.
//
// REQUIRES: IsFact(fact.kind) and a position whose item and location exist.
FactOutcome ApplyFact(State& state, const Fact& fact, const FactLimits& limits, LateFacts late);

enum class CountResult : uint8_t {
  kUnchanged,  // Confirmed the figure; the position now counts as counted at that instant. No
               // journal entry.
  kChanged,    // Corrected the figure.
  kOvertaken,  // A later count is known; nothing changed.
  kRefused,    // Out of range.
};

// Absolute quantities that a source states as of one instant.
struct Snapshot {
  SourceId source = kNoSource;
  std::string id;
  Timestamp as_of{};
};

// Applies one row of a snapshot: a count that costs no write when it confirms the figure. A row
// that corrects it is recorded under the event id SnapshotEventId(). The caller has checked that
// the instant is within the limits.
CountResult ApplySnapshotRow(State& state, const Snapshot& snapshot, PositionKey position,
                             Quantity quantity);

// The event id of a snapshot's row in the journal, for example "levels-17/4@2": item and location
// by number.
std::string SnapshotEventId(const Snapshot& snapshot, PositionKey position);

}  // namespace stockd::ledger
