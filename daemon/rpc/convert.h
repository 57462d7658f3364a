#pragma once

#include "daemon/engine/catalogue.h"
#include "daemon/engine/levels.h"
#include "daemon/ledger/reservation.h"
#include "stockd/v1/types.pb.h"

namespace stockd::rpc {

// Domain to wire, in the users' own names.

void ToProto(const ledger::Reservation& reservation, const engine::Catalogue& catalogue,
             v1::Reservation& proto);
v1::ReservationState ToProto(ledger::ReservationState state);

// Fills everything except group, distance and names the caller knows better. `incoming` comes from
// the supply book.
void ToProto(const engine::Level& level, const engine::Engine& engine, v1::Availability& proto);

}  // namespace stockd::rpc
