#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "daemon/fulfilment/order_commands.h"
#include "daemon/rpc/order_convert.h"
#include "daemon/rpc/order_fields.h"
#include "daemon/rpc/order_parts.h"
#include "daemon/rpc/order_status.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {

// What every move of an order has in common, from the request to the answer.

// A move as it was asked.
struct AskedMove {
  fulfilment::MoveHeader header;
  bool happens_now = false;  // `header.occurred_at` is that of the decision.
};

// The checked header of a request; `content` becomes its bytes. They are stable: no request holds a
// map, and fields are written in the order of their numbers.
grpc::Status ParseMove(const std::string& order_id, int fulfilment, const std::string& request_id,
                       const google::protobuf::Timestamp* occur_time, const std::string& note,
                       AskedMove& asked);

template <typename Request>
grpc::Status ParseMove(const Request& request, AskedMove& asked) {
  int fulfilment = 0;
  if constexpr (requires { request.fulfilment(); }) fulfilment = request.fulfilment();
  asked.header.content = request.GetTypeName() + '\0' + request.SerializeAsString();
  return ParseMove(request.order_id(), fulfilment, request.request_id(),
                   request.has_occur_time() ? &request.occur_time() : nullptr, request.note(),
                   asked);
}

// Lets `run(const OrderDesk&, const MoveHeader&) -> OrderResult` decide on the writer's thread and
// calls `complete(OrderResult&&)`, which finishes the call. What did not commit is answered here.
template <typename Run, typename Complete>
void SubmitMoveThen(OrderParts& parts, grpc::ServerUnaryReactor* reactor, AskedMove asked, Run run,
                    Complete complete) {
  parts.engine.Submit(engine::MakeTask(
      [asked = std::move(asked),
       run = std::move(run)](engine::UnitOfWork& unit) mutable -> fulfilment::OrderResult {
        if (asked.happens_now) asked.header.occurred_at = unit.now();
        return run(unit.order_desk(), asked.header);
      },
      [reactor, complete = std::move(complete)](engine::CommitOutcome outcome,
                                                fulfilment::OrderResult&& result) mutable {
        if (outcome != engine::CommitOutcome::kCommitted) {
          reactor->Finish(ToStatus(outcome));
        } else {
          complete(std::move(result));
        }
      }));
}

// The same; `answer(const Order&)` finishes the call, refusals are answered here.
template <typename Run, typename Answer>
void SubmitMove(OrderParts& parts, grpc::ServerUnaryReactor* reactor, AskedMove asked, Run run,
                Answer answer) {
  const std::string order_id = asked.header.order_id;
  const std::string request_id = asked.header.request_id;
  SubmitMoveThen(
      parts, reactor, std::move(asked), std::move(run),
      [&parts, reactor, order_id, request_id,
       answer = std::move(answer)](fulfilment::OrderResult&& result) mutable {
        if (const auto* refusal = std::get_if<fulfilment::OrderRefusal>(&result)) {
          reactor->Finish(ToStatus(*refusal, {.order_id = order_id, .request_id = request_id},
                                   parts.catalogue()));
        } else {
          answer(std::get<fulfilment::Order>(result));
        }
      });
}

// The same for a call that is answered with the order alone, which most are.
template <typename Request, typename Response, typename Run>
grpc::ServerUnaryReactor* Move(OrderParts& parts, grpc::CallbackServerContext* context,
                               const Request& request, Response* response, Run run) {
  AskedMove asked;
  if (auto status = ParseMove(request, asked); !status.ok()) return FinishNow(context, status);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  SubmitMove(parts, reactor, std::move(asked), std::move(run),
             [&parts, reactor, response](const fulfilment::Order& order) {
               ToProto(order, parts.catalogue(), *response->mutable_order());
               reactor->Finish(grpc::Status::OK);
             });
  return reactor;
}

}  // namespace stockd::rpc
