#pragma once

#include "daemon/engine/unit_of_work.h"
#include "daemon/ledger/facts.h"

namespace stockd::sync {

// Applies a fact; one about a bundle as facts about its parts, all of them or none.
//
// The first part's fact has the event id that was told, the others that id with a control character
// and their place behind it: no told id holds one, so they cannot be mistaken for other facts. The
// fact is a duplicate when all of its parts are; kEventDiffers when some are known and not all of
// them alike, for example because the bundle has other parts by now. The price stands with the
// first part, for one unit of it.
//
// Beside the refusals of ledger::ApplyFact(): kBundleNotCounted, for a COUNT of a bundle. Without
// bundles the same as ledger::ApplyFact(), for one look at an atomic flag.
ledger::FactOutcome ApplyFactOrParts(engine::UnitOfWork& unit, const ledger::Fact& fact,
                                     const ledger::FactLimits& limits, ledger::LateFacts late);

}  // namespace stockd::sync
