#pragma once

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/engine/catalogue.h"
#include "daemon/reports/figure.h"
#include "daemon/reports/rollup_reader.h"
#include "daemon/reports/time_grid.h"

namespace stockd::reports {

// Limits of one report.
inline constexpr size_t kBucketsMax = 10'000;
inline constexpr size_t kRowsMax = 200'000;
inline constexpr size_t kFiguresMax = 50;
// Sums held while a report is made: groups times buckets times measures.
inline constexpr size_t kSumsMax = 4'000'000;

// What to report. Empty lists do not filter.
struct ReportQuery {
  std::vector<const Figure*> figures;
  Timestamp begin{};
  Timestamp end{};
  // What was promised for later is not due yet: figures by promise or deadline leave it out. A full
  // hour of the grid, or kTimestampMax.
  Timestamp due_until = kTimestampMax;
  // What stands now is judged as of here; kTimestampMin: no bucket reaches it.
  Timestamp now = kTimestampMin;
  // Stock that nobody bought for longer is dead, stock that came longer ago is old.
  Duration idle = std::chrono::hours(24 * 90);
  absl::TimeZone zone;
  Bucket bucket = Bucket::kWhole;
  bool histogram = false;  // Of the figures that have a distribution.
  std::vector<Dimension> group_by;
  std::vector<LocationId> locations;
  std::vector<GroupId> groups;
  std::vector<std::string> categories;
  std::vector<ItemId> items;
  std::vector<std::string> channels;
  std::vector<std::string> fulfilments;
  std::vector<SourceId> sources;
  std::vector<std::string> currencies;
  std::vector<std::string> carriers;
  std::vector<std::string> services;
};

// One figure of one group and one bucket.
struct ReportRow {
  const Figure* figure = nullptr;
  Timestamp begin{};
  Timestamp end{};
  std::vector<std::string> group;  // Values in the order of ReportQuery::group_by.
  std::string currency;            // Of a figure that is kept apart by currency.
  Outcome outcome;
  std::optional<double> value;  // Empty: 0/0, or something is missing.
  std::vector<Needed> missing;  // What was never told.
};

// Why a report cannot be made. The reason is one of the contract.
class ReportRefused : public std::runtime_error {
 public:
  ReportRefused(std::string reason, const std::string& what)
      : std::runtime_error(what), reason_(std::move(reason)) {}
  const std::string& reason() const { return reason_; }

 private:
  std::string reason_;
};

// Makes the report from roll-ups as of one of their commits and hands its rows over one by one,
// ordered by figure, bucket and group (those about customers first, then those about what stands
// now), until `row` returns false. Returns what the
// rows are pinned to. Throws ReportRefused and RollupError. `grid` is that of the roll-ups.
Progress RunReport(const ReportQuery& query, const TimeGrid& grid,
                   const engine::Catalogue& catalogue, RollupView& view,
                   const std::function<bool(ReportRow&& row)>& row);

}  // namespace stockd::reports
