#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/fulfilment/order_book.h"
#include "daemon/fulfilment/order_moves.h"
#include "daemon/ledger/fact.h"
#include "daemon/ledger/reason.h"
#include "daemon/ledger/state.h"

namespace stockd::fulfilment {

// Where the rules of orders work: stock and orders change in the same batch.
struct OrderDesk {
  ledger::State& state;
  OrderBook& book;
  ledger::FactLimits limits;
};

// Why a command changed nothing (a wrong pick-up code is counted, though).
struct OrderRefusal {
  ledger::Refusal refusal{};
  std::string subject{};                // The line, shipment or fulfilment at fault, by its id.
  std::optional<Method> method{};       // With `state`, kMoveForbidden: what is allowed instead
  std::optional<OrderState> state{};    // is MovesFrom() these.
  PickupObstacle obstacle{};            // kPickupNotPossible.
  LocationId location = kNoLocation;    // kPickupNotPossible, kPurposeMissing.
  std::optional<Timestamp> retry_at{};  // kCodeLocked.
};

// The order after the command; for a repeated command, as it was then.
using OrderResult = std::variant<Order, OrderRefusal>;

// --- placing
// --------------------------------------------------------------------------------------

// Units of an order's line that one location is to handle.
struct PlacePart {
  int line = 0;  // Index in PlaceCommand::lines.
  Quantity quantity = 0;
};

struct PlaceFulfilment {
  Method method = Method::kPickup;
  LocationId location = kNoLocation;
  LocationId destination = kNoLocation;  // kShipToStore only.
  std::vector<PlacePart> parts;
  std::optional<Timestamp> slot_start;         // As it was quoted; empty: the first free slot.
  std::optional<Timestamp> promised_ready;     // Empty: what the slot promises.
  std::optional<Timestamp> promised_delivery;  // Empty: no promise.
};

struct PlaceCommand {
  std::string id;
  std::string content;
  ChannelId channel = kNoChannel;
  std::string customer_reference;
  std::string
      reservation_id;  // The basket's hold, which the order takes the place of; may be empty.
  Timestamp placed_at{};
  std::optional<Timestamp> requested_for;
  std::vector<OrderLine> lines;
  std::vector<PlaceFulfilment> fulfilments;
};

// Claims the units, takes the slots and gives the promises, all or nothing.
//   kOrderDiffers: the id belongs to an order with other content.
//   kReservationUnknown and the like: the hold cannot become this order.
//   kPurposeMissing: a location does not do what is asked of it.
//   kPickupNotPossible: closed, or no capacity in the slot; `obstacle` says which.
//   kLocationNotInChannel, kInsufficientStock: at the first position that does not fit.
// REQUIRES: lines and fulfilments within their bounds; parts add up to the lines' quantities; known
// items and locations; placed_at within the limits.
OrderResult PlaceOrder(const OrderDesk& desk, const PlaceCommand& command);

// --- moves
// ----------------------------------------------------------------------------------------

// What every later command carries. Every function below answers a repeated request with its first
// answer, refuses with kRequestDiffers, kOrderUnknown, kFulfilmentUnknown, kOccurredInFuture,
// kOccurredTooLongAgo or kMoveForbidden, and decides all or nothing.
struct MoveHeader {
  std::string order_id;
  int fulfilment = 0;  // 0: the only one.
  std::string request_id;
  std::string content;
  Timestamp occurred_at{};
  std::string note;
};

// Units of a line of the order.
struct MoveLine {
  int line = 0;  // Index in Order::lines.
  Quantity quantity = 0;
};

OrderResult StartPicking(const OrderDesk& desk, const MoveHeader& header);

struct PickedLine {
  int line = 0;
  Quantity picked = 0;
  Quantity missing = 0;
  // kNotFound: the record is corrected by an adjustment; kDamaged: by a damage; kSold: not at all,
  // for the sale that took them will be told.
  UnitReason reason = UnitReason::kNotFound;
};
// kExceedsLine: more than is still claimed.
OrderResult RecordPick(const OrderDesk& desk, const MoveHeader& header,
                       const std::vector<PickedLine>& lines);

struct UndoneLine {
  int line = 0;
  Quantity picked = 0;  // Put back: they were scanned by mistake.
  Quantity found = 0;   // Missing units that turned up: the record is corrected again.
};
// Makes a ready or packed fulfilment one that is being picked again. kExceedsLine;
// kInsufficientStock: units that the record was not corrected for belong to somebody else by now.
OrderResult UndoPick(const OrderDesk& desk, const MoveHeader& header,
                     const std::vector<UndoneLine>& lines);

struct SubstituteCommand {
  int line = 0;           // Whose missing units, then unpicked ones, are replaced.
  Quantity quantity = 0;  // Of that line.
  OrderLine substitute;   // `item`, `id` and the price count.
  Quantity substitute_quantity = 0;
};
// Claims the substitute at the same location. kExceedsLine, kLineKnown, kInsufficientStock.
OrderResult Substitute(const OrderDesk& desk, const MoveHeader& header,
                       const SubstituteCommand& command);

struct ReassignCommand {
  std::vector<MoveLine> lines;  // Missing units first, then unpicked ones; empty: all of both.
  Method method = Method::kPickup;
  LocationId location = kNoLocation;
  LocationId destination = kNoLocation;
  std::optional<Timestamp> slot_start;
  UnitReason reason = UnitReason::kNotFound;
};
// Another location takes over, in a fulfilment of its own: its units are claimed before the others
// are given back. The first promise stays what it was. kExceedsLine, kPurposeMissing,
// kPickupNotPossible, kInsufficientStock, kLocationNotInChannel, kTooManyFulfilments.
OrderResult Reassign(const OrderDesk& desk, const MoveHeader& header,
                     const ReassignCommand& command);

// Everything is picked or decided: ready for the customer, or packed for the carrier. Sets the
// deadline and issues the code when customers collect. kUnitsUndecided, kNothingPicked.
OrderResult FinishPicking(const OrderDesk& desk, const MoveHeader& header,
                          const std::string& holding_area);

struct ShipCommand {
  Shipment shipment;            // `lines`, `shipped_at` and `attempts` are filled in.
  std::vector<MoveLine> lines;  // Empty: all that is picked.
};
// The units leave. kShipmentKnown, kExceedsLine, kTooManyShipments.
OrderResult Ship(const OrderDesk& desk, const MoveHeader& header, const ShipCommand& command);

// Units sent to a store have arrived there and are claimed there. Empty lines: all that was sent.
OrderResult ReceiveAtStore(const OrderDesk& desk, const MoveHeader& header,
                           const std::vector<MoveLine>& lines, const std::string& holding_area);

OrderResult Arrive(const OrderDesk& desk, const MoveHeader& header);

struct HandOverCommand {
  std::string code_digest;      // Of what was typed.
  bool without_code = false;    // Somebody vouches for the customer; the note says why.
  std::vector<MoveLine> lines;  // Empty: all that is there.
};
// The units leave with the customer. kCodeWrong, kCodeLocked: the try is counted. kExceedsLine.
OrderResult HandOver(const OrderDesk& desk, const MoveHeader& header,
                     const HandOverCommand& command);

// kShipmentUnknown.
OrderResult RecordAttempt(const OrderDesk& desk, const MoveHeader& header,
                          const std::string& shipment_id);

// Empty lines: all that is on its way, of the shipment if one is named. Units that nobody had told
// to be shipped are shipped now. kShipmentUnknown, kExceedsLine.
OrderResult Deliver(const OrderDesk& desk, const MoveHeader& header, const std::string& shipment_id,
                    const std::vector<MoveLine>& lines);

// What went wrong. kLost ends the units that are on their way; empty lines: all of them.
OrderResult RecordException(const OrderDesk& desk, const MoveHeader& header, ExceptionKind kind,
                            const std::string& shipment_id, const std::vector<MoveLine>& lines);

// Nobody will get these units: missing ones first, then unpicked, then picked ones. Empty lines:
// all that has not left. kExceedsLine.
OrderResult Cancel(const OrderDesk& desk, const MoveHeader& header,
                   const std::vector<MoveLine>& lines, UnitReason reason);

struct ReturnCommand {
  std::vector<MoveLine> lines;  // Empty: all that the customer or the carrier has.
  LocationId location = kNoLocation;
  bool sellable = true;
  UnitReason reason = UnitReason::kCustomer;
};
OrderResult Return(const OrderDesk& desk, const MoveHeader& header, const ReturnCommand& command);

// The code before is void. kNone otherwise.
OrderResult ReissueCode(const OrderDesk& desk, const MoveHeader& header);

// REQUIRES: deadline after now.
OrderResult ExtendDeadline(const OrderDesk& desk, const MoveHeader& header, Timestamp deadline);

OrderResult RevisePromise(const OrderDesk& desk, const MoveHeader& header,
                          std::optional<Timestamp> ready, std::optional<Timestamp> delivery);

// Of the whole order, at any time.
OrderResult Rate(const OrderDesk& desk, const MoveHeader& header, const Rating& rating);

// --- time
// -----------------------------------------------------------------------------------------

// The next instant at which the order changes by itself; kTimestampMax: none.
Timestamp NextDue(const Order& order);

// The order as a reader sees it at `now`: what nobody collected by its deadline has ended, whether
// or not SettleDue() has written it down. Its version is that of the last change on record.
Order AsOf(Order order, Timestamp now);

// Ends fulfilments whose deadline has passed and reminds of those that are due. Returns whether
// anything changed. Every command does it first.
bool SettleDue(const OrderDesk& desk, Order& order);

// Wrong tries of a pick-up code before the next is not looked at for a while, and how long: it
// doubles with each further wrong try.
inline constexpr int kCodeTriesMax = 5;
inline constexpr Duration kCodePause = std::chrono::minutes(1);
inline constexpr Duration kCodePauseMax = std::chrono::hours(1);
// Kept so long where the opening hours give no deadline.
inline constexpr Duration kHoldFallback = std::chrono::hours(72);
// A customer at the counter of a location that does not close waits so long at least.
inline constexpr Duration kWaitFallback = std::chrono::hours(2);

}  // namespace stockd::fulfilment
