#include "daemon/ledger/reservation.h"

namespace stockd::ledger {

Quantity Reservation::held() const {
  Quantity sum = 0;
  for (const ReservationLine& line : lines) sum += line.held;
  return sum;
}

Quantity Reservation::committed() const {
  Quantity sum = 0;
  for (const ReservationLine& line : lines) sum += line.committed;
  return sum;
}

ReservationState DeriveState(const Reservation& reservation, ReservationState ended_by) {
  if (reservation.held() > 0) return ReservationState::kHeld;
  if (reservation.committed() > 0) return ReservationState::kCommitted;
  for (const ReservationLine& line : reservation.lines) {
    if (line.released() > 0) return ended_by;
  }
  return ReservationState::kConsumed;
}

}  // namespace stockd::ledger
