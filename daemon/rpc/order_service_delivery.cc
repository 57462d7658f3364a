// OrderService: how units leave, and what becomes of them on the way.
#include <vector>

#include "daemon/rpc/order_moves.h"
#include "daemon/rpc/order_service.h"

namespace stockd::rpc {
namespace {

using fulfilment::MoveHeader;
using fulfilment::MoveLine;
using fulfilment::OrderDesk;
using Lines = std::vector<MoveLine>;

}  // namespace

grpc::ServerUnaryReactor* OrderService::ShipUnits(grpc::CallbackServerContext* context,
                                                  const v1::ShipUnitsRequest* request,
                                                  v1::ShipUnitsResponse* response) {
  if (const auto fault = sync::FindFault(request->shipment())) {
    return FinishNow(context, ToStatus(*fault));
  }
  if (auto status = CheckLines(request->lines()); !status.ok()) return FinishNow(context, status);
  return Move(parts_, context, *request, response,
              [lines = request->lines(), shipment = sync::ShipmentOf(request->shipment())](
                  const OrderDesk& desk, const MoveHeader& header) {
                return sync::WithLines(desk, header, lines, [&](const Lines& moves) {
                  return fulfilment::Ship(desk, header, {.shipment = shipment, .lines = moves});
                });
              });
}

grpc::ServerUnaryReactor* OrderService::ReceiveAtStore(grpc::CallbackServerContext* context,
                                                       const v1::ReceiveAtStoreRequest* request,
                                                       v1::ReceiveAtStoreResponse* response) {
  if (auto status = CheckLines(request->lines()); !status.ok()) return FinishNow(context, status);
  if (auto status = CheckText("holding_area", request->holding_area(), sync::kIdBytesMax);
      !status.ok()) {
    return FinishNow(context, status);
  }
  return Move(parts_, context, *request, response,
              [lines = request->lines(), area = request->holding_area()](const OrderDesk& desk,
                                                                         const MoveHeader& header) {
                return sync::WithLines(desk, header, lines, [&](const Lines& moves) {
                  return fulfilment::ReceiveAtStore(desk, header, moves, area);
                });
              });
}

grpc::ServerUnaryReactor* OrderService::RecordArrival(grpc::CallbackServerContext* context,
                                                      const v1::RecordArrivalRequest* request,
                                                      v1::RecordArrivalResponse* response) {
  return Move(parts_, context, *request, response,
              [](const OrderDesk& desk, const MoveHeader& header) {
                return fulfilment::Arrive(desk, header);
              });
}

grpc::ServerUnaryReactor* OrderService::HandOver(grpc::CallbackServerContext* context,
                                                 const v1::HandOverRequest* request,
                                                 v1::HandOverResponse* response) {
  constexpr size_t kCodeBytesMax = 32;
  if (auto status = CheckLines(request->lines()); !status.ok()) return FinishNow(context, status);
  if (request->code().empty() != request->without_code()) {
    return FinishNow(context, InvalidField("code", "is required unless without_code is set"));
  }
  if (request->without_code() && request->note().empty()) {
    return FinishNow(context, InvalidField("note", "says why it is handed over without a code"));
  }
  if (auto status = CheckText("code", request->code(), kCodeBytesMax); !status.ok()) {
    return FinishNow(context, status);
  }
  // What is kept of the request, to recognise its repetition, holds no code.
  v1::HandOverRequest concealed = *request;
  if (!request->code().empty()) {
    concealed.set_code(parts_.engine.pickup_codes().DigestOf(
        request->order_id(), sync::CodeNumber(request->fulfilment()), request->code()));
  }
  return Move(parts_, context, concealed, response,
              [concealed](const OrderDesk& desk, const MoveHeader& header) {
                return sync::WithLines(desk, header, concealed.lines(), [&](const Lines& moves) {
                  return fulfilment::HandOver(desk, header,
                                              {.code_digest = concealed.code(),
                                               .without_code = concealed.without_code(),
                                               .lines = moves});
                });
              });
}

grpc::ServerUnaryReactor* OrderService::RecordAttempt(grpc::CallbackServerContext* context,
                                                      const v1::RecordAttemptRequest* request,
                                                      v1::RecordAttemptResponse* response) {
  if (auto status = CheckOptionalId("shipment_id", request->shipment_id()); !status.ok()) {
    return FinishNow(context, status);
  }
  return Move(parts_, context, *request, response,
              [id = request->shipment_id()](const OrderDesk& desk, const MoveHeader& header) {
                return fulfilment::RecordAttempt(desk, header, id);
              });
}

grpc::ServerUnaryReactor* OrderService::RecordDelivery(grpc::CallbackServerContext* context,
                                                       const v1::RecordDeliveryRequest* request,
                                                       v1::RecordDeliveryResponse* response) {
  if (auto status = CheckOptionalId("shipment_id", request->shipment_id()); !status.ok()) {
    return FinishNow(context, status);
  }
  if (auto status = CheckLines(request->lines()); !status.ok()) return FinishNow(context, status);
  return Move(parts_, context, *request, response,
              [lines = request->lines(), id = request->shipment_id()](const OrderDesk& desk,
                                                                      const MoveHeader& header) {
                return sync::WithLines(desk, header, lines, [&](const Lines& moves) {
                  return fulfilment::Deliver(desk, header, id, moves);
                });
              });
}

grpc::ServerUnaryReactor* OrderService::RecordException(grpc::CallbackServerContext* context,
                                                        const v1::RecordExceptionRequest* request,
                                                        v1::RecordExceptionResponse* response) {
  const auto kind = sync::ExceptionOf(request->kind());
  if (!kind) return FinishNow(context, InvalidField("kind", "is required"));
  if (auto status = CheckOptionalId("shipment_id", request->shipment_id()); !status.ok()) {
    return FinishNow(context, status);
  }
  if (auto status = CheckLines(request->lines()); !status.ok()) return FinishNow(context, status);
  return Move(parts_, context, *request, response,
              [lines = request->lines(), id = request->shipment_id(), kind = *kind](
                  const OrderDesk& desk, const MoveHeader& header) {
                return sync::WithLines(desk, header, lines, [&](const Lines& moves) {
                  return fulfilment::RecordException(desk, header, kind, id, moves);
                });
              });
}

}  // namespace stockd::rpc
