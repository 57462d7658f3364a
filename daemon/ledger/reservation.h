#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/base/ids.h"
#include "daemon/base/quantity.h"
#include "daemon/base/time.h"

namespace stockd::ledger {

// The values are stored; never renumber them.
enum class ReservationState : uint8_t {
  kHeld = 1,       // Some units are held until the deadline.
  kCommitted = 2,  // None held, some committed.
  kConsumed = 3,   // Everything granted left with sales. Final.
  kReleased = 4,   // What had not left was given back on request. Final.
  kExpired = 5,    // The deadline passed with units held, and nothing else is open. Final.
};

constexpr bool IsFinal(ReservationState state) { return state >= ReservationState::kConsumed; }

// One line of a reservation. granted = held + committed + consumed + released, always.
struct ReservationLine {
  PositionKey position;
  Quantity requested = 0;
  Quantity granted = 0;
  Quantity held = 0;
  Quantity committed = 0;
  Quantity consumed = 0;

  Quantity released() const { return granted - held - committed - consumed; }

  friend bool operator==(const ReservationLine&, const ReservationLine&) = default;
};

// A claim on units of one or more positions.
struct Reservation {
  uint64_t number = 0;  // The daemon's own, growing with each grant. Orders reservations and names
                        // claims in the journal.
  std::string id;       // The caller's.
  ReservationState state = ReservationState::kHeld;
  bool allow_partial = false;
  ChannelId channel = kNoChannel;
  Timestamp created_at{};
  Timestamp expires_at{};  // Held units count while now < expires_at.
  std::string owner_reference{};
  std::string order_id{};
  Sequence version = 0;  // Sequence of the latest change; grows with each.
  std::vector<ReservationLine> lines{};

  // As it was granted. Empty as long as it is still that; set by the first change, so that a
  // repeated create gets its first answer.
  std::shared_ptr<const Reservation> original{};

  Quantity held() const;
  Quantity committed() const;
};

// Derives the state of a reservation whose lines changed. `ended_by` is the state to take when
// nothing is open any more and not everything was consumed: kReleased or kExpired.
ReservationState DeriveState(const Reservation& reservation, ReservationState ended_by);

}  // namespace stockd::ledger
