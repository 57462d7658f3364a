#include "daemon/ledger/claim_posting.h"

#include <utility>

#include "daemon/ledger/posting.h"

namespace stockd::ledger {

Reason ReasonOfState(ReservationState state) {
  switch (state) {
    case ReservationState::kHeld: return Reason::kExceedsReservation;
    case ReservationState::kCommitted: return Reason::kReservationCommitted;
    case ReservationState::kConsumed: return Reason::kReservationConsumed;
    case ReservationState::kReleased: return Reason::kReservationReleased;
    case ReservationState::kExpired: return Reason::kReservationExpired;
  }
  return Reason::kReservationUnknown;
}

void PostClaim(State& state, const Reservation& reservation, PositionKey position, EntryKind kind,
               Bucket from, Bucket to, Quantity quantity) {
  if (quantity == 0) return;
  JournalEntry entry;
  entry.position = position;
  entry.kind = kind;
  entry.from = from;
  entry.to = to;
  entry.quantity = quantity;
  entry.occurred_at = state.now();
  entry.reservation_number = reservation.number;
  Post(state, std::move(entry));
}

Quantities HeldByPosition(const Reservation& reservation) {
  Quantities held;
  for (const ReservationLine& line : reservation.lines) held[line.position] += line.held;
  return held;
}

Quantities OpenByPosition(const Reservation& reservation) {
  Quantities open;
  for (const ReservationLine& line : reservation.lines)
    open[line.position] += line.held + line.committed;
  return open;
}

Quantity At(const Quantities& quantities, PositionKey position) {
  const auto found = quantities.find(position);
  return found == quantities.end() ? 0 : found->second;
}

}  // namespace stockd::ledger
