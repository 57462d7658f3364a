#include "daemon/http_calls.h"

#include <utility>

#include "daemon/base/report_csv.h"
#include "daemon/daemon_parts.h"
#include "daemon/http/connection.h"
#include "daemon/http/direct_calls.h"
#include "daemon/http/gateway.h"
#include "daemon/http/in_process_calls.h"
#include "daemon/metrics.h"

namespace stockd::console {

std::span<const http::Asset> Site();

}  // namespace stockd::console

namespace stockd {
namespace {

// The methods that checkouts and shops call, none of which reads the disk: they run on the thread
// of the connection.
std::unique_ptr<http::Calls> MakeCalls(Daemon::Parts& parts) {
  auto calls = std::make_unique<http::DirectCalls>(
      http::InProcessCalls(parts.server->InProcessChannel(), parts.in_process_gate));
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

// Methods whose answers are tables.
std::vector<http::CsvForm> CsvForms() {
  return {
      http::MakeCsvForm<v1::ListAvailabilityResponse>(
          "availability", "/stockd.v1.AvailabilityService/ListAvailability",
          {"sku", "location", "available", "on_hand", "reserved", "committed", "safety_stock",
           "buffer", "unsellable", "incoming", "version"},
          [](const v1::ListAvailabilityResponse& answer, CsvWriter& rows) {
            for (const v1::Availability& row : answer.availabilities()) {
              const v1::Quantities& units = row.quantities();
              rows.Text(row.sku()).Text(row.location()).Number(row.available());
              rows.Number(units.on_hand()).Number(units.reserved()).Number(units.committed());
              rows.Number(units.safety_stock()).Number(row.buffer()).Number(units.unsellable());
              rows.Number(units.incoming()).Number(static_cast<int64_t>(row.version()));
              rows.EndRow();
            }
          }),
      http::MakeCsvFormByRequest<v1::QueryReportRequest, v1::QueryReportResponse>(
          "report", "/stockd.v1.ReportService/QueryReport",
          [](const v1::QueryReportRequest& request) { return ReportColumns(request.group_by()); },
          [](const v1::QueryReportResponse& answer, CsvWriter& rows) {
            for (const v1::ReportRow& row : answer.rows()) {
              AppendReportRow(row, answer.sequence(), rows);
            }
          })};
}

}  // namespace

std::variant<std::unique_ptr<http::Server>, std::string> StartHttp(const config::Config& config,
                                                                   const config::TlsConfig& tls,
                                                                   const Clock& clock,
                                                                   Daemon::Parts& parts) {
  engine::Engine& engine = *parts.engine;
  return http::Server::Start(
      config.http, tls,
      http::Gateway(
          {.config = config.http,
           .is_encrypted = !tls.certificate.empty(),
           .calls = MakeCalls(parts),
           .meter = parts.calls,
           .clock = clock,
           .is_ready = [&engine] { return engine.state() == engine::WriterState::kRunning; },
           .metrics = MetricsOf(parts, clock),
           .csv_forms = CsvForms(),
           .assets = console::Site()}));
}

}  // namespace stockd
