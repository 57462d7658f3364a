// Reservations as people read them.
#pragma once

#include <string>

#include "daemon/ctl/command.h"
#include "stockd/v1/types.pb.h"

namespace stockd::ctl {

// "held", "committed" and so on.
std::string StateName(v1::ReservationState state);

// What it is, then its lines.
void PrintReservation(const Session& session, const v1::Reservation& reservation);

}  // namespace stockd::ctl
