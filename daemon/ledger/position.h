#pragma once

#include "daemon/base/ids.h"
#include "daemon/base/quantity.h"
#include "daemon/base/time.h"

namespace stockd::ledger {

// The figures of one position. on_hand = free + reserved + committed, where "free" is what nobody
// has claimed; it is negative in a shortfall.
struct Position {
  Quantity on_hand =
      0;  // Sellable units that stand there. Latest count plus every delta that occurred after it.
  Quantity reserved = 0;  // Claimed with a deadline, including holds whose deadline passed but were
                          // not cleared yet.
  Quantity committed = 0;   // Claimed without a deadline.
  Quantity unsellable = 0;  // Damaged units, outside on_hand.
  Timestamp counted_at =
      kTimestampMin;  // Instant of the latest count. Deltas not after it do not move on_hand.
  Timestamp last_delta_at =
      kTimestampMin;     // Instant of the latest delta: nothing to add up for a count after it.
  Sequence version = 0;  // Sequence of the position's latest journal entry; 0 when there is none.

  Quantity free() const { return on_hand - reserved - committed; }

  friend bool operator==(const Position&, const Position&) = default;
};

}  // namespace stockd::ledger
