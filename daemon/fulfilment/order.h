#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/ids.h"
#include "daemon/base/quantity.h"
#include "daemon/base/time.h"

namespace stockd::fulfilment {

// How the customer gets the units. The values are stored; never renumber them.
enum class Method : uint8_t {
  kPickup = 1,         // Picked and collected in one store.
  kShip = 2,           // By parcel, from a warehouse or a store.
  kShipToStore = 3,    // Sent to a store, collected there.
  kLocalDelivery = 4,  // Brought by the store's own driver.
};

constexpr bool IsCollected(Method method) {
  return method == Method::kPickup || method == Method::kShipToStore;
}

// Where a fulfilment stands. The values are stored; never renumber them. `order_moves.h` says which
// move leads from where to where.
enum class OrderState : uint8_t {
  kPlaced = 1,           // Units are claimed; nobody picks yet.
  kPicking = 2,          // Somebody picks.
  kShort = 3,            // Everything was looked for; missing units wait for a decision.
  kPacked = 4,           // Waits for the carrier or the driver.
  kInTransit = 5,        // In the carrier's hands, also on its way to a store.
  kReady = 6,            // Kept for the customer until the deadline.
  kCustomerWaiting = 7,  // The customer is at the counter.
  kCollected = 8,        // Final but for returns, as are the following.
  kDelivered = 9,
  kReturned = 10,   // Everything the customer had came back.
  kCancelled = 11,  // Nothing was handed over or delivered.
  kNoShow = 12,     // The deadline passed.
  kLost = 13,       // The carrier lost all of it.
};

// Whether the store or the carrier has nothing left to do.
constexpr bool IsClosed(OrderState state) { return state >= OrderState::kCollected; }

// Where a line's units are. They are always somewhere, in one place only: the sum is what was
// assigned to the line.
struct LineUnits {
  Quantity claimed = 0;      // Claimed for the order, still on the shelf.
  Quantity picked = 0;       // Taken from the shelf; still claimed.
  Quantity missing = 0;      // Not found; no claim any more; waits for a decision.
  Quantity substituted = 0;  // Another line's units took their place.
  Quantity shipped = 0;      // In the carrier's hands.
  Quantity handed_over = 0;
  Quantity delivered = 0;
  Quantity lost = 0;      // By the carrier.
  Quantity returned = 0;  // Came back after a hand-over, a delivery or on the way.
  Quantity cancelled = 0;

  Quantity Sum() const {
    return claimed + picked + missing + substituted + shipped + handed_over + delivered + lost +
           returned + cancelled;
  }
  // Units that the claim in the ledger must hold.
  Quantity InClaim() const { return claimed + picked; }

  friend bool operator==(const LineUnits&, const LineUnits&) = default;
};

// What the customer ordered.
struct OrderLine {
  std::string id;  // The caller's; unique within the order.
  ItemId item = kNoItem;
  Quantity ordered = 0;  // 0 for a substitute, which nobody ordered.
  int64_t unit_price_micros = 0;
  std::string currency;
  int substitutes = -1;  // Index of the line whose units this one replaces; -1: none.
  std::string bundle;    // SKU of the bundle that it is a part of; empty: none.

  friend bool operator==(const OrderLine&, const OrderLine&) = default;
};

// Units of one order line within one fulfilment.
struct FulfilmentLine {
  int line = 0;  // Index in Order::lines.
  LineUnits units;
  // Of `units.missing`, those that the record was corrected for by an adjustment.
  Quantity written_off = 0;

  friend bool operator==(const FulfilmentLine&, const FulfilmentLine&) = default;
};

// A promise to the customer. The first one is what is measured against; revisions stand beside it.
struct Promise {
  std::optional<Timestamp> first;
  std::optional<Timestamp> current;

  friend bool operator==(const Promise&, const Promise&) = default;
};

// What the carrier took.
struct Shipment {
  std::string id;  // The caller's; unique within the fulfilment.
  std::string carrier;
  std::string service;
  std::string tracking_number;
  int parcels = 1;
  int attempts = 0;
  Timestamp shipped_at{};
  std::optional<Timestamp> delivered_at{};
  std::vector<FulfilmentLine> lines{};  // `units.shipped` as it was shipped.

