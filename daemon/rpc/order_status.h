#pragma once

#include <grpcpp/support/status.h>

#include <string_view>

#include "daemon/engine/catalogue.h"
#include "daemon/fulfilment/order_commands.h"
#include "daemon/sync/order_words.h"
#include "stockd/v1/order_picking.pb.h"

namespace stockd::rpc {

// What a refusal of a move is about: ids of the request that the caller knows.
struct OrderSubject {
  std::string_view order_id;
  std::string_view request_id = {};
};

// A refusal by the rules of orders, in the caller's own names. Beside what every refusal has, the
// metadata tells the id at fault as `order_id`, `request_id`, `line`, `shipment` or
// `reservation_id`; for MOVE_FORBIDDEN `move`, `state` and `allowed`, for PICKUP_NOT_POSSIBLE
// `location` and `obstacle`, for PURPOSE_MISSING `location`, for CODE_LOCKED `retry_at`.
grpc::Status ToStatus(const fulfilment::OrderRefusal& refusal, const OrderSubject& subject,
                      const engine::Catalogue& catalogue);

// A part of a request that is malformed.
grpc::Status ToStatus(const sync::LineFault& fault);

// Their numbers differ: the contract has obstacles that a calendar does not know.
v1::PickupObstacle ToProto(fulfilment::PickupObstacle obstacle);

}  // namespace stockd::rpc
