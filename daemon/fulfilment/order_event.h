#pragma once

#include <string>
#include <vector>

#include "daemon/fulfilment/order.h"

namespace stockd::fulfilment {

// What happened to an order. The values are stored; never renumber them.
enum class OrderEventKind : uint8_t {
  kPlaced = 1,
  kPickingStarted = 2,
  kPicked = 3,       // Lines: units taken from the shelf.
  kMissing = 4,      // Lines: units not found.
  kFound = 5,        // Lines: units that were missing and turned up, or a scan that was undone.
  kSubstituted = 6,  // Lines: of the missing line and of its substitute.
  kReassigned = 7,   // Lines: units that another fulfilment took over.
  kPacked = 8,
  kReady = 9,
  kReminder = 10,
  kCustomerArrived = 11,
  kHandedOver = 12,  // Lines: units given to the customer.
  kCollected = 13,   // The last of them.
  kNoShow = 14,
  kShipped = 15,
  kArrivedAtStore = 16,
  kDeliveryAttempted = 17,
  kDelivered = 18,
  kException = 19,
  kCancelled = 20,  // Lines: units that nobody will get.
  kReturned = 21,
  kPromiseRevised = 22,
  kDeadlineChanged = 23,
  kCodeIssued = 24,
  kCodeRefused = 25,
  kRated = 26,
};

// Why units were cancelled, missing or returned; what the reports group by.
enum class UnitReason : uint8_t {
  kNone = 0,
  kNotFound = 1,  // The shelf was empty: the record was wrong.
  kDamaged = 2,
  kSold = 3,  // Somebody took them first.
  kLate = 4,
  kCustomer = 5,  // The customer changed her mind.
  kRefused = 6,   // At the counter or the door.
  kStore = 7,     // The location cannot do it.
};

// Units of one line that an event moved.
struct EventLine {
  int line = 0;
  Quantity quantity = 0;

  friend bool operator==(const EventLine&, const EventLine&) = default;
};

// Appended, never edited. Adapters, watchers and reports follow these.
struct OrderEvent {
  uint64_t number = 0;  // Grows by one with each, over all orders: the cursor of the feed.
  uint64_t order_number = 0;
  int fulfilment = 0;  // 0: the whole order.
  OrderEventKind kind = OrderEventKind::kPlaced;
  OrderState state = OrderState::kPlaced;  // Of the fulfilment, after it; of the order if it is 0.
  LocationId location = kNoLocation;       // Where the fulfilment stood; where units came back.
  Timestamp occurred_at{};
  Timestamp recorded_at{};
  UnitReason reason = UnitReason::kNone;
  ExceptionKind exception{};  // kException only.
  std::string shipment_id{};
  std::string note{};  // For people, at most 500 bytes.
  std::vector<EventLine> lines{};

  friend bool operator==(const OrderEvent&, const OrderEvent&) = default;
};

std::string_view OrderEventKindName(OrderEventKind kind);
std::string_view UnitReasonName(UnitReason reason);

}  // namespace stockd::fulfilment
