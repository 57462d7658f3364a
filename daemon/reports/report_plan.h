#pragma once

#include <absl/container/flat_hash_map.h>

#include <vector>

#include "daemon/reports/report_query.h"

namespace stockd::reports {

// What a report has to read, worked out before anything is read.
struct ReportPlan {
  Cuboid cuboid = Cuboid::kTotal;
  std::vector<Timestamp> cuts;      // See CutPeriod().
  std::vector<CellRun> runs;        // Cells within the period.
  std::vector<CellRun> later_runs;  // Cells from the end of the period on; only with steps.
  std::vector<Measure> measures;    // What is summed up: flows, then steps.
  size_t flow_count = 0;
  std::vector<Distribution> distributions;

  bool has_steps() const { return measures.size() > flow_count; }
};

// Throws ReportRefused.
ReportPlan PlanReport(const ReportQuery& query, const TimeGrid& grid);

}  // namespace stockd::reports
