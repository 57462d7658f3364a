#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>

#include "stockd/v1/adapter_service.grpc.pb.h"
#include "stockd/v1/availability_service.grpc.pb.h"
#include "stockd/v1/catalogue_service.grpc.pb.h"
#include "stockd/v1/operations_service.grpc.pb.h"
#include "stockd/v1/reservation_service.grpc.pb.h"
#include "tests/support/process_clock.h"

namespace stockd::support {

// Which calls wait while the daemon is away.
enum class Connect {
  kNow,   // Fails with UNAVAILABLE when nobody listens.
  kWait,  // Waits for a connection until the call's deadline.
};

// How much a connection takes in that nobody reads yet.
enum class Intake {
  kAsUsual,  // Megabytes, on a fast connection.
  kSmall,    // 64 KiB, so that a reader who stalls is soon noticed at the other end.
};

// All services of one daemon over one connection that finds its way back soon after a restart.
// Thread-safe but for Call()'s arguments.
class GrpcClient {
 public:
  explicit GrpcClient(const std::string& address, Intake intake = Intake::kAsUsual);

  // One unary call: Call(client.reservation(), &Stub::CreateReservation, request, response).
  template <typename Stub, typename Request, typename Response>
  grpc::Status Call(Stub& stub,
                    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response& response,
                    std::chrono::milliseconds patience = kPatience,
                    Connect connect = Connect::kWait) {
    grpc::ClientContext context;
    Prepare(context, patience, connect);
    return (stub.*method)(&context, request, &response);
  }

  using Availability = v1::AvailabilityService::Stub;
  using Reservation = v1::ReservationService::Stub;
  using Catalogue = v1::CatalogueService::Stub;
  using Adapter = v1::AdapterService::Stub;
  using Operations = v1::OperationsService::Stub;
  Availability& availability() { return *availability_; }
  Reservation& reservation() { return *reservation_; }
  Catalogue& catalogue() { return *catalogue_; }
  Adapter& adapter() { return *adapter_; }
  Operations& operations() { return *operations_; }

  // What grpc.health.v1 says: "SERVING", "NOT_SERVING", or the status code when nobody answers.
  std::string Health();

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  static void Prepare(grpc::ClientContext& context, std::chrono::milliseconds patience,
                      Connect connect);

  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Availability> availability_;
  std::unique_ptr<Reservation> reservation_;
  std::unique_ptr<Catalogue> catalogue_;
  std::unique_ptr<Adapter> adapter_;
  std::unique_ptr<Operations> operations_;
};

// The reason of a refusal's ErrorInfo, for example "INSUFFICIENT_STOCK"; empty when there is none.
[[nodiscard]] std::string ReasonOf(const grpc::Status& status);

// "INVALID_ARGUMENT FIELD_INVALID: message", for failure messages; "OK".
[[nodiscard]] std::string Describe(const grpc::Status& status);

}  // namespace stockd::support
