#include "daemon/ledger/reason.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace stockd::ledger {
namespace {

struct ReasonCase {
  Reason reason;
  const char* name;
  Canonical code;
};

// The contract, written down a second time: callers act on these names and codes.
constexpr ReasonCase kReasons[] = {
    {Reason::kReservationDiffers, "RESERVATION_DIFFERS", Canonical::kAlreadyExists},
    {Reason::kRequestDiffers, "REQUEST_DIFFERS", Canonical::kAlreadyExists},
    {Reason::kEventDiffers, "EVENT_DIFFERS", Canonical::kAlreadyExists},
    {Reason::kFieldInvalid, "FIELD_INVALID", Canonical::kInvalidArgument},
    {Reason::kQuantityOutOfRange, "QUANTITY_OUT_OF_RANGE", Canonical::kInvalidArgument},
    {Reason::kTooManyLines, "TOO_MANY_LINES", Canonical::kInvalidArgument},
    {Reason::kTtlOutOfRange, "TTL_OUT_OF_RANGE", Canonical::kInvalidArgument},
    {Reason::kPositionRepeated, "POSITION_REPEATED", Canonical::kInvalidArgument},
    {Reason::kSkuUnknown, "SKU_UNKNOWN", Canonical::kNotFound},
    {Reason::kLocationUnknown, "LOCATION_UNKNOWN", Canonical::kNotFound},
    {Reason::kChannelUnknown, "CHANNEL_UNKNOWN", Canonical::kNotFound},
    {Reason::kGroupUnknown, "GROUP_UNKNOWN", Canonical::kNotFound},
    {Reason::kSourceUnknown, "SOURCE_UNKNOWN", Canonical::kPermissionDenied},
    {Reason::kReservationUnknown, "RESERVATION_UNKNOWN", Canonical::kNotFound},
    {Reason::kQuarantineUnknown, "QUARANTINE_UNKNOWN", Canonical::kNotFound},
    {Reason::kOccurredInFuture, "OCCURRED_IN_FUTURE", Canonical::kInvalidArgument},
    {Reason::kOccurredTooLongAgo, "OCCURRED_TOO_LONG_AGO", Canonical::kOutOfRange},
    {Reason::kReservationExpired, "RESERVATION_EXPIRED", Canonical::kFailedPrecondition},
    {Reason::kReservationReleased, "RESERVATION_RELEASED", Canonical::kFailedPrecondition},
    {Reason::kReservationCommitted, "RESERVATION_COMMITTED", Canonical::kFailedPrecondition},
    {Reason::kReservationConsumed, "RESERVATION_CONSUMED", Canonical::kFailedPrecondition},
    {Reason::kExceedsReservation, "EXCEEDS_RESERVATION", Canonical::kFailedPrecondition},
    {Reason::kInsufficientStock, "INSUFFICIENT_STOCK", Canonical::kFailedPrecondition},
    {Reason::kFigureOverflow, "FIGURE_OVERFLOW", Canonical::kOutOfRange},
    {Reason::kItemScaleFixed, "ITEM_SCALE_FIXED", Canonical::kFailedPrecondition},
    {Reason::kLocationNotInChannel, "LOCATION_NOT_IN_CHANNEL", Canonical::kFailedPrecondition},
    {Reason::kQuotaUnknown, "QUOTA_UNKNOWN", Canonical::kNotFound},
    {Reason::kReconciliationUnknown, "RECONCILIATION_UNKNOWN", Canonical::kNotFound},
    {Reason::kLocationNotAllowed, "LOCATION_NOT_ALLOWED", Canonical::kPermissionDenied},
    {Reason::kKindNotAllowed, "KIND_NOT_ALLOWED", Canonical::kPermissionDenied},
    {Reason::kChannelNotAllowed, "CHANNEL_NOT_ALLOWED", Canonical::kPermissionDenied},
    {Reason::kQuantityNotWhole, "QUANTITY_NOT_WHOLE", Canonical::kInvalidArgument},
    {Reason::kCodeAmbiguous, "CODE_AMBIGUOUS", Canonical::kFailedPrecondition},
    {Reason::kBundleNested, "BUNDLE_NESTED", Canonical::kFailedPrecondition},
    {Reason::kBundleHasStock, "BUNDLE_HAS_STOCK", Canonical::kFailedPrecondition},
    {Reason::kBundleNotCounted, "BUNDLE_NOT_COUNTED", Canonical::kFailedPrecondition},
    {Reason::kQuotaDiffers, "QUOTA_DIFFERS", Canonical::kAlreadyExists},
    {Reason::kQuotaSalesMissing, "QUOTA_SALES_MISSING", Canonical::kFailedPrecondition},
    {Reason::kSourceNotConnected, "SOURCE_NOT_CONNECTED", Canonical::kFailedPrecondition},
    {Reason::kOrderDiffers, "ORDER_DIFFERS", Canonical::kAlreadyExists},
    {Reason::kShipmentKnown, "SHIPMENT_KNOWN", Canonical::kAlreadyExists},
    {Reason::kLineKnown, "LINE_KNOWN", Canonical::kAlreadyExists},
    {Reason::kOrderUnknown, "ORDER_UNKNOWN", Canonical::kNotFound},
    {Reason::kFulfilmentUnknown, "FULFILMENT_UNKNOWN", Canonical::kNotFound},
    {Reason::kLineUnknown, "LINE_UNKNOWN", Canonical::kNotFound},
    {Reason::kShipmentUnknown, "SHIPMENT_UNKNOWN", Canonical::kNotFound},
    {Reason::kReservationOfOrder, "RESERVATION_OF_ORDER", Canonical::kFailedPrecondition},
    {Reason::kMoveForbidden, "MOVE_FORBIDDEN", Canonical::kFailedPrecondition},
    {Reason::kExceedsLine, "EXCEEDS_LINE", Canonical::kFailedPrecondition},
    {Reason::kUnitsUndecided, "UNITS_UNDECIDED", Canonical::kFailedPrecondition},
    {Reason::kNothingPicked, "NOTHING_PICKED", Canonical::kFailedPrecondition},
    {Reason::kPurposeMissing, "PURPOSE_MISSING", Canonical::kFailedPrecondition},
    {Reason::kPickupNotPossible, "PICKUP_NOT_POSSIBLE", Canonical::kFailedPrecondition},
    {Reason::kTooManyFulfilments, "TOO_MANY_FULFILMENTS", Canonical::kFailedPrecondition},
    {Reason::kCodeWrong, "CODE_WRONG", Canonical::kFailedPrecondition},
    {Reason::kCodeLocked, "CODE_LOCKED", Canonical::kFailedPrecondition},
};

TEST(Reason, HasItsNameAndCodeAndIsFoundByIt) {
  for (const auto& [reason, name, code] : kReasons) {
    EXPECT_EQ(ReasonName(reason), name);
    EXPECT_EQ(ReasonCode(reason), code) << name;
    EXPECT_EQ(ReasonFromName(name), reason) << name;
  }
}

TEST(Reason, NoneIsNotARefusal) {
  EXPECT_EQ(ReasonName(Reason::kNone), "NONE");
  EXPECT_TRUE(ReasonAdvice(Reason::kNone).empty());
}

TEST(Reason, AnUnknownNameIsNoReason) {
  for (const char* name : {"", "insufficient_stock", "INSUFFICIENT_STOCK ", "NO_SUCH"}) {
    EXPECT_EQ(ReasonFromName(name), Reason::kNone) << name;
  }
}

TEST(Reason, EachAdvisesInAFullSentenceOfItsOwn) {
  std::set<std::string_view> seen;
  for (const ReasonCase& c : kReasons) {
    const std::string_view advice = ReasonAdvice(c.reason);
    EXPECT_TRUE(advice.ends_with('.')) << c.name;
    EXPECT_TRUE(seen.insert(advice).second) << c.name << " advises as another reason does";
  }
}

TEST(Reason, EveryReasonStandsInThisTestsTable) {
  const auto last = std::ranges::max(kReasons, {}, &ReasonCase::reason).reason;
  EXPECT_EQ(std::size(kReasons), static_cast<size_t>(last));
  EXPECT_EQ(last, Reason::kCodeLocked);
}

}  // namespace
}  // namespace stockd::ledger
