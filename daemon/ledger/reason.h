#pragma once

#include <string_view>

#include "daemon/base/ids.h"
#include "daemon/base/quantity.h"

namespace stockd::ledger {

// Why a command was refused or a fact set aside. Names are part of the public contract in their
// UPPER_SNAKE form and are never reused for another meaning. When several apply, the one that comes
// first here is reported.
enum class Reason : uint8_t {
  kNone = 0,
  // Identity: does the caller repeat itself?
  kReservationDiffers,  // Same reservation id, other content.
  kRequestDiffers,      // Same request id, other content.
  kEventDiffers,        // Same source and event id, other content.
  kOrderDiffers,
  kShipmentKnown,
  kLineKnown,
  // Shape.
  kFieldInvalid,        // A field is malformed; the message says which.
  kQuantityOutOfRange,  // Zero, negative or too large where it may not be.
  kTooManyLines,
  kTtlOutOfRange,
  kPositionRepeated,  // A position is named twice where it may appear once.
  // Names.
  kSkuUnknown,
  kLocationUnknown,
  kChannelUnknown,
  kGroupUnknown,
  kSourceUnknown,
  kReservationUnknown,
  kQuotaUnknown,
  kReconciliationUnknown,
  kQuarantineUnknown,
  kOrderUnknown,
  kFulfilmentUnknown,
  kLineUnknown,
  kShipmentUnknown,
  // Rights of a source.
  kLocationNotAllowed,
  kKindNotAllowed,
  kChannelNotAllowed,
  // Mapping.
  kQuantityNotWhole,  // Does not come out whole in the item's units.
  kCodeAmbiguous,     // A GTIN of several items.
  // Time.
  kOccurredInFuture,
  kOccurredTooLongAgo,
  // State.
  kReservationExpired,
  kReservationReleased,
  kReservationCommitted,  // Asked for held units, but all are committed already.
  kReservationConsumed,
  kExceedsReservation,    // More than the line has.
  kLocationNotInChannel,  // The channel's group does not hold the location.
  kInsufficientStock,
  kFigureOverflow,  // The figure would leave its range.
  kItemScaleFixed,
  kBundleNested,       // A part is a bundle itself.
  kBundleHasStock,     // The bundle's own item has stock or claims.
  kBundleNotCounted,   // A bundle has no stock of its own that could be counted.
  kQuotaDiffers,       // Same quota id, other content.
  kQuotaSalesMissing,  // The holder sold more than was told so far.
  kSourceNotConnected,
  // Orders.
  kReservationOfOrder,  // The claim of an order changes with the order only.
  kMoveForbidden,
  kExceedsLine,
  kUnitsUndecided,
  kNothingPicked,
  kPurposeMissing,
  kPickupNotPossible,
  kTooManyFulfilments,
  kCodeWrong,
  kCodeLocked,  // Too many wrong tries of a pick-up code.
};

// The canonical outcome class of a reason; numbers are those of gRPC, which this folder does not
// know.
enum class Canonical : uint8_t {
  kInvalidArgument = 3,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kFailedPrecondition = 9,
  kOutOfRange = 11,
};

// UPPER_SNAKE name, for example "INSUFFICIENT_STOCK".
std::string_view ReasonName(Reason reason);

// The reason with this name, kNone when there is none.
Reason ReasonFromName(std::string_view name);

// One sentence for people: what is wrong and what to do.
std::string_view ReasonAdvice(Reason reason);

Canonical ReasonCode(Reason reason);

// Why a command changed nothing, with the figures that belong to it.
struct Refusal {
  Reason reason = Reason::kNone;
  PositionKey position{};    // The position at fault, if one is.
  Quantity requested = 0;    // kInsufficientStock, kExceedsReservation, kQuantityOutOfRange.
  Quantity available = 0;    // kInsufficientStock: what could have been granted there, at least 0.
  std::string_view field{};  // kFieldInvalid and the like: a literal naming the field.

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

}  // namespace stockd::ledger
