#pragma once

#include <functional>

#include "daemon/reports/report_query.h"

namespace stockd::reports {

// The rows of the query's figures about what stands now: how old it is, and what nobody buys. Only
// the bucket that reaches the present has values; others say that they do not reach it.
//
// Throws ReportRefused and RollupError. False when the reader has had enough.
bool RunStandingReport(const ReportQuery& query, const TimeGrid& grid,
                       const engine::Catalogue& catalogue, RollupView& view,
                       const std::vector<const Figure*>& figures,
                       const std::function<bool(ReportRow&& row)>& row);

}  // namespace stockd::reports
