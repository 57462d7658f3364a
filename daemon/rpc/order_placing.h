#pragma once

#include <functional>

#include "daemon/fulfilment/order_commands.h"
#include "daemon/rpc/order_parts.h"

namespace stockd::rpc {

// Places the order on the writer's thread, at the instant of the decision when `placed_now`; tries
// what waits for the order. `done` is called on the completion thread.
void SubmitPlace(OrderParts& parts, fulfilment::PlaceCommand command, bool placed_now,
                 std::function<void(engine::CommitOutcome, fulfilment::OrderResult&&)> done);

}  // namespace stockd::rpc
