#include "daemon/ledger/order_claims.h"

#include <algorithm>

#include "daemon/base/check.h"
#include "daemon/ledger/atp.h"
#include "daemon/ledger/claim_posting.h"

namespace stockd::ledger {
namespace {

Quantities Sums(std::span<const LineCommand> lines) {
  Quantities sums;
  // Quantities and the number of lines are bounded: a sum cannot overflow.
  for (const LineCommand& line : lines) sums[line.position] += line.quantity;
  return sums;
}

// The line of the position; a new one when there is none.
ReservationLine& LineAt(Reservation& claim, PositionKey position) {
  const auto found = std::ranges::find(claim.lines, position, &ReservationLine::position);
  if (found != claim.lines.end()) return *found;
  return claim.lines.emplace_back(ReservationLine{.position = position});
}

void Changed(State& state, Reservation& claim, const Reservation& before) {
  claim.state = DeriveState(claim, ReservationState::kReleased);
  state.ReservationChanged(claim, before);
}

}  // namespace

Refusal CheckClaim(State& state, ChannelId channel, std::span<const LineCommand> lines,
                   std::span<const LineCommand> returning) {
  const Quantities asked = Sums(lines);
  const Quantities back = Sums(returning);
  for (const LineCommand& line : lines) {
    const Quantity growth = At(asked, line.position) - At(back, line.position);
    if (growth <= 0) continue;
    if (!state.sells_from(channel, line.position.location)) {
      return {.reason = Reason::kLocationNotInChannel, .position = line.position};
    }
    const Quantity available = Claimable(state, line.position, channel);
    if (growth > available) {
      return {.reason = Reason::kInsufficientStock,
              .position = line.position,
              .requested = At(asked, line.position),
              .available = std::max<Quantity>(0, available) + At(back, line.position)};
    }
  }
  return {};
}

Reservation& OpenClaim(State& state, const ClaimCommand& command) {
  STOCKD_CHECK(!command.lines.empty() && state.FindReservation(command.id) == nullptr);
  std::vector<ReservationLine> lines;
  for (const auto& [position, quantity] : Sums(command.lines)) {
    STOCKD_CHECK(quantity > 0);
    lines.push_back(
        {.position = position, .requested = quantity, .granted = quantity, .committed = quantity});
  }
  Reservation& claim = state.AddReservation({.id = command.id,
                                             .state = ReservationState::kCommitted,
                                             .channel = command.channel,
                                             .created_at = state.now(),
                                             .expires_at = state.now(),
                                             .owner_reference = command.owner_reference,
                                             .order_id = command.order_id,
                                             .lines = std::move(lines)});
  for (const ReservationLine& line : claim.lines) {
    PostClaim(state, claim, line.position, EntryKind::kCommit, Bucket::kFree, Bucket::kCommitted,
              line.committed);
    claim.version = state.position(line.position).row.version;
  }
  return claim;
}

void GrowClaim(State& state, Reservation& claim, PositionKey position, Quantity quantity) {
  STOCKD_CHECK(quantity > 0 && !IsFinal(claim.state));
  const Reservation before = claim;
  PostClaim(state, claim, position, EntryKind::kCommit, Bucket::kFree, Bucket::kCommitted,
            quantity);
  ReservationLine& line = LineAt(claim, position);
  line.requested += quantity;
  line.granted += quantity;
  line.committed += quantity;
  Changed(state, claim, before);
}

void ShrinkClaim(State& state, Reservation& claim, PositionKey position, Quantity quantity) {
  if (quantity == 0) return;
  const Reservation before = claim;
  ReservationLine& line = LineAt(claim, position);
  const Quantity held = std::min(quantity, line.held);
  STOCKD_CHECK(quantity - held <= line.committed);
  PostClaim(state, claim, position, EntryKind::kRelease, Bucket::kReserved, Bucket::kFree, held);
  PostClaim(state, claim, position, EntryKind::kRelease, Bucket::kCommitted, Bucket::kFree,
            quantity - held);
  line.held -= held;
  line.committed -= quantity - held;
  Changed(state, claim, before);
}

void HoldClaimUntil(State& state, Reservation& claim, Timestamp deadline) {
  STOCKD_CHECK(deadline > state.now());
  const Reservation before = claim;
  for (ReservationLine& line : claim.lines) {
    PostClaim(state, claim, line.position, EntryKind::kReserve, Bucket::kCommitted,
              Bucket::kReserved, line.committed);
    line.held += line.committed;
    line.committed = 0;
  }
  claim.expires_at = deadline;
  Changed(state, claim, before);
}

void KeepClaim(State& state, Reservation& claim) {
  if (claim.held() == 0) return;
  STOCKD_CHECK(claim.expires_at > state.now());
  const Reservation before = claim;
  for (ReservationLine& line : claim.lines) {
    PostClaim(state, claim, line.position, EntryKind::kCommit, Bucket::kReserved,
              Bucket::kCommitted, line.held);
    line.committed += line.held;
    line.held = 0;
  }
  Changed(state, claim, before);
}

Reason CheckHold(State& state, std::string_view reservation_id, std::string_view order_id) {
  Reservation* hold = state.FindReservation(reservation_id);
  if (hold == nullptr) return Reason::kReservationUnknown;
  ExpireIfDue(state, *hold);
  if (IsFinal(hold->state)) return ReasonOfState(hold->state);
  if (!hold->order_id.empty() && hold->order_id != order_id) return Reason::kReservationCommitted;
  return Reason::kNone;
}

std::vector<LineCommand> OpenLines(State& state, std::string_view reservation_id) {
  std::vector<LineCommand> lines;
  const Reservation* hold = state.FindReservation(reservation_id);
  if (hold == nullptr) return lines;
  for (const auto& [position, quantity] : OpenByPosition(*hold)) {
    lines.push_back({.position = position, .quantity = quantity});
  }
  return lines;
}

void TakeHold(State& state, std::string_view reservation_id, std::string_view order_id) {
  Reservation* hold = state.FindReservation(reservation_id);
  STOCKD_CHECK(hold != nullptr && !IsFinal(hold->state));
  const Reservation before = *hold;
  for (ReservationLine& line : hold->lines) {
    PostClaim(state, *hold, line.position, EntryKind::kMoveOut, Bucket::kReserved, Bucket::kFree,
              line.held);
    PostClaim(state, *hold, line.position, EntryKind::kMoveOut, Bucket::kCommitted, Bucket::kFree,
              line.committed);
    line.held = 0;
    line.committed = 0;
  }
  hold->order_id = order_id;
  Changed(state, *hold, before);
}

Quantity OpenUnits(const Reservation& claim, PositionKey position) {
  return At(OpenByPosition(claim), position);
}

}  // namespace stockd::ledger
