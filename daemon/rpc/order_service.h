#pragma once

#include <atomic>

#include "daemon/engine/engine.h"
#include "daemon/rpc/order_parts.h"
#include "daemon/sync/feed_pump.h"
#include "stockd/v1/order_service.grpc.pb.h"

namespace stockd::rpc {

// Customers' orders. Translates between the wire and the rules of daemon/fulfilment; no rule lives
// here. Shape and names are checked on the calling thread, lines of an order on the writer's, where
// the order is. Thread-safe.
class OrderService final : public v1::OrderService::CallbackService {
 public:
  // `parts` and `pump` outlive the service.
  OrderService(OrderParts& parts, sync::FeedPump& pump) : parts_(parts), pump_(pump) {}

  // order_service_placing.cc
  grpc::ServerUnaryReactor* PlaceOrder(grpc::CallbackServerContext* context,
                                       const v1::PlaceOrderRequest* request,
                                       v1::PlaceOrderResponse* response) override;

  // order_service_selling.cc, order_service_replanning.cc
  grpc::ServerUnaryReactor* SellElsewhere(grpc::CallbackServerContext* context,
                                          const v1::SellElsewhereRequest* request,
                                          v1::SellElsewhereResponse* response) override;
  grpc::ServerUnaryReactor* ReplanFulfilment(grpc::CallbackServerContext* context,
                                             const v1::ReplanFulfilmentRequest* request,
                                             v1::ReplanFulfilmentResponse* response) override;

  // order_service_reads.cc
  grpc::ServerUnaryReactor* GetOrder(grpc::CallbackServerContext* context,
                                     const v1::GetOrderRequest* request,
                                     v1::GetOrderResponse* response) override;
  grpc::ServerUnaryReactor* ListOrders(grpc::CallbackServerContext* context,
                                       const v1::ListOrdersRequest* request,
                                       v1::ListOrdersResponse* response) override;
  grpc::ServerUnaryReactor* ListOrderEvents(grpc::CallbackServerContext* context,
                                            const v1::ListOrderEventsRequest* request,
                                            v1::ListOrderEventsResponse* response) override;

  // order_service_store.cc
  grpc::ServerUnaryReactor* QuotePickup(grpc::CallbackServerContext* context,
                                        const v1::QuotePickupRequest* request,
                                        v1::QuotePickupResponse* response) override;
  grpc::ServerUnaryReactor* ListPicks(grpc::CallbackServerContext* context,
                                      const v1::ListPicksRequest* request,
                                      v1::ListPicksResponse* response) override;
  grpc::ServerUnaryReactor* ListHoldings(grpc::CallbackServerContext* context,
                                         const v1::ListHoldingsRequest* request,
                                         v1::ListHoldingsResponse* response) override;
  grpc::ServerUnaryReactor* ListShortOptions(grpc::CallbackServerContext* context,
                                             const v1::ListShortOptionsRequest* request,
                                             v1::ListShortOptionsResponse* response) override;

  // order_service_picking.cc
  grpc::ServerUnaryReactor* StartPicking(grpc::CallbackServerContext* context,
                                         const v1::StartPickingRequest* request,
                                         v1::StartPickingResponse* response) override;
  grpc::ServerUnaryReactor* RecordPick(grpc::CallbackServerContext* context,
                                       const v1::RecordPickRequest* request,
                                       v1::RecordPickResponse* response) override;
  grpc::ServerUnaryReactor* UndoPick(grpc::CallbackServerContext* context,
                                     const v1::UndoPickRequest* request,
                                     v1::UndoPickResponse* response) override;
  grpc::ServerUnaryReactor* SubstituteLine(grpc::CallbackServerContext* context,
                                           const v1::SubstituteLineRequest* request,
                                           v1::SubstituteLineResponse* response) override;
  grpc::ServerUnaryReactor* ReassignUnits(grpc::CallbackServerContext* context,
                                          const v1::ReassignUnitsRequest* request,
                                          v1::ReassignUnitsResponse* response) override;
  grpc::ServerUnaryReactor* FinishPicking(grpc::CallbackServerContext* context,
                                          const v1::FinishPickingRequest* request,
                                          v1::FinishPickingResponse* response) override;

