#pragma once

#include <vector>

#include "daemon/engine/bundles.h"
#include "daemon/ledger/reason.h"
#include "daemon/ledger/reservation_changes.h"

namespace stockd::rpc {

// Puts the parts of bundles in the place of lines and moves about them; lines for the same position
// are then added up. Lines that are about no bundle stay as they are.
//   kTooManyLines: more than a reservation can hold. kQuantityOutOfRange: of a part.

// Whether a line was about a bundle goes to `expanded`.
ledger::Reason ExpandBundles(const engine::Bundles& bundles,
                             std::vector<ledger::LineCommand>& lines, bool& expanded);
ledger::Reason ExpandBundles(const engine::Bundles& bundles,
                             std::vector<ledger::MoveCommand>& moves);

}  // namespace stockd::rpc
