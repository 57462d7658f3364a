#pragma once

#include <functional>

#include "daemon/reports/report_query.h"

namespace stockd::reports {

// How often something happened to a group in a bucket.
using FlowOf =
    std::function<Int128(const std::vector<std::string>& group, size_t bucket, Measure measure)>;

// The rows of the query's figures about customers. `flow` knows kOrders and kOrdersWithCustomer,
// for what they cover. Throws ReportRefused and RollupError. False when the reader has had enough.
bool RunCustomerReport(const ReportQuery& query, const TimeGrid& grid,
                       const engine::Catalogue& catalogue, RollupView& view,
                       const std::vector<const Figure*>& figures, const FlowOf& flow,
                       const std::function<bool(ReportRow&& row)>& row);

}  // namespace stockd::reports
