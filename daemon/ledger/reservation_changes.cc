#include "daemon/ledger/reservation_changes.h"

#include <algorithm>
#include <utility>

#include "daemon/base/check.h"
#include "daemon/ledger/atp.h"
#include "daemon/ledger/claim_posting.h"

namespace stockd::ledger {
namespace {

constexpr Refusal kAccepted{};

Refusal Refuse(Reason reason, PositionKey position = {}, Quantity requested = 0,
               Quantity available = 0) {
  return {.reason = reason, .position = position, .requested = requested, .available = available};
}

// The frame around every change: recognise repetitions, find the reservation, clear it when it
// lapsed, apply, remember the answer. `apply` decides first and changes last, so that a refusal
// leaves nothing behind.
template <typename Apply>
ReservationResult RunChange(State& state, const ChangeHeader& header, ReservationState ended_by,
                            Apply apply) {
  if (const auto known = state.FindRequest(header.request_id)) {
    if (known->content != header.content) return Refuse(Reason::kRequestDiffers);
    return known->answer;
  }
  Reservation* reservation = state.FindReservation(header.reservation_id);
  if (reservation == nullptr) return Refuse(Reason::kReservationUnknown);
  ExpireIfDue(state, *reservation);
  if (IsFinal(reservation->state)) return Refuse(ReasonOfState(reservation->state));
  const Reservation before = *reservation;
  const Refusal refusal = apply(*reservation);
  if (refusal.reason != Reason::kNone) return refusal;
  reservation->state = DeriveState(*reservation, ended_by);
  state.ReservationChanged(*reservation, before);
  state.AddRequest(header.request_id, {.content = header.content, .answer = *reservation});
  return *reservation;
}

// Whether `growth` more units can be claimed for the reservation's channel.
Refusal CheckGrowth(State& state, const Reservation& reservation, PositionKey position,
                    Quantity growth) {
  if (growth <= 0) return kAccepted;
  if (!state.sells_from(reservation.channel, position.location)) {
    return Refuse(Reason::kLocationNotInChannel, position);
  }
  const Quantity available = Claimable(state, position, reservation.channel);
  if (growth > available) {
    return Refuse(Reason::kInsufficientStock, position, growth, std::max<Quantity>(0, available));
  }
  return kAccepted;
}

// Adds held units to the line of the position, or to a new line.
void Grow(State& state, Reservation& reservation, PositionKey position, Quantity units,
          EntryKind kind) {
  PostClaim(state, reservation, position, kind, Bucket::kFree, Bucket::kReserved, units);
  for (ReservationLine& line : reservation.lines) {
    if (line.position != position) continue;
    line.requested += units;
    line.granted += units;
    line.held += units;
    return;
  }
  reservation.lines.push_back(
      {.position = position, .requested = units, .granted = units, .held = units});
}

// Takes held units off the position's lines, the last line first.
void Shrink(State& state, Reservation& reservation, PositionKey position, Quantity units,
            EntryKind kind) {
  PostClaim(state, reservation, position, kind, Bucket::kReserved, Bucket::kFree, units);
  for (auto line = reservation.lines.rbegin(); line != reservation.lines.rend() && units > 0;
       ++line) {
    if (line->position != position) continue;
    const Quantity taken = std::min(units, line->held);
    line->held -= taken;
    units -= taken;
  }
  STOCKD_CHECK(units == 0);
}

void Commit(State& state, Reservation& reservation, PositionKey position, Quantity units) {
  PostClaim(state, reservation, position, EntryKind::kCommit, Bucket::kReserved, Bucket::kCommitted,
            units);
  for (ReservationLine& line : reservation.lines) {
    if (line.position != position) continue;
    const Quantity taken = std::min(units, line.held);
    line.held -= taken;
    line.committed += taken;
    units -= taken;
  }
  STOCKD_CHECK(units == 0);
}

void ReleaseCommitted(State& state, Reservation& reservation, PositionKey position,
                      Quantity units) {
  PostClaim(state, reservation, position, EntryKind::kRelease, Bucket::kCommitted, Bucket::kFree,
            units);
  for (ReservationLine& line : reservation.lines) {
    if (line.position != position) continue;
    const Quantity taken = std::min(units, line.committed);
    line.committed -= taken;
    units -= taken;
  }
  STOCKD_CHECK(units == 0);
}

void Release(State& state, Reservation& reservation, PositionKey position, Quantity units) {
  const Quantity held = std::min(units, At(HeldByPosition(reservation), position));
  Shrink(state, reservation, position, held, EntryKind::kRelease);
  ReleaseCommitted(state, reservation, position, units - held);
}

// The first line that asks for more than there is. Lines for the same position are added up.
Refusal CheckWithin(const std::vector<LineCommand>& lines, const Quantities& there) {
  Quantities asked;
  for (const LineCommand& line : lines) {
    Quantity& sum = asked[line.position];
    sum += line.quantity;
    if (sum > At(there, line.position)) {
      return Refuse(Reason::kExceedsReservation, line.position, sum, At(there, line.position));
    }
  }
  return kAccepted;
}

// Lines that the reservation has, and those it would gain: one for each position that grows and has
// none.
size_t LinesAfter(const Reservation& reservation, const Quantities& known,
                  const Quantities& growth) {
  size_t lines = reservation.lines.size();
  for (const auto& [position, units] : growth) {
    if (units > 0 && !known.contains(position)) ++lines;
  }
  return lines;
}

Refusal NeedsHeld(const Reservation& reservation) {
  return reservation.state == ReservationState::kHeld ? kAccepted
                                                      : Refuse(ReasonOfState(reservation.state));
}

}  // namespace

ReservationResult ExtendReservation(State& state, const ChangeHeader& header, Duration ttl) {
  STOCKD_CHECK(ttl >= kTtlMin && ttl <= kTtlMax);
  return RunChange(state, header, ReservationState::kReleased, [&](Reservation& reservation) {
    if (const Refusal refusal = NeedsHeld(reservation); refusal.reason != Reason::kNone)
      return refusal;
    reservation.expires_at = state.now() + ttl;
    return kAccepted;
  });
}

ReservationResult ChangeReservation(State& state, const ChangeHeader& header,
                                    const std::vector<LineCommand>& wanted) {
  return RunChange(state, header, ReservationState::kReleased, [&](Reservation& reservation) {
    if (const Refusal refusal = NeedsHeld(reservation); refusal.reason != Reason::kNone)
      return refusal;
    const Quantities held = HeldByPosition(reservation);
    Quantities change;
    for (const auto& [position, units] : held) change[position] = -units;
    for (const LineCommand& line : wanted) change[line.position] += line.quantity;
    if (LinesAfter(reservation, held, change) > kReservationLinesMax)
      return Refuse(Reason::kTooManyLines);
    for (const auto& [position, growth] : change) {
      const Refusal refusal = CheckGrowth(state, reservation, position, growth);
      if (refusal.reason != Reason::kNone) return refusal;
    }

    // From here the change succeeds: nothing below can fail.
    for (const auto& [position, growth] : change) {
      if (growth > 0) Grow(state, reservation, position, growth, EntryKind::kReserve);
      if (growth < 0) Shrink(state, reservation, position, -growth, EntryKind::kRelease);
    }
    return kAccepted;
  });
}

ReservationResult MoveReservation(State& state, const ChangeHeader& header,
                                  const std::vector<MoveCommand>& moves) {
  return RunChange(state, header, ReservationState::kReleased, [&](Reservation& reservation) {
    if (const Refusal refusal = NeedsHeld(reservation); refusal.reason != Reason::kNone)
      return refusal;
    const Quantities held = HeldByPosition(reservation);
    Quantities leaving;
    Quantities arriving;
    for (const MoveCommand& move : moves) {
      STOCKD_CHECK(move.from != move.to && move.from.item == move.to.item);
      const Quantity rest = At(held, move.from) - leaving[move.from];
      const Quantity units = move.quantity == 0 ? rest : move.quantity;
      if (units == 0 || units > rest)
        return Refuse(Reason::kExceedsReservation, move.from, move.quantity, rest);
      leaving[move.from] += units;
      arriving[move.to] += units;
    }
    if (LinesAfter(reservation, held, arriving) > kReservationLinesMax)
      return Refuse(Reason::kTooManyLines);
    for (const auto& [position, units] : arriving) {
      const Refusal refusal =
          CheckGrowth(state, reservation, position, units - At(leaving, position));
      if (refusal.reason != Reason::kNone) return refusal;
    }

    // From here the move succeeds: nothing below can fail.
    for (const auto& [position, units] : leaving) {
      if (units > 0) Shrink(state, reservation, position, units, EntryKind::kMoveOut);
    }
    for (const auto& [position, units] : arriving)
      Grow(state, reservation, position, units, EntryKind::kMoveIn);
    return kAccepted;
  });
}

ReservationResult CommitReservation(State& state, const ChangeHeader& header,
                                    std::string_view order_id,
                                    const std::vector<LineCommand>& lines, Remainder remainder) {
  return RunChange(state, header, ReservationState::kReleased, [&](Reservation& reservation) {
    if (const Refusal refusal = NeedsHeld(reservation); refusal.reason != Reason::kNone)
      return refusal;
    if (!reservation.order_id.empty() && reservation.order_id != order_id) {
      return Refuse(Reason::kReservationCommitted);
    }
    const Quantities held = HeldByPosition(reservation);
    if (const Refusal refusal = CheckWithin(lines, held); refusal.reason != Reason::kNone)
      return refusal;

    // From here the commit succeeds: nothing below can fail.
    reservation.order_id = order_id;
    if (lines.empty()) {
      for (const auto& [position, units] : held) Commit(state, reservation, position, units);
      return kAccepted;
    }
    for (const LineCommand& line : lines) Commit(state, reservation, line.position, line.quantity);
    if (remainder == Remainder::kKeep) return kAccepted;
    for (const auto& [position, units] : HeldByPosition(reservation)) {
      Shrink(state, reservation, position, units, EntryKind::kRelease);
    }
    return kAccepted;
  });
}

ReservationResult ReleaseReservation(State& state, const ChangeHeader& header,
                                     const std::vector<LineCommand>& lines) {
  return RunChange(state, header, ReservationState::kReleased, [&](Reservation& reservation) {
    const Quantities open = OpenByPosition(reservation);
    if (const Refusal refusal = CheckWithin(lines, open); refusal.reason != Reason::kNone)
      return refusal;

    // From here the release succeeds: nothing below can fail.
    if (lines.empty()) {
      for (const auto& [position, units] : open) Release(state, reservation, position, units);
    } else {
      for (const LineCommand& line : lines)
        Release(state, reservation, line.position, line.quantity);
    }
    return kAccepted;
  });
}

}  // namespace stockd::ledger
