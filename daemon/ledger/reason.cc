#include "daemon/ledger/reason.h"

#include <array>

#include "daemon/base/check.h"

namespace stockd::ledger {
namespace {

struct Row {
  Reason reason;
  Canonical code;
  std::string_view name;
  std::string_view advice;
};

// In the order of the enumeration; ReasonRow() relies on it.
constexpr std::array kRows{
    Row{Reason::kNone, Canonical::kInvalidArgument, "NONE", ""},
    Row{Reason::kReservationDiffers, Canonical::kAlreadyExists, "RESERVATION_DIFFERS",
        "This reservation id was used with other content. Use a new id for a new reservation."},
    Row{Reason::kRequestDiffers, Canonical::kAlreadyExists, "REQUEST_DIFFERS",
        "This request id was used with other content. Use a new request id for a new request."},
    Row{Reason::kEventDiffers, Canonical::kAlreadyExists, "EVENT_DIFFERS",
        "The source used this event id before for something else. Mend the source's numbering, "
        "then replay."},
    Row{Reason::kOrderDiffers, Canonical::kAlreadyExists, "ORDER_DIFFERS",
        "This order id was used with other content. Use a new id for a new order."},
    Row{Reason::kShipmentKnown, Canonical::kAlreadyExists, "SHIPMENT_KNOWN",
        "The fulfilment has a shipment with this id already. Use a new id for a new shipment."},
    Row{Reason::kLineKnown, Canonical::kAlreadyExists, "LINE_KNOWN",
        "The order has a line with this id already. Use a new id for a new line."},
    Row{Reason::kFieldInvalid, Canonical::kInvalidArgument, "FIELD_INVALID",
        "A field is malformed. Mend the named field."},
    Row{Reason::kQuantityOutOfRange, Canonical::kInvalidArgument, "QUANTITY_OUT_OF_RANGE",
        "The quantity is not in the range of its kind. Quantities are positive (adjustments "
        "signed, counts 0 or more) "
        "and at most 1000000000000."},
    Row{Reason::kTooManyLines, Canonical::kInvalidArgument, "TOO_MANY_LINES",
        "Split the request: it has no lines or more than allowed."},
    Row{Reason::kTtlOutOfRange, Canonical::kInvalidArgument, "TTL_OUT_OF_RANGE",
        "Hold units for at least 1 ms and at most 90 days."},
    Row{Reason::kPositionRepeated, Canonical::kInvalidArgument, "POSITION_REPEATED",
        "Name each position once; add its quantities up."},
    Row{Reason::kSkuUnknown, Canonical::kNotFound, "SKU_UNKNOWN",
        "No item has this SKU. Check it, or import the item; facts that wait for it "
        "are then applied."},
    Row{Reason::kLocationUnknown, Canonical::kNotFound, "LOCATION_UNKNOWN",
        "No location has this code. Check it, or import the location; facts that wait "
        "for it are then applied."},
    Row{Reason::kChannelUnknown, Canonical::kNotFound, "CHANNEL_UNKNOWN",
        "No channel has this id. Import the channel or leave it empty."},
    Row{Reason::kGroupUnknown, Canonical::kNotFound, "GROUP_UNKNOWN",
        "No location group has this id. Import the group."},
    Row{Reason::kSourceUnknown, Canonical::kPermissionDenied, "SOURCE_UNKNOWN",
        "No [[source]] with this id stands in the daemon's configuration."},
    Row{Reason::kReservationUnknown, Canonical::kNotFound, "RESERVATION_UNKNOWN",
        "No reservation has this id. Create it first."},
    Row{Reason::kQuotaUnknown, Canonical::kNotFound, "QUOTA_UNKNOWN",
        "No quota has this id. Grant it first."},
    Row{Reason::kReconciliationUnknown, Canonical::kNotFound, "RECONCILIATION_UNKNOWN",
        "The source has no reconciliation with this id; it may not be complete yet."},
    Row{Reason::kQuarantineUnknown, Canonical::kNotFound, "QUARANTINE_UNKNOWN",
        "No fact waits under this number; it may have been replayed."},
    Row{Reason::kOrderUnknown, Canonical::kNotFound, "ORDER_UNKNOWN",
        "No order has this id. Place it first."},
    Row{Reason::kFulfilmentUnknown, Canonical::kNotFound, "FULFILMENT_UNKNOWN",
        "The order has no fulfilment with this number, or several and none was named. Read the "
        "order."},
    Row{Reason::kLineUnknown, Canonical::kNotFound, "LINE_UNKNOWN",
        "The fulfilment has no line with this id. Read the order."},
    Row{Reason::kShipmentUnknown, Canonical::kNotFound, "SHIPMENT_UNKNOWN",
        "The fulfilment has no shipment with this id. Read the order."},
    Row{Reason::kLocationNotAllowed, Canonical::kPermissionDenied, "LOCATION_NOT_ALLOWED",
        "By its rule the source may tell nothing about this location. Change the rule and replay, "
        "or reject the fact."},
    Row{Reason::kKindNotAllowed, Canonical::kPermissionDenied, "KIND_NOT_ALLOWED",
        "By its rule the source may not tell facts of this kind here. Change the rule and replay, "
        "or reject the fact."},
    Row{Reason::kChannelNotAllowed, Canonical::kPermissionDenied, "CHANNEL_NOT_ALLOWED",
        "By its rule the source may not tell facts of this channel here. Change the rule and "
        "replay, or reject the fact."},
    Row{Reason::kQuantityNotWhole, Canonical::kInvalidArgument, "QUANTITY_NOT_WHOLE",
        "By the code's mapping the quantity is no whole number of our units. Mend the mapping's "
        "units, then replay."},
    Row{Reason::kCodeAmbiguous, Canonical::kFailedPrecondition, "CODE_AMBIGUOUS",
        "The code is a GTIN of several items. Map it to one of them, then replay."},
    Row{Reason::kOccurredInFuture, Canonical::kInvalidArgument, "OCCURRED_IN_FUTURE",
        "The fact is dated later than facts.future_tolerance allows. Set the source's clock, then "
        "replay."},
    Row{Reason::kOccurredTooLongAgo, Canonical::kOutOfRange, "OCCURRED_TOO_LONG_AGO",
        "The fact is older than facts.look_back. Check it, then replay it with --accept-late."},
    Row{Reason::kReservationExpired, Canonical::kFailedPrecondition, "RESERVATION_EXPIRED",
        "The deadline has passed and the units were given back. Reserve again with a new id."},
    Row{Reason::kReservationReleased, Canonical::kFailedPrecondition, "RESERVATION_RELEASED",
        "The units were given back. Reserve again with a new id."},
    Row{Reason::kReservationCommitted, Canonical::kFailedPrecondition, "RESERVATION_COMMITTED",
        "The units belong to an order already; nothing is held any more."},
    Row{Reason::kReservationConsumed, Canonical::kFailedPrecondition, "RESERVATION_CONSUMED",
        "The units have left with sales; nothing is left to change."},
    Row{Reason::kExceedsReservation, Canonical::kFailedPrecondition, "EXCEEDS_RESERVATION",
        "The reservation has fewer units there. Read it and ask for what it has."},
    Row{Reason::kLocationNotInChannel, Canonical::kFailedPrecondition, "LOCATION_NOT_IN_CHANNEL",
        "The channel's group does not hold this location. Choose a location of the group or change "
        "the group."},
    Row{Reason::kInsufficientStock, Canonical::kFailedPrecondition, "INSUFFICIENT_STOCK",
        "Fewer units are available. Ask for less, for another location, or for a partial "
        "reservation."},
    Row{Reason::kFigureOverflow, Canonical::kOutOfRange, "FIGURE_OVERFLOW",
        "The position's figure would leave its range of 1000000000000000 units. Check the "
        "quantity."},
    Row{Reason::kItemScaleFixed, Canonical::kFailedPrecondition, "ITEM_SCALE_FIXED",
        "An item's scale cannot change, all its quantities are counted in it. Use a new SKU."},
    Row{Reason::kBundleNested, Canonical::kFailedPrecondition, "BUNDLE_NESTED",
        "A part of a bundle cannot be a bundle itself. Name the parts of that one."},
    Row{Reason::kBundleHasStock, Canonical::kFailedPrecondition, "BUNDLE_HAS_STOCK",
        "The item has stock or claims of its own. Count it to 0 and let its claims end first."},
    Row{Reason::kBundleNotCounted, Canonical::kFailedPrecondition, "BUNDLE_NOT_COUNTED",
        "A bundle has no stock of its own. Count its parts, then reject the fact."},
    Row{Reason::kQuotaDiffers, Canonical::kAlreadyExists, "QUOTA_DIFFERS",
        "This quota id was used with other content. Use a new id for a new quota."},
    Row{Reason::kQuotaSalesMissing, Canonical::kFailedPrecondition, "QUOTA_SALES_MISSING",
        "The holder sold more than was told so far. Wait for its sales, then settle again."},
    Row{Reason::kSourceNotConnected, Canonical::kFailedPrecondition, "SOURCE_NOT_CONNECTED",
        "The source has no open session. Start its adapter, then ask again."},
    Row{Reason::kReservationOfOrder, Canonical::kFailedPrecondition, "RESERVATION_OF_ORDER",
        "The claim belongs to an order, whose own moves change it. Use OrderService (stockctl "
        "orders)."},
    Row{Reason::kMoveForbidden, Canonical::kFailedPrecondition, "MOVE_FORBIDDEN",
        "This cannot be done in the state that the order is in; `allowed` lists what can."},
    Row{Reason::kExceedsLine, Canonical::kFailedPrecondition, "EXCEEDS_LINE",
        "The line has fewer units for this. Read the order and ask for what it has."},
    Row{Reason::kUnitsUndecided, Canonical::kFailedPrecondition, "UNITS_UNDECIDED",
        "Units are neither picked nor decided upon. Pick, substitute, reassign or cancel them "
        "first."},
    Row{Reason::kNothingPicked, Canonical::kFailedPrecondition, "NOTHING_PICKED",
        "Nothing was picked. Cancel the fulfilment instead."},
    Row{Reason::kPurposeMissing, Canonical::kFailedPrecondition, "PURPOSE_MISSING",
        "The location does not collect or does not ship. Choose another one or change the "
        "location."},
    Row{Reason::kPickupNotPossible, Canonical::kFailedPrecondition, "PICKUP_NOT_POSSIBLE",
        "The location is closed or cannot pick more orders then; `obstacle` says which. Ask for a "
        "new quote."},
    Row{Reason::kTooManyFulfilments, Canonical::kFailedPrecondition, "TOO_MANY_FULFILMENTS",
        "The order has as many fulfilments, or the fulfilment as many shipments, as it may have."},
    Row{Reason::kCodeWrong, Canonical::kFailedPrecondition, "CODE_WRONG",
        "The code is not the one that the customer was sent. Read it again, or issue a new one."},
    Row{Reason::kCodeLocked, Canonical::kFailedPrecondition, "CODE_LOCKED",
        "Too many wrong codes: try again at `retry_at`, or issue a new one."},
};

const Row& ReasonRow(Reason reason) {
  const Row& row = kRows.at(static_cast<size_t>(reason));
  STOCKD_CHECK(row.reason == reason);
  return row;
}

}  // namespace

std::string_view ReasonName(Reason reason) { return ReasonRow(reason).name; }
std::string_view ReasonAdvice(Reason reason) { return ReasonRow(reason).advice; }
Canonical ReasonCode(Reason reason) { return ReasonRow(reason).code; }

Reason ReasonFromName(std::string_view name) {
  for (const Row& row : kRows) {
    if (row.name == name) return row.reason;
  }
  return Reason::kNone;
}

}  // namespace stockd::ledger
