#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/ledger/reservations.h"

namespace stockd::ledger {

// Lines that one reservation may gather over its life.
inline constexpr size_t kReservationLinesMax = 10'000;

// What every change of a reservation carries.
struct ChangeHeader {
  std::string reservation_id;
  std::string request_id;
  std::string
      content;  // What is asked, byte by byte: tells a repetition from a misuse of the request id.
};

// Every function below
//   answers a repeated request (same request_id and content) with its first answer and changes
//   nothing, refuses with kRequestDiffers, kReservationUnknown, or the reason of a final state, and
//   changes nothing, else decides all or nothing, so that no unit is free for anybody else in
//   between.
// Quantities are in [1, kQuantityMax] unless said otherwise; positions are known.

// The new deadline is now + ttl. REQUIRES: ttl in [kTtlMin, kTtlMax].
ReservationResult ExtendReservation(State& state, const ChangeHeader& header, Duration ttl);

// `wanted` is the complete list of held units, each position once, quantity 0 or more: positions
// not named are given back, new ones are added. Committed units stay. kInsufficientStock when the
// growth does not fit, kTooManyLines.
ReservationResult ChangeReservation(State& state, const ChangeHeader& header,
                                    const std::vector<LineCommand>& wanted);

// Held units that change their location. Quantity 0 means all that is held at `from`.
struct MoveCommand {
  PositionKey from;
  PositionKey to;
  Quantity quantity = 0;
};

// kExceedsReservation, kInsufficientStock, kLocationNotInChannel. REQUIRES: from != to, from.item
// == to.item.
ReservationResult MoveReservation(State& state, const ChangeHeader& header,
                                  const std::vector<MoveCommand>& moves);

// What becomes of held units that a commit does not name.
enum class Remainder : uint8_t { kRelease, kKeep };

// Turns held units into the order's, without a deadline. Empty `lines`: all that is held.
// kExceedsReservation; kReservationCommitted when the reservation belongs to another order already.
ReservationResult CommitReservation(State& state, const ChangeHeader& header,
                                    std::string_view order_id,
                                    const std::vector<LineCommand>& lines, Remainder remainder);

// Gives units back, held ones before committed ones. Empty `lines`: everything open.
// kExceedsReservation.
ReservationResult ReleaseReservation(State& state, const ChangeHeader& header,
                                     const std::vector<LineCommand>& lines);

}  // namespace stockd::ledger
