// OrderService: what is taken back, promised anew or said afterwards.
#include <vector>

#include "daemon/rpc/names.h"
#include "daemon/rpc/order_moves.h"
#include "daemon/rpc/order_service.h"

namespace stockd::rpc {
namespace {

using fulfilment::MoveHeader;
using fulfilment::MoveLine;
using fulfilment::OrderDesk;
using fulfilment::OrderResult;
using fulfilment::UnitReason;
using Lines = std::vector<MoveLine>;

constexpr int kNpsMax = 10;
constexpr int kCsatMax = 5;

}  // namespace

grpc::ServerUnaryReactor* OrderService::CancelUnits(grpc::CallbackServerContext* context,
                                                    const v1::CancelUnitsRequest* request,
                                                    v1::CancelUnitsResponse* response) {
  UnitReason reason{};
  if (auto status = CheckLines(request->lines()); !status.ok()) return FinishNow(context, status);
  if (auto status = ParseReason(request->reason(), UnitReason::kCustomer, reason); !status.ok()) {
    return FinishNow(context, status);
  }
  return Move(parts_, context, *request, response,
              [lines = request->lines(), reason](const OrderDesk& desk, const MoveHeader& header) {
                return sync::WithLines(desk, header, lines, [&](const Lines& moves) {
                  return fulfilment::Cancel(desk, header, moves, reason);
                });
              });
}

grpc::ServerUnaryReactor* OrderService::ReturnUnits(grpc::CallbackServerContext* context,
                                                    const v1::ReturnUnitsRequest* request,
                                                    v1::ReturnUnitsResponse* response) {
  fulfilment::ReturnCommand command{.sellable = !request->unsellable()};
  if (auto status = CheckLines(request->lines()); !status.ok()) return FinishNow(context, status);
  if (auto status = ParseReason(request->reason(), UnitReason::kCustomer, command.reason);
      !status.ok()) {
    return FinishNow(context, status);
  }
  if (auto status = FindLocation(request->location(), parts_.catalogue(), command.location);
      !status.ok()) {
    return FinishNow(context, status);
  }
  return Move(parts_, context, *request, response,
              [lines = request->lines(), command = std::move(command)](
                  const OrderDesk& desk, const MoveHeader& header) mutable {
                return sync::WithLines(desk, header, lines, [&](const Lines& moves) {
                  command.lines = moves;
                  return fulfilment::Return(desk, header, command);
                });
              });
}

grpc::ServerUnaryReactor* OrderService::ReissueCode(grpc::CallbackServerContext* context,
                                                    const v1::ReissueCodeRequest* request,
                                                    v1::ReissueCodeResponse* response) {
  AskedMove asked;
  if (auto status = ParseMove(*request, asked); !status.ok()) return FinishNow(context, status);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const int number = request->fulfilment();
  SubmitMove(
      parts_, reactor, std::move(asked),
      [](const OrderDesk& desk, const MoveHeader& header) {
        return fulfilment::ReissueCode(desk, header);
      },
      [this, reactor, response, number](const fulfilment::Order& order) {
        ToProto(order, parts_.catalogue(), *response->mutable_order());
        const fulfilment::Fulfilment* part =
            number == 0 ? &order.fulfilments.front() : order.Find(number);
        if (part != nullptr) {
          response->set_code(ValidCode(order, *part, parts_.engine.pickup_codes()));
        }
        reactor->Finish(grpc::Status::OK);
      });
  return reactor;
}

grpc::ServerUnaryReactor* OrderService::ExtendDeadline(grpc::CallbackServerContext* context,
                                                       const v1::ExtendDeadlineRequest* request,
                                                       v1::ExtendDeadlineResponse* response) {
  std::optional<Timestamp> deadline;
  if (auto status = ParseInstant("deadline_time", request->has_deadline_time(),
                                 request->deadline_time(), deadline);
      !status.ok()) {
    return FinishNow(context, status);
  }
  if (!deadline) return FinishNow(context, InvalidField("deadline_time", "is required"));
  return Move(
      parts_, context, *request, response,
      [deadline = *deadline](const OrderDesk& desk, const MoveHeader& header) -> OrderResult {
        // A repetition is answered as it was, also after the deadline it set.
        if (deadline <= desk.state.now() && !desk.book.FindOrderRequest(header.request_id)) {
          return fulfilment::OrderRefusal{
              .refusal = {.reason = ledger::Reason::kFieldInvalid, .field = "deadline_time"}};
        }
        return fulfilment::ExtendDeadline(desk, header, deadline);
      });
}

grpc::ServerUnaryReactor* OrderService::RevisePromise(grpc::CallbackServerContext* context,
                                                      const v1::RevisePromiseRequest* request,
                                                      v1::RevisePromiseResponse* response) {
  std::optional<Timestamp> ready;
  std::optional<Timestamp> delivery;
  if (auto status = ParseInstant("promised_ready_time", request->has_promised_ready_time(),
                                 request->promised_ready_time(), ready);
      !status.ok()) {
    return FinishNow(context, status);
  }
  if (auto status = ParseInstant("promised_delivery_time", request->has_promised_delivery_time(),
                                 request->promised_delivery_time(), delivery);
      !status.ok()) {
    return FinishNow(context, status);
  }
  if (!ready && !delivery) {
    return FinishNow(context, InvalidField("promised_ready_time",
                                           "or promised_delivery_time is "
                                           "required"));
  }
  return Move(parts_, context, *request, response,
              [ready, delivery](const OrderDesk& desk, const MoveHeader& header) {
                return fulfilment::RevisePromise(desk, header, ready, delivery);
              });
}

grpc::ServerUnaryReactor* OrderService::RateOrder(grpc::CallbackServerContext* context,
                                                  const v1::RateOrderRequest* request,
                                                  v1::RateOrderResponse* response) {
  const v1::Rating& asked = request->rating();
  if (!asked.has_nps() && !asked.has_csat()) {
    return FinishNow(context, InvalidField("rating", "needs at least one answer"));
  }
  fulfilment::Rating rating;
  if (asked.has_nps()) rating.nps = asked.nps();
  if (asked.has_csat()) rating.csat = asked.csat();
  if (rating.nps && (*rating.nps < 0 || *rating.nps > kNpsMax)) {
    return FinishNow(context, InvalidField("rating.nps", "is 0 to 10"));
  }
  if (rating.csat && (*rating.csat < 1 || *rating.csat > kCsatMax)) {
    return FinishNow(context, InvalidField("rating.csat", "is 1 to 5"));
  }
  return Move(parts_, context, *request, response,
              [rating](const OrderDesk& desk, const MoveHeader& header) {
                return fulfilment::Rate(desk, header, rating);
              });
}

}  // namespace stockd::rpc
