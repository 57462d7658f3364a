#include "daemon/http_calls.h"

#include <utility>

#include "daemon/daemon_parts.h"
#include "daemon/http/connection.h"
#include "daemon/http/direct_calls.h"
#include "daemon/http/gateway.h"
#include "daemon/http/in_process_calls.h"

namespace stockd::http {

std::span<const Asset> StartPage();

}  // namespace stockd::http

namespace stockd {
namespace {

// The methods that checkouts and shops call, none of which reads the disk: they run on the thread
// of the connection.
std::unique_ptr<http::Calls> MakeCalls(Daemon::Parts& parts) {
  auto calls =
      std::make_unique<http::DirectCalls>(http::InProcessCalls(parts.server->InProcessChannel()));
  rpc::AvailabilityService& availability = *parts.availability;
  calls->Add(availability, &rpc::AvailabilityService::GetAvailability);
  calls->Add(availability, &rpc::AvailabilityService::BatchGetAvailability);
  rpc::ReservationService& reservation = *parts.reservation;
  calls->Add(reservation, &rpc::ReservationService::CreateReservation);
  calls->Add(reservation, &rpc::ReservationService::BatchCreateReservations);
  calls->Add(reservation, &rpc::ReservationService::ExtendReservation);
  calls->Add(reservation, &rpc::ReservationService::ChangeReservation);
  calls->Add(reservation, &rpc::ReservationService::MoveReservation);
  calls->Add(reservation, &rpc::ReservationService::CommitReservation);
  calls->Add(reservation, &rpc::ReservationService::ReleaseReservation);
  return calls;
}

}  // namespace

std::variant<std::unique_ptr<http::Server>, std::string> StartHttp(const config::Config& config,
                                                                   const config::TlsConfig& tls,
                                                                   Daemon::Parts& parts) {
  engine::Engine& engine = *parts.engine;
  return http::Server::Start(
      config.http, tls,
      http::Gateway(
          {.config = config.http,
           .is_encrypted = !tls.certificate.empty(),
           .calls = MakeCalls(parts),
           .is_ready = [&engine] { return engine.state() == engine::WriterState::kRunning; },
           .assets = http::StartPage()}));
}

}  // namespace stockd
