#pragma once

#include <absl/container/btree_map.h>
#include <absl/container/flat_hash_map.h>

#include <memory>
#include <string>
#include <vector>

#include "daemon/reports/report_plan.h"

namespace stockd::reports {

// Who the sums are of: a value for each dimension that the report groups by, and the currency.
struct GroupKey {
  std::vector<std::string> values;
  std::string currency;

  friend auto operator<=>(const GroupKey&, const GroupKey&) = default;
};

// The sums of one group, for each bucket of the report.
struct GroupSums {
  // Flows: by bucket, then by measure of the plan.
  std::vector<Int128> flows;
  // Steps: by bucket, then by measure: change, and integral of what changed within the bucket.
  std::vector<Int128> changes;
  std::vector<Int128> integrals;
  std::vector<Int128> openings;  // At the begin of the period, by measure.
  // By bucket: (distribution, bin) and how often.
  std::vector<absl::btree_map<std::pair<Distribution, int>, int64_t>> bins;
  // By bucket, of orders: the times themselves, in any order; empty when there are too many.
  std::vector<absl::btree_map<Distribution, std::vector<int64_t>>> times;

  void Add(const GroupSums& other);
};

using GroupMap = absl::btree_map<GroupKey, std::unique_ptr<GroupSums>>;  // Never moved.

// Reads the cells of a plan and adds them up by group. Throws ReportRefused and RollupError.
GroupMap ReadSums(const ReportQuery& query, const ReportPlan& plan, const TimeGrid& grid,
                  const engine::Catalogue& catalogue, RollupView& view);

// Which of these were ever told.
std::vector<Needed> MissingOf(const Figure& figure, RollupView& view);

}  // namespace stockd::reports
