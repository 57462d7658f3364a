#include "daemon/reports/report_plan.h"

#include <algorithm>

#include "daemon/reports/query_filter.h"

namespace stockd::reports {
namespace {

// Cells this far ahead hold nothing: facts are not dated so far into the future.
constexpr int64_t kLastMonth = 9999 * 12;

uint16_t UsedDimensions(const ReportQuery& query) {
  uint16_t mask = 0;
  for (const Dimension dimension : query.group_by) mask = mask | dimension;
  if (!query.locations.empty()) mask = mask | Dimension::kLocation;
  if (!query.groups.empty()) mask = mask | Dimension::kGroup;
  if (!query.categories.empty()) mask = mask | Dimension::kCategory;
  if (!query.items.empty()) mask = mask | Dimension::kItem;
  if (!query.channels.empty()) mask = mask | Dimension::kChannel;
  if (!query.fulfilments.empty()) mask = mask | Dimension::kFulfilment;
  if (!query.sources.empty()) mask = mask | Dimension::kSource;
  if (!query.carriers.empty()) mask = mask | Dimension::kCarrier;
  if (!query.services.empty()) mask = mask | Dimension::kService;
  return mask;
}

Cuboid ChooseCuboid(uint16_t used) {
  const bool location = Has(used, Dimension::kLocation) || Has(used, Dimension::kGroup);
  const bool category = Has(used, Dimension::kCategory);
  if (Has(used, Dimension::kItem)) {
    if (location || category) {
      throw ReportRefused("DIMENSIONS_UNSUPPORTED",
                          "items are reported over all locations: leave out location, group and "
                          "category");
    }
    return Cuboid::kItem;
  }
  if (location && category) return Cuboid::kLocationCategory;
  if (location) return Cuboid::kLocation;
  return category ? Cuboid::kCategory : Cuboid::kTotal;
}

void CheckDimensions(const ReportQuery& query, uint16_t used) {
  for (const Figure* figure : query.figures) {
    for (int bit = 0; bit < 16; ++bit) {
      const auto dimension = static_cast<Dimension>(1 << bit);
      if (dimension == Dimension::kCurrency || !Has(used, dimension)) continue;
      if (Has(figure->dimensions, dimension)) continue;
      throw ReportRefused("DIMENSIONS_UNSUPPORTED", "the figure " + std::string(figure->key) +
                                                        " is not known by " +
                                                        std::string(DimensionName(dimension)));
    }
  }
  if (Groups(query, Dimension::kLocation) && Groups(query, Dimension::kGroup)) {
    throw ReportRefused("DIMENSIONS_UNSUPPORTED", "group by location or by group, not by both");
  }
}

// From the end of the period to the end of time.
std::vector<CellRun> LaterRuns(const TimeGrid& grid, Timestamp end, bool hours) {
  const int64_t month = grid.BucketAt(Level::kMonth, end);
  const bool begins = grid.BeginOf(Level::kMonth, month) == end;
  const Timestamp next_month = begins ? end : grid.BeginOf(Level::kMonth, month + 1);
  std::vector<CellRun> runs;
  if (!begins) {
    const auto rest = Cover(grid, {end, next_month}, hours);
    if (rest) runs = *rest;
  }
  runs.push_back({.level = Level::kMonth,
                  .first = grid.BucketAt(Level::kMonth, next_month),
                  .last = kLastMonth});
  return runs;
}

void AddMeasures(std::span<const Measure> wanted, std::vector<Measure>& measures) {
  for (const Measure measure : wanted) {
    if (std::ranges::find(measures, measure) == measures.end()) measures.push_back(measure);
  }
}

// Where cells have to end: at the cuts, and where it is not yet known what comes.
std::vector<Timestamp> CoverCuts(const ReportQuery& query, std::vector<Timestamp> cuts) {
  if (query.due_until <= query.begin || query.due_until >= query.end) return cuts;
  const bool by_promise = std::ranges::any_of(query.figures, [](const Figure* figure) {
    return std::ranges::any_of(figure->flows, IsByPromise);
  });
  const auto place = std::ranges::lower_bound(cuts, query.due_until);
  if (by_promise && *place != query.due_until) cuts.insert(place, query.due_until);
  return cuts;
}

}  // namespace

ReportPlan PlanReport(const ReportQuery& query, const TimeGrid& grid) {
  const uint16_t used = UsedDimensions(query);
  CheckDimensions(query, used);
  ReportPlan plan{.cuboid = ChooseCuboid(used)};
  plan.cuts = CutPeriod(query.begin, query.end, query.bucket, query.zone, kBucketsMax);
  if (plan.cuts.empty()) {
    throw ReportRefused(
        "REPORT_TOO_LARGE",
        "the period has more than " + std::to_string(kBucketsMax) + " buckets; choose longer ones");
  }
  const bool hours = KeepsHours(plan.cuboid);
  const auto runs = Cover(grid, CoverCuts(query, plan.cuts), hours);
  if (!runs) {
    throw ReportRefused(
        "PERIOD_UNALIGNED",
        hours ? "periods begin and end at full hours of the time zone that reports are kept in (" +
                    grid.zone().name() + ")"
              : "figures of items, and of locations with categories, are kept by the days of " +
                    grid.zone().name() + ": begin and end at midnight there, and cut no days");
  }
  plan.runs = *runs;
  for (const Figure* figure : query.figures) AddMeasures(figure->flows, plan.measures);
  plan.flow_count = plan.measures.size();
  std::vector<Measure> steps;
  for (const Figure* figure : query.figures) AddMeasures(figure->steps, steps);
  plan.measures.insert(plan.measures.end(), steps.begin(), steps.end());
  for (const Figure* figure : query.figures) {
    if (!figure->distribution) continue;
    if (std::ranges::find(plan.distributions, *figure->distribution) == plan.distributions.end()) {
      plan.distributions.push_back(*figure->distribution);
    }
  }
  if (plan.has_steps()) plan.later_runs = LaterRuns(grid, query.end, hours);
  return plan;
}

}  // namespace stockd::reports