  friend bool operator==(const Shipment&, const Shipment&) = default;
};

// What went wrong on the way, as the customer found it. The values are stored.
enum class ExceptionKind : uint8_t {
  kWrongItem = 1,
  kWrongQuantity = 2,
  kWrongAddress = 3,  // Or the wrong person.
  kDamaged = 4,
  kLost = 5,
};

// The one-time code that the customer shows at the counter. Only its digest is kept.
struct PickupCode {
  int generation = 0;                      // How many were issued.
  std::string digest;                      // Hexadecimal; empty: none is valid.
  int wrong_tries = 0;                     // Since the last one was issued.
  Timestamp locked_until = kTimestampMin;  // No try is looked at before.

  friend bool operator==(const PickupCode&, const PickupCode&) = default;
};

// The part of an order that one location handles.
struct Fulfilment {
  int number = 0;  // 1, 2, ... within the order.
  Method method = Method::kPickup;
  OrderState state = OrderState::kPlaced;
  LocationId location = kNoLocation;     // Where the units are picked.
  LocationId destination = kNoLocation;  // kShipToStore: where they are collected.
  bool at_destination = false;           // kShipToStore: they have arrived there.
  std::string claim_id;                  // The ledger's reservation behind it; empty: none yet.
  std::vector<FulfilmentLine> lines;
  std::optional<Timestamp> slot_start;  // The picking slot that it takes; empty: none.
  bool slot_taken = false;              // Whether it still counts against the slot's capacity.
  Promise ready;                        // Ready to be collected, or handed to the carrier.
  Promise delivery;                     // With the customer.
  std::optional<Timestamp> picking_at;
  std::optional<Timestamp> packed_at;
  std::optional<Timestamp> shipped_at;
  std::optional<Timestamp> ready_at;
  std::optional<Timestamp> arrived_at;  // The customer at the counter.
  std::optional<Timestamp> closed_at;   // Collected, delivered, cancelled, ...
  std::optional<Timestamp> deadline;    // Kept for the customer until just before this instant.
  std::optional<Timestamp> remind_at;   // When the reminder is due; empty: none is, or it was sent.
  std::string holding_area;             // Where it is kept, for people.
  PickupCode code;
  std::vector<Shipment> shipments;

  // Where its claimed units stand.
  LocationId standing_at() const { return at_destination ? destination : location; }
  // Sum over the lines.
  LineUnits Total() const;

  friend bool operator==(const Fulfilment&, const Fulfilment&) = default;
};

// The customer's answers. Empty: not asked or not answered.
struct Rating {
  std::optional<int> nps;   // 0 to 10.
  std::optional<int> csat;  // 1 to 5.

  friend bool operator==(const Rating&, const Rating&) = default;
};

struct Order {
  uint64_t number = 0;  // The daemon's own, growing with each order.
  std::string id;       // The caller's.
  ChannelId channel = kNoChannel;
  std::string customer_reference;  // Opaque.
  Timestamp placed_at{};
  Timestamp recorded_at{};
  std::optional<Timestamp> requested_for;  // The customer wants it no earlier: not our delay.
  std::vector<OrderLine> lines;
  std::vector<Fulfilment> fulfilments;
  Rating rating;
  uint64_t version = 0;  // Grows with each change.

  // As PlaceOrder was asked, byte by byte: tells a repetition from another order of the same id.
  std::string content;

  // The state of the fulfilment that is least advanced, or of the last that closed.
  OrderState state() const;
  bool closed() const { return IsClosed(state()); }
  // Units of the line over all fulfilments.
  LineUnits UnitsOf(int line) const;
  // Null when there is none.
  Fulfilment* Find(int number);
  const Fulfilment* Find(int number) const;
  // -1 when there is none.
  int LineIndex(std::string_view line_id) const;

  friend bool operator==(const Order&, const Order&) = default;
};

// Lines of one order; fulfilments of one order; shipments of one fulfilment.
inline constexpr size_t kOrderLinesMax = 500;
inline constexpr size_t kFulfilmentsMax = 50;
inline constexpr size_t kShipmentsMax = 50;

std::string_view MethodName(Method method);
std::string_view OrderStateName(OrderState state);
std::string_view ExceptionKindName(ExceptionKind kind);

}  // namespace stockd::fulfilment
