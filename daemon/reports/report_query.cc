#include "daemon/reports/report_query.h"

#include <algorithm>
#include <utility>

#include "daemon/reports/customer_report.h"
#include "daemon/reports/report_sums.h"
#include "daemon/reports/standing_report.h"

namespace stockd::reports {
namespace {

// The sums of one group and bucket, as a figure asks for them.
class BucketSums final : public Sums {
 public:
  BucketSums(const ReportPlan& plan, const std::vector<Int128>& all_flows)
      : plan_(plan), all_flows_(all_flows) {}

  void At(const GroupSums& group, size_t bucket, const std::vector<Int128>& openings) {
    group_ = &group;
    bucket_ = bucket;
    openings_ = &openings;
  }

  Int128 Flow(Measure measure) const override { return FlowIn(group_->flows, measure); }
  Int128 FlowOfAll(Measure measure) const override { return FlowIn(all_flows_, measure); }
  Int128 Opening(Measure step) const override { return (*openings_)[SlotOf(step)]; }
  Int128 Closing(Measure step) const override {
    const size_t slot = SlotOf(step);
    return (*openings_)[slot] + group_->changes[bucket_ * step_count() + slot];
  }
  Int128 Integral(Measure step) const override {
    const size_t slot = SlotOf(step);
    return (*openings_)[slot] * length().count() + group_->integrals[bucket_ * step_count() + slot];
  }
  std::vector<std::pair<int, int64_t>> Bins(Distribution distribution) const override {
    std::vector<std::pair<int, int64_t>> bins;
    if (group_->bins.empty()) return bins;
    for (const auto& [bin, count] : group_->bins[bucket_]) {
      if (bin.first == distribution && count != 0) bins.emplace_back(bin.second, count);
    }
    return bins;
  }
  std::vector<int64_t> Values(Distribution distribution) const override {
    if (group_->times.empty()) return {};
    const auto found = group_->times[bucket_].find(distribution);
    if (found == group_->times[bucket_].end()) return {};
    std::vector<int64_t> values = found->second;
    std::ranges::sort(values);
    return values;
  }
  Duration length() const override { return plan_.cuts[bucket_ + 1] - plan_.cuts[bucket_]; }

 private:
  size_t step_count() const { return plan_.measures.size() - plan_.flow_count; }
  size_t SlotOf(Measure step) const {
    const auto begin = plan_.measures.begin() + static_cast<int64_t>(plan_.flow_count);
    return static_cast<size_t>(std::find(begin, plan_.measures.end(), step) - begin);
  }
  Int128 FlowIn(const std::vector<Int128>& flows, Measure measure) const {
    const auto end = plan_.measures.begin() + static_cast<int64_t>(plan_.flow_count);
    const auto found = std::find(plan_.measures.begin(), end, measure);
    return flows[bucket_ * plan_.flow_count + static_cast<size_t>(found - plan_.measures.begin())];
  }

