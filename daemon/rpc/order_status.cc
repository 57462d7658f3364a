#include "daemon/rpc/order_status.h"

#include <string>

#include "daemon/base/time_text.h"
#include "daemon/rpc/status.h"

namespace stockd::rpc {
namespace {

using ledger::Reason;

// "PICKUP_OBSTACLE_CLOSED" without what all of them begin with.
std::string ObstacleName(fulfilment::PickupObstacle obstacle) {
  constexpr std::string_view kPrefix = "PICKUP_OBSTACLE_";
  return v1::PickupObstacle_Name(ToProto(obstacle)).substr(kPrefix.size());
}

std::string StateName(fulfilment::OrderState state) {
  constexpr std::string_view kPrefix = "ORDER_STATE_";
  return v1::OrderState_Name(sync::ToProto(state)).substr(kPrefix.size());
}

std::string AllowedNames(fulfilment::Method method, fulfilment::OrderState state) {
  std::string names;
  for (const fulfilment::Move move : fulfilment::MovesFrom(method, state)) {
    if (!names.empty()) names += ',';
    names += fulfilment::MoveName(move);
  }
  return names;
}

// What the rule says is at fault, under the name that a caller knows it by.
std::string_view KeyOf(Reason reason) {
  switch (reason) {
    case Reason::kLineKnown:
    case Reason::kLineUnknown:
    case Reason::kExceedsLine: return "line";
    case Reason::kShipmentKnown:
    case Reason::kShipmentUnknown: return "shipment";
    case Reason::kMoveForbidden: return "move";
    case Reason::kReservationUnknown:
    case Reason::kReservationExpired:
    case Reason::kReservationReleased:
    case Reason::kReservationCommitted:
    case Reason::kReservationConsumed: return "reservation_id";
    default: return {};
  }
}

}  // namespace

v1::PickupObstacle ToProto(fulfilment::PickupObstacle obstacle) {
  switch (obstacle) {
    case fulfilment::PickupObstacle::kNone: return v1::PICKUP_OBSTACLE_UNSPECIFIED;
    case fulfilment::PickupObstacle::kClosed: return v1::PICKUP_OBSTACLE_CLOSED;
    case fulfilment::PickupObstacle::kNoCapacity: return v1::PICKUP_OBSTACLE_NO_CAPACITY;
    case fulfilment::PickupObstacle::kCutOff: return v1::PICKUP_OBSTACLE_CUT_OFF;
    case fulfilment::PickupObstacle::kNoSuchSlot: return v1::PICKUP_OBSTACLE_NO_SUCH_SLOT;
  }
  return v1::PICKUP_OBSTACLE_UNSPECIFIED;
}

grpc::Status ToStatus(const fulfilment::OrderRefusal& refusal, const OrderSubject& subject,
                      const engine::Catalogue& catalogue) {
  const Reason reason = refusal.refusal.reason;
  Metadata more;
  if (reason == Reason::kOrderUnknown || reason == Reason::kFulfilmentUnknown ||
      reason == Reason::kOrderDiffers) {
    more.emplace_back("order_id", subject.order_id);
  }
  if (reason == Reason::kRequestDiffers) more.emplace_back("request_id", subject.request_id);
  if (const std::string_view key = KeyOf(reason); !key.empty() && !refusal.subject.empty()) {
    more.emplace_back(key, refusal.subject);
  }
  if (refusal.method && refusal.state) {
    more.emplace_back("state", StateName(*refusal.state));
    more.emplace_back("allowed", AllowedNames(*refusal.method, *refusal.state));
  }
  if (refusal.location != kNoLocation) {
    more.emplace_back("location", catalogue.LocationCode(refusal.location));
  }
  if (reason == Reason::kPickupNotPossible) {
    more.emplace_back("obstacle", ObstacleName(refusal.obstacle));
  }
  if (refusal.retry_at) more.emplace_back("retry_at", FormatTimestamp(*refusal.retry_at));
  return ToStatus(refusal.refusal, catalogue, more);
}

grpc::Status ToStatus(const sync::LineFault& fault) {
  return InvalidField(fault.field, fault.problem);
}

}  // namespace stockd::rpc
