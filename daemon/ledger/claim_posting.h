#pragma once

#include <absl/container/btree_map.h>

#include "daemon/ledger/reason.h"
#include "daemon/ledger/state.h"

namespace stockd::ledger {

// What changes of claims have in common. For this folder only.

// Units by position.
using Quantities = absl::btree_map<PositionKey, Quantity>;

// 0 when the position is not there.
Quantity At(const Quantities& quantities, PositionKey position);

Quantities HeldByPosition(const Reservation& reservation);
// Held and committed.
Quantities OpenByPosition(const Reservation& reservation);

// Why a reservation without the units asked for cannot be changed.
Reason ReasonOfState(ReservationState state);

// Moves units of the claim between two buckets of the position, now. Nothing for quantity 0.
void PostClaim(State& state, const Reservation& reservation, PositionKey position, EntryKind kind,
               Bucket from, Bucket to, Quantity quantity);

}  // namespace stockd::ledger
