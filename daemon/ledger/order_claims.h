#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ledger/reservations.h"

namespace stockd::ledger {

// The claims behind orders. They are reservations like any other, so that what keeps claims right
// keeps orders right, but only the order's own moves change them: nobody asks by request id, and a
// move of the order that was allowed must not fail here. Therefore these functions only post;
// CheckClaim() decides before.

// Whether the channel may claim the lines together, when `returning` is given back in the same
// step. Lines for the same position are added up. A position that gets back as much as is asked is
// never refused, also in a shortfall.
//   kLocationNotInChannel, kInsufficientStock: at the first position that does not fit.
Refusal CheckClaim(State& state, ChannelId channel, std::span<const LineCommand> lines,
                   std::span<const LineCommand> returning = {});

struct ClaimCommand {
  std::string id;
  std::string order_id;
  ChannelId channel = kNoChannel;
  std::string owner_reference;
  std::vector<LineCommand> lines;
};

// Claims free units for good. Never refused: units that are known to stand there for this order may
// be claimed in a shortfall too. REQUIRES: no reservation has the id; at least one line.
Reservation& OpenClaim(State& state, const ClaimCommand& command);

// Claims more units, without a deadline. REQUIRES: quantity > 0; the claim is not final.
void GrowClaim(State& state, Reservation& claim, PositionKey position, Quantity quantity);

// Gives units back. REQUIRES: the claim has as many open ones at the position.
void ShrinkClaim(State& state, Reservation& claim, PositionKey position, Quantity quantity);

// From now on the open units count only until `deadline`: kept for somebody who may not come. A
// second call sets another deadline. REQUIRES: deadline > now.
void HoldClaimUntil(State& state, Reservation& claim, Timestamp deadline);

// The open units count without a deadline again. REQUIRES: the deadline has not passed.
void KeepClaim(State& state, Reservation& claim);

// Whether an order may take the place of a caller's reservation: kNone, kReservationUnknown, the
// reason of a final state, or kReservationCommitted when it belongs to another order.
Reason CheckHold(State& state, std::string_view reservation_id, std::string_view order_id);

// The open units of a caller's reservation.
std::vector<LineCommand> OpenLines(State& state, std::string_view reservation_id);

// Ends a caller's reservation because its basket has become the order, whose own claims take the
// units in the same step. REQUIRES: CheckHold() found no reason.
void TakeHold(State& state, std::string_view reservation_id, std::string_view order_id);

// Open units of the claim at the position.
Quantity OpenUnits(const Reservation& claim, PositionKey position);

}  // namespace stockd::ledger
