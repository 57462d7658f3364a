#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/ledger/reason.h"
#include "daemon/ledger/state.h"

namespace stockd::ledger {

inline constexpr Duration kTtlMin = std::chrono::milliseconds(1);
inline constexpr Duration kTtlMax = std::chrono::hours(24 * 90);

// Units of one position.
struct LineCommand {
  PositionKey position;
  Quantity quantity = 0;
};

struct CreateCommand {
  std::string id;
  ChannelId channel = kNoChannel;
  std::vector<LineCommand> lines;
  Duration ttl{};
  bool allow_partial = false;
  std::string owner_reference;
};

using ReservationResult = std::variant<Reservation, Refusal>;

// Holds units until now + ttl.
//   A reservation: granted now, or the first answer again when the same command was granted before.
//   kReservationDiffers: the id belongs to a reservation with other content.
//   kLocationNotInChannel, kInsufficientStock: at the first position that does not fit; nothing
//   changed.
// Lines for the same position are added up before they are judged. With allow_partial each line
// gets what is left, in order; refused only when no line gets anything. REQUIRES: at least one
// line, quantities in [1, kQuantityMax], ttl in [kTtlMin, kTtlMax], known positions.
ReservationResult CreateReservation(State& state, const CreateCommand& command);

// Clears a hold whose deadline is not after now. Returns whether anything changed. Reads and
// decisions never count such a hold, cleared or not; this only tidies up.
bool ExpireIfDue(State& state, Reservation& reservation);

// Units taken from a claim.
struct ClaimUnits {
  uint64_t reservation_number = 0;
  Quantity committed = 0;
  Quantity held = 0;
};

// Takes up to `quantity` units of the position out of the reservation's claim because they left
// with a sale: committed ones first. Takes nothing from an unknown, closed or lapsed reservation.
// The caller posts the units.
ClaimUnits ConsumeClaim(State& state, std::string_view reservation_id, PositionKey position,
                        Quantity quantity);

}  // namespace stockd::ledger
