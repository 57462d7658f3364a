#pragma once

#include "daemon/engine/engine.h"
#include "daemon/storage/reader.h"
#include "stockd/v1/reservation_service.grpc.pb.h"

namespace stockd::rpc {

// Limits from the configuration.
struct ReservationLimits {
  Duration ttl_default = std::chrono::minutes(15);
  size_t lines_max = 1000;
};

// Translates between the wire and the ledger's reservation commands; no rule lives here. Checks
// shape and names on the calling thread, hands the command to the engine and answers from the
// completion thread. Thread-safe.
class ReservationService final : public v1::ReservationService::CallbackService {
 public:
  ReservationService(engine::Engine& engine, storage::Reader& reader, ReservationLimits limits)
      : engine_(engine), reader_(reader), limits_(limits) {}

  grpc::ServerUnaryReactor* CreateReservation(grpc::CallbackServerContext* context,
                                              const v1::CreateReservationRequest* request,
                                              v1::CreateReservationResponse* response) override;
  grpc::ServerUnaryReactor* BatchCreateReservations(
      grpc::CallbackServerContext* context, const v1::BatchCreateReservationsRequest* request,
      v1::BatchCreateReservationsResponse* response) override;
  grpc::ServerUnaryReactor* GetReservation(grpc::CallbackServerContext* context,
                                           const v1::GetReservationRequest* request,
                                           v1::GetReservationResponse* response) override;
  grpc::ServerUnaryReactor* ListReservations(grpc::CallbackServerContext* context,
                                             const v1::ListReservationsRequest* request,
                                             v1::ListReservationsResponse* response) override;
  grpc::ServerUnaryReactor* ExtendReservation(grpc::CallbackServerContext* context,
                                              const v1::ExtendReservationRequest* request,
                                              v1::ExtendReservationResponse* response) override;
  grpc::ServerUnaryReactor* ChangeReservation(grpc::CallbackServerContext* context,
                                              const v1::ChangeReservationRequest* request,
                                              v1::ChangeReservationResponse* response) override;
  grpc::ServerUnaryReactor* MoveReservation(grpc::CallbackServerContext* context,
                                            const v1::MoveReservationRequest* request,
                                            v1::MoveReservationResponse* response) override;
  grpc::ServerUnaryReactor* CommitReservation(grpc::CallbackServerContext* context,
                                              const v1::CommitReservationRequest* request,
                                              v1::CommitReservationResponse* response) override;
  grpc::ServerUnaryReactor* ReleaseReservation(grpc::CallbackServerContext* context,
                                               const v1::ReleaseReservationRequest* request,
                                               v1::ReleaseReservationResponse* response) override;

 private:
  engine::Engine& engine_;
  storage::Reader& reader_;
  const ReservationLimits limits_;
};

}  // namespace stockd::rpc