  // order_service_delivery.cc
  grpc::ServerUnaryReactor* ShipUnits(grpc::CallbackServerContext* context,
                                      const v1::ShipUnitsRequest* request,
                                      v1::ShipUnitsResponse* response) override;
  grpc::ServerUnaryReactor* ReceiveAtStore(grpc::CallbackServerContext* context,
                                           const v1::ReceiveAtStoreRequest* request,
                                           v1::ReceiveAtStoreResponse* response) override;
  grpc::ServerUnaryReactor* RecordArrival(grpc::CallbackServerContext* context,
                                          const v1::RecordArrivalRequest* request,
                                          v1::RecordArrivalResponse* response) override;
  grpc::ServerUnaryReactor* HandOver(grpc::CallbackServerContext* context,
                                     const v1::HandOverRequest* request,
                                     v1::HandOverResponse* response) override;
  grpc::ServerUnaryReactor* RecordAttempt(grpc::CallbackServerContext* context,
                                          const v1::RecordAttemptRequest* request,
                                          v1::RecordAttemptResponse* response) override;
  grpc::ServerUnaryReactor* RecordDelivery(grpc::CallbackServerContext* context,
                                           const v1::RecordDeliveryRequest* request,
                                           v1::RecordDeliveryResponse* response) override;
  grpc::ServerUnaryReactor* RecordException(grpc::CallbackServerContext* context,
                                            const v1::RecordExceptionRequest* request,
                                            v1::RecordExceptionResponse* response) override;

  // order_service_changes.cc
  grpc::ServerUnaryReactor* CancelUnits(grpc::CallbackServerContext* context,
                                        const v1::CancelUnitsRequest* request,
                                        v1::CancelUnitsResponse* response) override;
  grpc::ServerUnaryReactor* ReturnUnits(grpc::CallbackServerContext* context,
                                        const v1::ReturnUnitsRequest* request,
                                        v1::ReturnUnitsResponse* response) override;
  grpc::ServerUnaryReactor* ReissueCode(grpc::CallbackServerContext* context,
                                        const v1::ReissueCodeRequest* request,
                                        v1::ReissueCodeResponse* response) override;
  grpc::ServerUnaryReactor* ExtendDeadline(grpc::CallbackServerContext* context,
                                           const v1::ExtendDeadlineRequest* request,
                                           v1::ExtendDeadlineResponse* response) override;
  grpc::ServerUnaryReactor* RevisePromise(grpc::CallbackServerContext* context,
                                          const v1::RevisePromiseRequest* request,
                                          v1::RevisePromiseResponse* response) override;
  grpc::ServerUnaryReactor* RateOrder(grpc::CallbackServerContext* context,
                                      const v1::RateOrderRequest* request,
                                      v1::RateOrderResponse* response) override;

  // order_service_waiting.cc
  grpc::ServerUnaryReactor* ListWaitingOrderFacts(
      grpc::CallbackServerContext* context, const v1::ListWaitingOrderFactsRequest* request,
      v1::ListWaitingOrderFactsResponse* response) override;
  grpc::ServerUnaryReactor* RetryWaitingOrderFacts(
      grpc::CallbackServerContext* context, const v1::RetryWaitingOrderFactsRequest* request,
      v1::RetryWaitingOrderFactsResponse* response) override;
  grpc::ServerUnaryReactor* RejectWaitingOrderFacts(
      grpc::CallbackServerContext* context, const v1::RejectWaitingOrderFactsRequest* request,
      v1::RejectWaitingOrderFactsResponse* response) override;

  // order_service_watch.cc
  grpc::ServerWriteReactor<v1::WatchOrderEventsResponse>* WatchOrderEvents(
      grpc::CallbackServerContext* context, const v1::WatchOrderEventsRequest* request) override;

 private:
  OrderParts& parts_;
  sync::FeedPump& pump_;
  std::atomic<int> streams_ = 0;
};

}  // namespace stockd::rpc
