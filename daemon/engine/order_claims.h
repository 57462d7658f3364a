#pragma once

#include <string_view>

#include "daemon/engine/unit_of_work.h"
#include "daemon/ledger/facts.h"

namespace stockd::engine {

// Both run inside a task of the writer.

// Whether the reservation is the claim of an open order: only the order's own moves may change it
// (kReservationOfOrder). The claim of a closed order is final.
bool IsOrderClaim(UnitOfWork& unit, std::string_view reservation_id);

// As ledger::ApplyFact(), for facts that sources tell. A sale of units that an order has claimed
// moves the order in the same commit. Its `reservation_id` names the claim or, if no reservation
// has that id, the order: then it is the claim on the item at the sale's location.
ledger::FactOutcome ApplyFactWithOrders(UnitOfWork& unit, const ledger::Fact& fact,
                                        const ledger::FactLimits& limits, ledger::LateFacts late);

}  // namespace stockd::engine
