#include "daemon/reports/standing_report.h"

#include <absl/container/btree_map.h>
#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <string>
#include <utility>

#include "daemon/reports/inflow.h"
#include "daemon/reports/item_book.h"
#include "daemon/reports/query_filter.h"
#include "daemon/reports/report_sums.h"

namespace stockd::reports {
namespace {

// Adds positions up by group.
class StandingReader {
 public:
  StandingReader(const ReportQuery& query, const TimeGrid& grid, const engine::Catalogue& catalogue,
                 RollupView& view)
      : query_(query),
        grid_(grid),
        catalogue_(catalogue),
        view_(view),
        today_(grid.BucketAt(Level::kDay, query.now)) {
    for (const ItemStateRow& row : view.ItemStates()) items_.Add(row.item, row.scale, row.state);
    for (const auto& [id, name] : view.Categories()) categories_[id] = name;
    for (const auto& [id, strand] : view.Strands()) currencies_[id] = strand.currency;
    for (const storage::Location& location : catalogue.Locations()) {
      if (Lets(query.locations, location.id))
        places_[location.id] = NamesOf(query_, catalogue_, location);
    }
  }

  absl::btree_map<GroupKey, StandingSums> Read() {
    view_.ScanStanding([this](PositionKey key, const StandingPosition& position,
                              std::string_view inflow) { Add(key, position, inflow); });
    return std::move(groups_);
  }

 private:
  void Add(PositionKey key, const StandingPosition& position, std::string_view inflow) {
    const auto place = places_.find(key.location);
    if (place == places_.end() || !Lets(query_.items, key.item)) return;
    const ItemState& state = items_.At(key.item, query_.now);
    const std::string& category = categories_[state.category];
    const std::string& currency = currencies_[state.currency];
    if (!Lets(query_.categories, category) || !Lets(query_.currencies, currency)) return;
    Inflow came;
    if (!AddInflow(inflow, came)) {
      throw ReportRefused("ROLLUPS_DAMAGED", "the roll-ups are damaged");
    }
    const Timestamp moved_at = std::max(position.last_sale_at, position.first_at);
    const bool is_idle = query_.now - moved_at > query_.idle;
    const int64_t first_day = grid_.BucketAt(Level::kDay, position.first_at);
    const Int128 unit = items_.MicroUnits(key.item);
    for (const std::string& name : place->second) {
      StandingSums& sums = groups_[GroupKey{ValuesOf(name, category, key.item), currency}];
      const Int128 units = position.on_hand * unit;
      sums.units += units;
      sums.value += units * state.unit_cost_micros;
      if (is_idle) {
        sums.idle_units += units;
        sums.idle_value += units * state.unit_cost_micros;
      }
      ForStanding(came, position.on_hand, first_day, [&](int64_t day, Quantity stands) {
        const int64_t days = std::max<int64_t>(0, today_ - day);
        sums.ages[days] += stands * unit;
        if (std::chrono::hours(24) * days > query_.idle) sums.old_units += stands * unit;
      });
    }
  }

  std::vector<std::string> ValuesOf(const std::string& place, const std::string& category,
                                    ItemId item) const {
    std::vector<std::string> values;
    for (const Dimension dimension : query_.group_by) {
      switch (dimension) {
        case Dimension::kCategory: values.push_back(category); break;
        case Dimension::kItem: values.push_back(catalogue_.Sku(item)); break;
        default: values.push_back(place); break;
      }
    }
    return values;
  }

  const ReportQuery& query_;
  const TimeGrid& grid_;
  const engine::Catalogue& catalogue_;
  RollupView& view_;
  const int64_t today_;
  ItemBook items_;
  absl::flat_hash_map<CategoryId, std::string> categories_;
  absl::flat_hash_map<StrandId, std::string> currencies_;
  absl::flat_hash_map<LocationId, std::vector<std::string>> places_;
  absl::btree_map<GroupKey, StandingSums> groups_;
};

absl::btree_map<GroupKey, StandingSums> WithoutCurrency(
    const absl::btree_map<GroupKey, StandingSums>& groups) {
  absl::btree_map<GroupKey, StandingSums> merged;
  for (const auto& [key, sums] : groups) {
    StandingSums& into = merged[GroupKey{key.values, {}}];
    into.units += sums.units;
    into.idle_units += sums.idle_units;
    into.old_units += sums.old_units;
    for (const auto& [days, units] : sums.ages) into.ages[days] += units;
  }
  return merged;
}

}  // namespace

bool RunStandingReport(const ReportQuery& query, const TimeGrid& grid,
                       const engine::Catalogue& catalogue, RollupView& view,
                       const std::vector<const Figure*>& figures,
                       const std::function<bool(ReportRow&& row)>& row) {
  const std::vector<Timestamp> cuts =
      CutPeriod(query.begin, query.end, query.bucket, query.zone, kBucketsMax);
  absl::btree_map<GroupKey, StandingSums> groups =
      StandingReader(query, grid, catalogue, view).Read();
  absl::btree_map<GroupKey, StandingSums> merged = WithoutCurrency(groups);
  for (auto* of : {&groups, &merged}) {
    if (query.group_by.empty() && of->empty()) (*of)[GroupKey{}];
  }
  for (const Figure* figure : figures) {
    const std::vector<Needed> missing = MissingOf(*figure, view);
    for (size_t bucket = 0; bucket + 1 < cuts.size(); ++bucket) {
      const bool is_now = cuts[bucket] <= query.now && query.now < cuts[bucket + 1];
      for (const auto& [key, sums] : figure->by_currency ? groups : merged) {
        ReportRow made{.figure = figure,
                       .begin = cuts[bucket],
                       .end = cuts[bucket + 1],
                       .group = key.values,
                       .currency = key.currency,
                       .missing = missing};
        if (is_now) figure->evaluate_standing(sums, made.outcome);
        if (!is_now) made.missing.push_back(Needed::kPresent);
        if (made.missing.empty()) made.value = ValueOf(made.outcome);
        if (!row(std::move(made))) return false;
      }
    }
  }
  return true;
}

}  // namespace stockd::reports