  const ReportPlan& plan_;
  const std::vector<Int128>& all_flows_;
  const GroupSums* group_ = nullptr;
  size_t bucket_ = 0;
  const std::vector<Int128>* openings_ = nullptr;
};

// The groups of a figure whose sums may be added up over currencies.
GroupMap WithoutCurrency(const GroupMap& groups) {
  GroupMap merged;
  for (const auto& [key, sums] : groups) {
    auto& into = merged[GroupKey{key.values, {}}];
    if (!into) {
      into = std::make_unique<GroupSums>(*sums);
    } else {
      into->Add(*sums);
    }
  }
  return merged;
}

// Flows over all groups of each currency.
absl::btree_map<std::string, std::vector<Int128>> AllFlows(const GroupMap& groups) {
  absl::btree_map<std::string, std::vector<Int128>> all;
  for (const auto& [key, sums] : groups) {
    auto& flows = all[key.currency];
    flows.resize(sums->flows.size());
    for (size_t i = 0; i < flows.size(); ++i) flows[i] += sums->flows[i];
  }
  return all;
}

// Of a report about nothing: that is one row, not none.
std::unique_ptr<GroupSums> EmptySums(const ReportPlan& plan) {
  auto sums = std::make_unique<GroupSums>();
  const size_t buckets = plan.cuts.size() - 1;
  const size_t steps = plan.measures.size() - plan.flow_count;
  sums->flows.resize(buckets * plan.flow_count);
  sums->changes.resize(buckets * steps);
  sums->integrals.resize(buckets * steps);
  sums->openings.resize(steps);
  if (!plan.distributions.empty()) sums->bins.resize(buckets);
  return sums;
}

bool IsEmpty(const Figure& figure, const Outcome& outcome) {
  return outcome.numerator.is_zero() &&
         (!outcome.has_denominator || outcome.denominator.is_zero()) &&
         outcome.exclusions.empty() && outcome.coverable == 0 && figure.by_currency;
}

// Makes the rows of one figure. False when the reader has had enough.
bool MakeRows(const ReportQuery& query, const ReportPlan& plan, const Figure& figure,
              const std::vector<Needed>& missing, const GroupMap& groups,
              const std::function<bool(ReportRow&& row)>& row) {
  const auto all_flows = AllFlows(groups);
  absl::btree_map<GroupKey, std::vector<Int128>> openings;
  for (const auto& [key, sums] : groups) openings[key] = sums->openings;
  const size_t step_count = plan.measures.size() - plan.flow_count;
  for (size_t bucket = 0; bucket + 1 < plan.cuts.size(); ++bucket) {
    for (const auto& [key, sums] : groups) {
      BucketSums at(plan, all_flows.at(key.currency));
      std::vector<Int128>& opening = openings.at(key);
      at.At(*sums, bucket, opening);
      ReportRow made{.figure = &figure,
                     .begin = plan.cuts[bucket],
                     .end = plan.cuts[bucket + 1],
                     .group = key.values,
                     .currency = key.currency,
                     .missing = missing};
      made.outcome.wants_histogram = query.histogram;
      figure.evaluate(at, made.outcome);
      for (size_t slot = 0; slot < step_count; ++slot) {
        opening[slot] += sums->changes[bucket * step_count + slot];
      }
      // A currency that a group never met is no row of it.
      if (IsEmpty(figure, made.outcome) && groups.size() > 1) continue;
      if (missing.empty()) made.value = ValueOf(made.outcome);
      if (!row(std::move(made))) return false;
    }
  }
  return true;
}

}  // namespace

Progress RunReport(const ReportQuery& query, const TimeGrid& grid,
                   const engine::Catalogue& catalogue, RollupView& view,
                   const std::function<bool(ReportRow&& row)>& row) {
  const ReportPlan plan = PlanReport(query, grid);
  const Progress progress = view.ReadProgress();
  std::vector<const Figure*> of_sums;
  std::vector<const Figure*> of_customers;
  std::vector<const Figure*> of_standing;
  for (const Figure* figure : query.figures) {
    (figure->kind == FigureKind::kSums       ? of_sums
     : figure->kind == FigureKind::kStanding ? of_standing
                                             : of_customers)
        .push_back(figure);
  }
  GroupMap groups = ReadSums(query, plan, grid, catalogue, view);
  if (query.group_by.empty() && groups.empty()) groups[GroupKey{}] = EmptySums(plan);
  if (groups.size() * (plan.cuts.size() - 1) * query.figures.size() > kRowsMax) {
    throw ReportRefused("REPORT_TOO_LARGE",
                        "the report has more than " + std::to_string(kRowsMax) +
                            " rows; filter it, group less, or choose longer buckets");
  }
  const GroupMap merged = WithoutCurrency(groups);
  const auto flow = [&](const std::vector<std::string>& group, size_t bucket, Measure measure) {
    const auto found = merged.find(GroupKey{group, {}});
    const auto slot =
        static_cast<size_t>(std::ranges::find(plan.measures, measure) - plan.measures.begin());
    return found == merged.end() ? Int128{0}
                                 : found->second->flows[bucket * plan.flow_count + slot];
  };
  if (!of_customers.empty() &&
      !RunCustomerReport(query, grid, catalogue, view, of_customers, flow, row)) {
    return progress;
  }
  if (!of_standing.empty() && !RunStandingReport(query, grid, catalogue, view, of_standing, row)) {
    return progress;
  }
  for (const Figure* figure : of_sums) {
    const auto missing = MissingOf(*figure, view);
    if (!MakeRows(query, plan, *figure, missing, figure->by_currency ? groups : merged, row)) break;
  }
  return progress;
}

}  // namespace stockd::reports
