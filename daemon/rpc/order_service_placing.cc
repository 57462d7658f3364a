// OrderService: placing.
#include <utility>
#include <variant>

#include "daemon/rpc/order_moves.h"
#include "daemon/rpc/order_placing.h"
#include "daemon/rpc/order_requests.h"
#include "daemon/rpc/order_service.h"

namespace stockd::rpc {

grpc::ServerUnaryReactor* OrderService::PlaceOrder(grpc::CallbackServerContext* context,
                                                   const v1::PlaceOrderRequest* request,
                                                   v1::PlaceOrderResponse* response) {
  fulfilment::PlaceCommand command;
  bool placed_now = false;
  if (auto status = ParsePlace(*request, parts_.engine, command, placed_now); !status.ok()) {
    return FinishNow(context, status);
  }
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  SubmitPlace(parts_, std::move(command), placed_now,
              [this, reactor, response, order_id = request->order_id()](
                  engine::CommitOutcome outcome, fulfilment::OrderResult&& result) {
                if (outcome != engine::CommitOutcome::kCommitted) {
                  reactor->Finish(ToStatus(outcome));
                  return;
                }
                if (const auto* refusal = std::get_if<fulfilment::OrderRefusal>(&result)) {
                  reactor->Finish(ToStatus(*refusal, {.order_id = order_id}, parts_.catalogue()));
                  return;
                }
                const auto& order = std::get<fulfilment::Order>(result);
                ToProto(order, parts_.catalogue(), *response->mutable_order());
                FillCodes(order, parts_.engine.pickup_codes(), *response->mutable_codes());
                reactor->Finish(grpc::Status::OK);
              });
  return reactor;
}

}  // namespace stockd::rpc
