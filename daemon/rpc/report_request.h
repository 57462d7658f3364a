#pragma once

#include <grpcpp/support/status.h>

#include "daemon/reports/reports.h"
#include "stockd/v1/report_service.pb.h"

namespace stockd::rpc {

// A call's words to a question to the roll-ups.
grpc::Status Parse(const v1::QueryReportRequest& request, const engine::Catalogue& catalogue,
                   const reports::Reports& reports, reports::ReportQuery& query);

// A decimal number without exponent.
std::string NumberText(const reports::Exact& number);

void ToProto(const reports::Figure& figure, v1::Figure& proto);
void ToProto(const reports::ReportRow& row, v1::ReportRow& proto);
void ToProto(const ledger::JournalEntry& fact, const engine::Catalogue& catalogue,
             v1::ReportFact& proto);
// `now` says how late is what has not come.
void ToProto(const reports::OrderBehind& order, const engine::Catalogue& catalogue, Timestamp now,
             v1::ReportOrder& proto);

// Page tokens of facts and orders.
std::string MakeFactToken(const reports::FactCursor& cursor);
grpc::Status ParseFactToken(const std::string& token, reports::FactCursor& cursor);

}  // namespace stockd::rpc
