#pragma once

#include "daemon/ledger/state.h"

namespace stockd::ledger {

// Whether moving `quantity` units from one bucket to another keeps every figure of the position in
// its range.
bool PostingFits(const Position& position, Bucket from, Bucket to, Quantity quantity);

// Moves entry.quantity units of entry.position between entry.from and entry.to and appends the
// entry to the journal. The one place where a position's figures change, so that units are
// conserved by construction. REQUIRES: PostingFits().
Sequence Post(State& state, JournalEntry entry);

// Does to a position's figures, instants and version what was done when the entry was posted. For a
// position that stands as of its entry before this one.
void Replay(Position& position, const JournalEntry& entry);

}  // namespace stockd::ledger
