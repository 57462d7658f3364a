#include "daemon/fulfilment/order_event.h"

namespace stockd::fulfilment {

std::string_view OrderEventKindName(OrderEventKind kind) {
  switch (kind) {
    case OrderEventKind::kPlaced: return "placed";
    case OrderEventKind::kPickingStarted: return "picking_started";
    case OrderEventKind::kPicked: return "picked";
    case OrderEventKind::kMissing: return "missing";
    case OrderEventKind::kFound: return "found";
    case OrderEventKind::kSubstituted: return "substituted";
    case OrderEventKind::kReassigned: return "reassigned";
    case OrderEventKind::kPacked: return "packed";
    case OrderEventKind::kReady: return "ready";
    case OrderEventKind::kReminder: return "reminder";
    case OrderEventKind::kCustomerArrived: return "customer_arrived";
    case OrderEventKind::kHandedOver: return "handed_over";
    case OrderEventKind::kCollected: return "collected";
    case OrderEventKind::kNoShow: return "no_show";
    case OrderEventKind::kShipped: return "shipped";
    case OrderEventKind::kArrivedAtStore: return "arrived_at_store";
    case OrderEventKind::kDeliveryAttempted: return "delivery_attempted";
    case OrderEventKind::kDelivered: return "delivered";
    case OrderEventKind::kException: return "exception";
    case OrderEventKind::kCancelled: return "cancelled";
    case OrderEventKind::kReturned: return "returned";
    case OrderEventKind::kPromiseRevised: return "promise_revised";
    case OrderEventKind::kDeadlineChanged: return "deadline_changed";
    case OrderEventKind::kCodeIssued: return "code_issued";
    case OrderEventKind::kCodeRefused: return "code_refused";
    case OrderEventKind::kRated: return "rated";
  }
  return "unknown";
}

std::string_view UnitReasonName(UnitReason reason) {
  switch (reason) {
    case UnitReason::kNone: return "";
    case UnitReason::kNotFound: return "not_found";
    case UnitReason::kDamaged: return "damaged";
    case UnitReason::kSold: return "sold";
    case UnitReason::kLate: return "late";
    case UnitReason::kCustomer: return "customer";
    case UnitReason::kRefused: return "refused";
    case UnitReason::kStore: return "store";
  }
  return "";
}

}  // namespace stockd::fulfilment
