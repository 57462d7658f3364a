#pragma once

#include "daemon/engine/sourcing_desk.h"
#include "daemon/rpc/reservation_service.h"
#include "daemon/rpc/sourcing_rates.h"
#include "stockd/v1/sourcing_service.grpc.pb.h"

namespace stockd::rpc {

// Where to take a cart from. Plans on the calling thread, from memory. Thread-safe.
class SourcingService final : public v1::SourcingService::CallbackService {
 public:
  SourcingService(engine::Engine& engine, engine::WorkQueue& work, SourcingRates rates,
                  ReservationLimits limits)
      : engine_(engine), rates_(rates), limits_(limits), desk_(engine, work) {}

  grpc::ServerUnaryReactor* PlanFulfilment(grpc::CallbackServerContext* context,
                                           const v1::PlanFulfilmentRequest* request,
                                           v1::PlanFulfilmentResponse* response) override;

 private:
  engine::Engine& engine_;
  const SourcingRates rates_;
  const ReservationLimits limits_;
  engine::SourcingDesk desk_;
};

}  // namespace stockd::rpc
