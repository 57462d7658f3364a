#pragma once

#include <functional>

#include "daemon/engine/work_queue.h"
#include "daemon/reports/reports.h"
#include "stockd/v1/report_service.grpc.pb.h"

namespace stockd::rpc {

// Reports that wait to be made, and reports that wait for the roll-ups.
inline constexpr size_t kReportsWaitingMax = 16;

// Figures and their definitions. Thread-safe.
class ReportService final : public v1::ReportService::CallbackService {
 public:
  // `reports` null: they are turned off, and every call is refused (REPORTS_OFF).
  ReportService(engine::Engine& engine, reports::Reports* reports)
      : engine_(engine), reports_(reports) {}

  grpc::ServerUnaryReactor* ListFigures(grpc::CallbackServerContext* context,
                                        const v1::ListFiguresRequest* request,
                                        v1::ListFiguresResponse* response) override;
  grpc::ServerWriteReactor<v1::QueryReportResponse>* QueryReport(
      grpc::CallbackServerContext* context, const v1::QueryReportRequest* request) override;

  grpc::ServerUnaryReactor* ExplainFigure(grpc::CallbackServerContext* context,
                                          const v1::ExplainFigureRequest* request,
                                          v1::ExplainFigureResponse* response) override;

  grpc::ServerUnaryReactor* RecordVisits(grpc::CallbackServerContext* context,
                                         const v1::RecordVisitsRequest* request,
                                         v1::RecordVisitsResponse* response) override;
  grpc::ServerUnaryReactor* RecordContacts(grpc::CallbackServerContext* context,
                                           const v1::RecordContactsRequest* request,
                                           v1::RecordContactsResponse* response) override;

 private:
  // How far the roll-ups have to be for a call.
  struct Wanted {
    Sequence sequence = 0;
    uint64_t order_event = 0;
    uint64_t records_noted = 0;
  };
  grpc::Status WantedOf(const v1::QueryReportRequest& request, Wanted& wanted) const;
  // Calls `make` in the queue of reports once the roll-ups are that far; else `fail`, perhaps at
  // once.
  void WhenThere(const Wanted& wanted, std::function<void()> make,
                 std::function<void(const grpc::Status&)> fail);

  // Writes what was recorded, and answers once it is on disk.
  template <typename Write>
  grpc::ServerUnaryReactor* Record(grpc::CallbackServerContext* context, size_t count, Write write);

  void ListFacts(const reports::FactPage& page, v1::ExplainFigureResponse& response);
  void ListOrders(const reports::OrderPage& page, v1::ExplainFigureResponse& response);

  engine::Engine& engine_;
  reports::Reports* const reports_;
  // Stopped in the order of their destruction: what waits is handed on to be made.
  engine::WorkQueue making_{kReportsWaitingMax};
  engine::WorkQueue waiting_{kReportsWaitingMax};
};

}  // namespace stockd::rpc
