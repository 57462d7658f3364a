#pragma once

#include <grpcpp/support/status.h>

#include "daemon/engine/engine.h"
#include "daemon/fulfilment/order_commands.h"
#include "stockd/v1/order_service.pb.h"

namespace stockd::rpc {

// From a request to the command that places its order: shape first, then names. What it returns OK
// for satisfies the REQUIRES of fulfilment::PlaceOrder(), but for the instant, which stands in
// `placed_now`: the order is placed when it is decided.
grpc::Status ParsePlace(const v1::PlaceOrderRequest& request, const engine::Engine& engine,
                        fulfilment::PlaceCommand& command, bool& placed_now);

// How a fulfilment hands over what it picks: a destination for SHIP_TO_STORE, none otherwise.
grpc::Status ParseHandling(v1::FulfilmentMethod proto, const std::string& destination,
                           const std::string& path, const engine::Catalogue& catalogue,
                           fulfilment::Method& method, LocationId& location);

}  // namespace stockd::rpc
