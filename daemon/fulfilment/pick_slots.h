#pragma once

#include <absl/functional/function_ref.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "daemon/base/time.h"
#include "daemon/fulfilment/open_time.h"

namespace stockd::fulfilment {

// A full location is not searched further than this from the first slot that takes orders.
inline constexpr Duration kCapacityHorizon = std::chrono::hours(14 * 24);

// A piece of a location's open hours in which a bounded number of orders is picked. Each opening is
// cut into pieces of the calendar's slot_length, beginning when it opens; the last may be shorter.
// A location and the start name the slot.
struct PickSlot {
  Timestamp start;
  Timestamp end;  // After `start`, by at most the slot_length.

  friend bool operator==(const PickSlot&, const PickSlot&) = default;
};

// Why there is no promise. The words of the API are in its enum of the same name.
enum class PickupObstacle : uint8_t {
  kNone = 0,
  kClosed = 1,      // Does not open within kOpeningHorizon, or not on enough days to keep an order.
  kNoCapacity = 2,  // The slot, or every slot within kCapacityHorizon, has all its picks.
  kCutOff = 3,      // The slot takes no more orders: it ends too soon.
  kNoSuchSlot = 4,  // No slot begins then: the calendar has changed.
};

// How many orders are picked in the slot already: those whose slot began in [start, end). Counted
// so, the orders of a calendar that was cut differently still take up their picks. Called in the
// order of time, only when the calendar bounds the picks.
using Booked = absl::FunctionRef<int(const PickSlot& slot)>;

// What may be promised to a customer who collects.
struct Quote {
  PickupObstacle obstacle = PickupObstacle::kNone;
  // Only without an obstacle:
  PickSlot slot{};
  // Ready at latest: when the slot has ended and the ready_lead has passed in open time.
  Timestamp ready_at{};
  Timestamp pickup_deadline{};  // Kept until then, if it is ready when promised.

  friend bool operator==(const Quote&, const Quote&) = default;
};

// All of these read no clock and keep nothing; safe from any thread. A slot takes orders while
// `now` is before its end less the calendar's order_cutoff.

// The slot in which `at` lies. Empty: closed then.
std::optional<PickSlot> SlotAt(const OpenTime& open_time, Timestamp at);

// The slots that take orders and have a pick left, in order, at most `limit`, within
// kCapacityHorizon of the first that takes orders.
std::vector<PickSlot> FreeSlots(const OpenTime& open_time, Timestamp now, Booked booked,
                                size_t limit);

// Promises the first of the FreeSlots().
Quote QuotePromise(const OpenTime& open_time, Timestamp now, Booked booked);

// Promises the slot that was quoted earlier: what an order checks when it takes the slot.
Quote QuoteSlot(const OpenTime& open_time, Timestamp slot_start, Timestamp now, Booked booked);

}  // namespace stockd::fulfilment
