#pragma once

#include "daemon/engine/engine.h"
#include "daemon/storage/reader.h"
#include "daemon/sync/feed_pump.h"
#include "stockd/v1/availability_service.grpc.pb.h"

namespace stockd::rpc {

// Answers from the index in memory; only history comes from the database. Thread-safe.
class AvailabilityService final : public v1::AvailabilityService::CallbackService {
 public:
  AvailabilityService(engine::Engine& engine, storage::Reader& reader, sync::FeedPump& pump)
      : engine_(engine), reader_(reader), pump_(pump) {}

  grpc::ServerUnaryReactor* GetAvailability(grpc::CallbackServerContext* context,
                                            const v1::GetAvailabilityRequest* request,
                                            v1::GetAvailabilityResponse* response) override;
  grpc::ServerUnaryReactor* BatchGetAvailability(
      grpc::CallbackServerContext* context, const v1::BatchGetAvailabilityRequest* request,
      v1::BatchGetAvailabilityResponse* response) override;
  grpc::ServerUnaryReactor* FindAvailability(grpc::CallbackServerContext* context,
                                             const v1::FindAvailabilityRequest* request,
                                             v1::FindAvailabilityResponse* response) override;
  grpc::ServerUnaryReactor* ListAvailability(grpc::CallbackServerContext* context,
                                             const v1::ListAvailabilityRequest* request,
                                             v1::ListAvailabilityResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchAvailabilityResponse>* WatchAvailability(
      grpc::CallbackServerContext* context, const v1::WatchAvailabilityRequest* request) override;
  grpc::ServerUnaryReactor* ExplainAvailability(grpc::CallbackServerContext* context,
                                                const v1::ExplainAvailabilityRequest* request,
                                                v1::ExplainAvailabilityResponse* response) override;
  grpc::ServerUnaryReactor* GetAvailabilityCurve(
      grpc::CallbackServerContext* context, const v1::GetAvailabilityCurveRequest* request,
      v1::GetAvailabilityCurveResponse* response) override;
  grpc::ServerUnaryReactor* ListShortfalls(grpc::CallbackServerContext* context,
                                           const v1::ListShortfallsRequest* request,
                                           v1::ListShortfallsResponse* response) override;

 private:
  engine::Engine& engine_;
  storage::Reader& reader_;
  sync::FeedPump& pump_;
};

}  // namespace stockd::rpc
