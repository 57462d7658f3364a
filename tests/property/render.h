#pragma once

#include <string>

#include "daemon/ledger/facts.h"
#include "daemon/ledger/reservations.h"

namespace stockd::property {

// An answer in full, so that two can be compared.
std::string Render(const ledger::ReservationResult& result);
std::string Render(const ledger::FactOutcome& outcome);

// For people: item@location.
std::string Name(PositionKey position);

}  // namespace stockd::property
