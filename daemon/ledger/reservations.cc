#include "daemon/ledger/reservations.h"

#include <absl/container/btree_map.h>

#include <algorithm>
#include <utility>

#include "daemon/base/check.h"
#include "daemon/ledger/atp.h"
#include "daemon/ledger/posting.h"

namespace stockd::ledger {
namespace {

// What is still free for the command at each of its positions.
using Remaining = absl::btree_map<PositionKey, Quantity>;

bool SameCommand(const Reservation& granted, const CreateCommand& command) {
  if (granted.channel != command.channel || granted.allow_partial != command.allow_partial ||
      granted.owner_reference != command.owner_reference ||
      granted.lines.size() != command.lines.size() ||
      granted.expires_at - granted.created_at != command.ttl) {
    return false;
  }
  return std::ranges::equal(
      granted.lines, command.lines, [](const ReservationLine& line, const LineCommand& wanted) {
        return line.position == wanted.position && line.requested == wanted.quantity;
      });
}

Remaining FreeAt(State& state, const CreateCommand& command) {
  Remaining remaining;
  for (const LineCommand& line : command.lines) {
    if (!remaining.contains(line.position)) {
      remaining[line.position] = Claimable(state, line.position, command.channel);
    }
  }
  return remaining;
}

// The first position whose lines together ask for more than there is.
Refusal FirstShortPosition(const CreateCommand& command, const Remaining& remaining) {
  absl::btree_map<PositionKey, Quantity> asked;
  for (const LineCommand& line : command.lines) {
    // Both are bounded, and so is the number of lines: the sum cannot overflow.
    asked[line.position] += line.quantity;
  }
  for (const LineCommand& line : command.lines) {
    const Quantity available = remaining.at(line.position);
    if (asked[line.position] > available) {
      return {.reason = Reason::kInsufficientStock,
              .position = line.position,
              .requested = asked[line.position],
              .available = std::max<Quantity>(0, available)};
    }
  }
  return {};
}

// Grants each line what is left at its position. Empty when there is nothing at all.
std::vector<ReservationLine> Grant(const CreateCommand& command, Remaining remaining) {
  std::vector<ReservationLine> lines;
  lines.reserve(command.lines.size());
  bool any = false;
  for (const LineCommand& line : command.lines) {
    Quantity& left = remaining.at(line.position);
    const Quantity granted = std::clamp<Quantity>(left, 0, line.quantity);
    left -= granted;
    any = any || granted > 0;
    lines.push_back({.position = line.position,
                     .requested = line.quantity,
                     .granted = granted,
                     .held = granted});
  }
  if (!any) lines.clear();
  return lines;
}

}  // namespace

ReservationResult CreateReservation(State& state, const CreateCommand& command) {
  STOCKD_CHECK(!command.lines.empty() && command.ttl >= kTtlMin && command.ttl <= kTtlMax);
  if (const Reservation* known = state.FindReservation(command.id)) {
    const Reservation& granted = known->original ? *known->original : *known;
    if (SameCommand(granted, command)) return granted;
    return Refusal{.reason = Reason::kReservationDiffers};
  }
  for (const LineCommand& line : command.lines) {
    STOCKD_CHECK(line.quantity > 0 && line.quantity <= kQuantityMax);
    if (!state.sells_from(command.channel, line.position.location)) {
      return Refusal{.reason = Reason::kLocationNotInChannel, .position = line.position};
    }
  }
  Remaining remaining = FreeAt(state, command);
  const Refusal shortage = FirstShortPosition(command, remaining);
  if (shortage.reason != Reason::kNone && !command.allow_partial) return shortage;
  std::vector<ReservationLine> lines = Grant(command, std::move(remaining));
  if (lines.empty()) return shortage;

  // From here the command succeeds: nothing below can fail.
  Reservation& reservation = state.AddReservation({.id = command.id,
                                                   .allow_partial = command.allow_partial,
                                                   .channel = command.channel,
                                                   .created_at = state.now(),
                                                   .expires_at = state.now() + command.ttl,
                                                   .owner_reference = command.owner_reference,
                                                   .lines = std::move(lines)});
  for (const ReservationLine& line : reservation.lines) {
    if (line.held == 0) continue;
    JournalEntry entry;
    entry.position = line.position;
    entry.kind = EntryKind::kReserve;
    entry.from = Bucket::kFree;
    entry.to = Bucket::kReserved;
    entry.quantity = line.held;
    entry.occurred_at = state.now();
    entry.reservation_number = reservation.number;
    reservation.version = Post(state, std::move(entry));
  }
  return reservation;
}

bool ExpireIfDue(State& state, Reservation& reservation) {
  if (reservation.state != ReservationState::kHeld || reservation.expires_at > state.now())
    return false;
  const Reservation before = reservation;
  for (ReservationLine& line : reservation.lines) {
    if (line.held == 0) continue;
    JournalEntry entry;
    entry.position = line.position;
    entry.kind = EntryKind::kExpire;
    entry.from = Bucket::kReserved;
    entry.to = Bucket::kFree;
    entry.quantity = line.held;
    // The units came free at the deadline itself, whenever this is written down.
    entry.occurred_at = reservation.expires_at;
    entry.reservation_number = reservation.number;
    reservation.version = Post(state, std::move(entry));
    line.held = 0;
  }
  reservation.state = DeriveState(reservation, ReservationState::kExpired);
  state.ReservationChanged(reservation, before);
  return true;
}

ClaimUnits ConsumeClaim(State& state, std::string_view reservation_id, PositionKey position,
                        Quantity quantity) {
  if (reservation_id.empty()) return {};
  Reservation* reservation = state.FindReservation(reservation_id);
  if (reservation == nullptr) return {};
  ExpireIfDue(state, *reservation);
  if (IsFinal(reservation->state)) return {};
  const Reservation before = *reservation;
  ClaimUnits taken{.reservation_number = reservation->number};
  for (ReservationLine& line : reservation->lines) {
    if (line.position != position) continue;
    const Quantity committed = std::min(line.committed, quantity - taken.committed - taken.held);
    line.committed -= committed;
    taken.committed += committed;
    const Quantity held = std::min(line.held, quantity - taken.committed - taken.held);
    line.held -= held;
    taken.held += held;
    line.consumed += committed + held;
  }
  if (taken.committed + taken.held == 0) return {};
  reservation->state = DeriveState(*reservation, ReservationState::kReleased);
  state.ReservationChanged(*reservation, before);
  return taken;
}

}  // namespace stockd::ledger
