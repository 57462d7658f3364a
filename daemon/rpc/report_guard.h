#pragma once

#include <string>

#include "daemon/reports/report_query.h"
#include "daemon/reports/reports.h"
#include "daemon/reports/rollup_file.h"
#include "daemon/rpc/status.h"

namespace stockd::rpc {

inline grpc::StatusCode ReportCodeOf(const std::string& reason) {
  return reason == "REPORT_TOO_LARGE" ? grpc::StatusCode::RESOURCE_EXHAUSTED
                                      : grpc::StatusCode::FAILED_PRECONDITION;
}

// Runs `make`, and turns what it throws into a status.
template <typename Make>
grpc::Status Guarded(Make make) {
  try {
    make();
  } catch (const reports::ReportRefused& refused) {
    return MakeStatus(ReportCodeOf(refused.reason()), refused.reason(), refused.what(), {});
  } catch (const reports::RollupError& error) {
    return MakeStatus(grpc::StatusCode::UNAVAILABLE, "STORAGE_READ_FAILED", error.what(), {});
  }
  return grpc::Status::OK;
}

inline grpc::Status TurnedOff() {
  return MakeStatus(grpc::StatusCode::FAILED_PRECONDITION, "REPORTS_OFF",
                    "reports are turned off: see reports.enabled in the configuration", {});
}

// The roll-ups did not come as far as was asked for.
inline grpc::Status Behind(const reports::Reports& reports) {
  const reports::ReportsState state = reports.state();
  return MakeStatus(
      grpc::StatusCode::UNAVAILABLE, "ROLLUPS_BEHIND",
      state.failure.empty() ? "the roll-ups are still catching up; ask again" : state.failure,
      {{"sequence", std::to_string(state.sequence)}});
}

}  // namespace stockd::rpc
