#include "tests/bench/echo_server.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <csignal>
#include <cstdio>

#include <echo.grpc.pb.h>

namespace stockd::bench {
namespace {

constexpr int64_t kSomeSecond = 1'700'000'000;

class Echo final : public EchoService::CallbackService {
 public:
  grpc::ServerUnaryReactor* GetAvailability(grpc::CallbackServerContext* context,
                                            const v1::GetAvailabilityRequest* request,
                                            v1::GetAvailabilityResponse* response) override {
    v1::Availability& availability = *response->mutable_availability();
    availability.set_sku(request->sku());
    availability.set_location(request->location());
    availability.set_available(999'999'000);
    availability.mutable_quantities()->set_on_hand(1'000'000'000);
    availability.mutable_quantities()->set_reserved(1000);
    availability.set_version(1'000'000);
    availability.set_ranged(true);
    return Finish(context);
  }

  grpc::ServerUnaryReactor* CreateReservation(grpc::CallbackServerContext* context,
                                              const v1::CreateReservationRequest* request,
                                              v1::CreateReservationResponse* response) override {
    v1::Reservation& reservation = *response->mutable_reservation();
    reservation.set_reservation_id(request->reservation_id());
    reservation.set_state(v1::RESERVATION_STATE_HELD);
    for (const v1::LineRequest& asked : request->lines()) {
      v1::ReservationLine& line = *reservation.add_lines();
      *line.mutable_position() = asked.position();
      line.set_requested(asked.quantity());
      line.set_granted(asked.quantity());
      line.set_held(asked.quantity());
    }
    reservation.mutable_create_time()->set_seconds(kSomeSecond);
    reservation.mutable_create_time()->set_nanos(123'456'000);
    reservation.mutable_expire_time()->set_seconds(kSomeSecond + request->ttl().seconds());
    reservation.mutable_expire_time()->set_nanos(123'456'000);
    reservation.set_version(1'000'000);
    return Finish(context);
  }

 private:
  static grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

}  // namespace

int RunEchoServer() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigprocmask(SIG_BLOCK, &ends, nullptr);  // Before gRPC's threads, which inherit it.
  Echo echo;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&echo);
  const auto server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  std::printf("listening on 127.0.0.1:%d\n", port);
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
  server->Shutdown(std::chrono::system_clock::now());
  return 0;
}

}  // namespace stockd::bench
