#include "daemon/reports/report_sums.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "daemon/reports/order_times.h"
#include "daemon/reports/query_filter.h"

namespace stockd::reports {
namespace {

constexpr int kNoSlot = -1;

// From a measure to its place among the plan's, without a search.
class Slots {
 public:
  explicit Slots(const ReportPlan& plan) {
    slots_.fill(kNoSlot);
    moments_.fill(kNoSlot);
    for (size_t i = 0; i < plan.measures.size(); ++i) {
      const auto measure = static_cast<size_t>(plan.measures[i]);
      slots_.at(measure) = static_cast<int>(i);
      // The moment of a step is the next measure.
      if (i >= plan.flow_count) moments_.at(measure + 1) = static_cast<int>(i);
    }
  }
  int Of(Measure measure) const { return slots_[static_cast<size_t>(measure)]; }
  int OfMoment(Measure measure) const { return moments_[static_cast<size_t>(measure)]; }

 private:
  static constexpr size_t kCount = 256;
  std::array<int, kCount> slots_{};
  std::array<int, kCount> moments_{};
};

// Reads cells into sums.
class SumReader {
 public:
  SumReader(const ReportQuery& query, const ReportPlan& plan, const TimeGrid& grid,
            const engine::Catalogue& catalogue, RollupView& view)
      : query_(query), plan_(plan), grid_(grid), catalogue_(catalogue), view_(view), slots_(plan) {
    for (const auto& [id, name] : view_.Categories()) category_names_[id] = name;
    ReadStrands();
    ChooseLocations();
  }

  GroupMap Read() {
    if (plan_.flow_count > 0 || !plan_.distributions.empty()) {
      ReadRuns(Family::kFlow, plan_.runs,
               [this](const CellKey& key, std::string_view sums) { AddFlow(key, sums); });
      if (std::ranges::any_of(plan_.distributions,
                              [](Distribution each) { return IsOfOrders(each); })) {
        ReadTimes();
      }
    }
    if (plan_.has_steps()) {
      ReadRuns(Family::kStock, plan_.runs,
               [this](const CellKey& key, std::string_view sums) { AddSteps(key, sums); });
      // What stood at the begin: what stands in the end, without what changed since.
      ReadRuns(Family::kStock, {{.level = Level::kEver, .first = 0, .last = 0}},
               [this](const CellKey& key, std::string_view sums) { AddOpening(key, sums, 1); });
      ReadRuns(Family::kStock, plan_.later_runs,
               [this](const CellKey& key, std::string_view sums) { AddOpening(key, sums, -1); });
      for (auto& [key, sums] : groups_) SubtractPeriod(sums);
    }
    return std::move(groups_);
  }

 private:
  using Each = RollupView::Each;

  size_t bucket_count() const { return plan_.cuts.size() - 1; }
  size_t step_count() const { return plan_.measures.size() - plan_.flow_count; }

  // Which strands are let through, and the values that they give to the groups.
  void ReadStrands() {
    bool by_currency = false;
    for (const Figure* figure : query_.figures) by_currency = by_currency || figure->by_currency;
    const auto add = [&](StrandId id, const Strand& strand) {
      if (!Lets(query_.channels, strand.channel) || !Lets(query_.fulfilments, strand.fulfilment) ||
          !Lets(query_.currencies, strand.currency) || !Lets(query_.carriers, strand.carrier) ||
          !Lets(query_.services, strand.service) ||
          (!query_.sources.empty() &&
           std::ranges::find(query_.sources, strand.source) == query_.sources.end())) {
        return;
      }
      std::vector<std::string> values(query_.group_by.size());
      for (size_t i = 0; i < values.size(); ++i) {
        switch (query_.group_by[i]) {
          case Dimension::kChannel: values[i] = strand.channel; break;
          case Dimension::kFulfilment: values[i] = strand.fulfilment; break;
          case Dimension::kCurrency: values[i] = strand.currency; break;
          case Dimension::kSource: values[i] = catalogue_.SourceName(strand.source); break;
          case Dimension::kCarrier: values[i] = strand.carrier; break;
          case Dimension::kService: values[i] = strand.service; break;
          default: break;
        }
      }
      std::pair<std::vector<std::string>, std::string> group{
          std::move(values), by_currency ? strand.currency : std::string()};
      const auto known = std::ranges::find(strand_groups_, group);
      if (id >= strand_group_.size()) strand_group_.resize(id + 1, kNoSlot);
      strand_group_[id] = static_cast<int>(known - strand_groups_.begin());
      if (known == strand_groups_.end()) strand_groups_.push_back(std::move(group));
    };
    add(0, {});
    for (const auto& [id, strand] : view_.Strands()) add(id, strand);
  }

  // The locations to read; empty when the cuboid has none.
  void ChooseLocations() {
    if (plan_.cuboid != Cuboid::kLocation && plan_.cuboid != Cuboid::kLocationCategory) return;
    absl::flat_hash_map<LocationId, std::vector<std::string>> groups_of;
    const bool by_group =
        std::ranges::find(query_.group_by, Dimension::kGroup) != query_.group_by.end();
    for (const storage::Group& group : catalogue_.Groups()) {
      if (!query_.groups.empty() &&
          std::ranges::find(query_.groups, group.id) == query_.groups.end()) {
        continue;
      }
      for (const LocationId location : group.locations) {
        groups_of[location].push_back(group.group_id);
      }
    }
    for (const storage::Location& location : catalogue_.Locations()) {
      if (!query_.locations.empty() &&
          std::ranges::find(query_.locations, location.id) == query_.locations.end()) {
        continue;
      }
      const auto found = groups_of.find(location.id);
      if ((by_group || !query_.groups.empty()) && found == groups_of.end()) continue;
      location_names_[ToNumber(location.id)] =
          by_group ? found->second : std::vector<std::string>{location.code};
    }
    // Visits of no location are in nobody's filter.
    if (!by_group && query_.groups.empty() && query_.locations.empty()) location_names_[0] = {""};
  }

  void ReadRuns(Family family, const std::vector<CellRun>& runs, const Each& each) {
    for (const CellRun& run : runs) {
      if (!runs_by_place()) {
        view_.ScanA(MakeSpace(family, plan_.cuboid, run.level), run.first, run.last, each);
        continue;
      }
      const uint32_t space = MakeSpace(family, plan_.cuboid, run.level);
      if (plan_.cuboid == Cuboid::kCategory) {
        for (const auto& [id, name] : category_names_) {
          if (Lets(query_.categories, name)) view_.ScanB(space, id, run.first, run.last, each);
        }
        view_.ScanB(space, 0, run.first, run.last, each);
      } else {
        for (const auto& [location, names] : location_names_) {
          view_.ScanB(space, location, run.first, run.last, each);
        }
      }
    }
  }
  bool runs_by_place() const {
    return plan_.cuboid != Cuboid::kTotal && plan_.cuboid != Cuboid::kItem;
  }

  // The times of orders themselves, when they are few enough.
  void ReadTimes() {
    std::vector<uint32_t> locations;
    for (const storage::Location& location : catalogue_.Locations()) {
      const uint32_t number = ToNumber(location.id);
      if (!runs_by_place() || location_names_.contains(number)) locations.push_back(number);
    }
    ReadOrderTimes(
        view_, grid_, locations, query_.begin, query_.end,
        [&](const LifePart& part, Distribution distribution, int64_t micros) {
          if (std::ranges::find(plan_.distributions, distribution) == plan_.distributions.end()) {
            return;
          }
          if (distribution == Distribution::kDeliveryLateMicros && part.at >= query_.due_until) {
            return;
          }
          if (runs_by_place() && !location_names_.contains(part.location)) return;
          const auto after = std::ranges::upper_bound(plan_.cuts, part.at);
          const auto bucket = static_cast<size_t>(after - plan_.cuts.begin()) - 1;
          const CellKey key =
              MakeCellKey(Family::kFlow, plan_.cuboid, Level::kDay, 0, {.location = part.location});
          ForGroups(key, part.strand, [&](GroupSums& group) {
            group.times.resize(bucket_count());
            group.times[bucket][distribution].push_back(micros);
          });
        });
  }

  // The bucket of the report that the cell belongs to.
  size_t BucketOf(Level level, int64_t cell) {
    if (level != last_level_ || cell != last_cell_) {
      last_level_ = level;
      last_cell_ = cell;
      const Timestamp begin = grid_.BeginOf(level, cell);
      last_end_ = grid_.BeginOf(level, cell + 1);
      is_due_ = begin < query_.due_until;
      const auto after = std::ranges::upper_bound(plan_.cuts, begin);
      last_bucket_ = static_cast<size_t>(after - plan_.cuts.begin()) - 1;
    }
    return last_bucket_;
  }

  // The groups of the place: a location may be in several. Kept, for cells of a place come
  // together.
  const std::vector<std::vector<std::string>>& PlaceGroups(const CellKey& key) {
    const CellPlace place = PlaceOf(key);
    if (has_place_ && place.location == last_place_.location &&
        place.category == last_place_.category && place.item == last_place_.item) {
      return place_groups_;
    }
    has_place_ = true;
    last_place_ = place;
    group_cache_.clear();
    place_groups_.clear();
    const auto category = category_names_.find(place.category);
    const std::string category_name =
        category == category_names_.end() ? std::string() : category->second;
    if (!Lets(query_.categories, category_name)) return place_groups_;
    if (!query_.items.empty() &&
        std::ranges::find(query_.items, ItemId{place.item}) == query_.items.end()) {
      return place_groups_;
    }
    const auto names = location_names_.find(place.location);
    const size_t count = names == location_names_.end() ? 1 : names->second.size();
    for (size_t n = 0; n < count; ++n) {
      std::vector<std::string> values(query_.group_by.size());
      for (size_t i = 0; i < values.size(); ++i) {
        switch (query_.group_by[i]) {
          case Dimension::kLocation:
          case Dimension::kGroup:
            if (names != location_names_.end()) values[i] = names->second[n];
            break;
          case Dimension::kCategory: values[i] = category_name; break;
          case Dimension::kItem: values[i] = catalogue_.Sku(ItemId{place.item}); break;
          default: break;
        }
      }
      place_groups_.push_back(std::move(values));
    }
    return place_groups_;
  }

  // Calls `add(group's sums)` for each group that the strand at the place belongs to.
  template <typename Add>
  void ForGroups(const CellKey& key, StrandId strand, Add&& add) {
    if (strand >= strand_group_.size() || strand_group_[strand] == kNoSlot) return;
    const auto& places = PlaceGroups(key);
    const auto strand_group = static_cast<size_t>(strand_group_[strand]);
    for (size_t i = 0; i < places.size(); ++i) {
      const size_t slot = i * strand_groups_.size() + strand_group;
      if (group_cache_.size() <= slot) group_cache_.resize(slot + 1, nullptr);
      if (group_cache_[slot] == nullptr) {
        GroupKey group{places[i], strand_groups_[strand_group].second};
        for (size_t value = 0; value < group.values.size(); ++value) {
          const std::string& of_strand = strand_groups_[strand_group].first[value];
          if (!of_strand.empty()) group.values[value] = of_strand;
        }
        group_cache_[slot] = &SumsOf(group);
      }
      add(*group_cache_[slot]);
    }
  }

  GroupSums& SumsOf(const GroupKey& group) {
    auto found = groups_.find(group);
    if (found != groups_.end()) return *found->second;
    if ((groups_.size() + 1) * bucket_count() * plan_.measures.size() > kSumsMax) {
      throw ReportRefused("REPORT_TOO_LARGE",
                          "the report has too many groups and buckets; filter it, group less, or "
                          "choose longer buckets");
    }
    auto sums = std::make_unique<GroupSums>();
    sums->flows.resize(bucket_count() * plan_.flow_count);
    sums->changes.resize(bucket_count() * step_count());
    sums->integrals.resize(bucket_count() * step_count());
    sums->openings.resize(step_count());
    if (!plan_.distributions.empty()) sums->bins.resize(bucket_count());
    return *groups_.emplace(group, std::move(sums)).first->second;
  }

  void Decode(std::string_view sums, auto&& each) {
    if (!ForEachSum(sums, each)) throw ReportRefused("ROLLUPS_DAMAGED", "the roll-ups are damaged");
  }

  void AddFlow(const CellKey& key, std::string_view sums) {
    const size_t bucket = BucketOf(LevelOf(key), reports::BucketOf(key));
    Decode(sums, [&](StrandId strand, Measure measure, Int128 sum) {
      if (IsBin(measure)) {
        if (!is_due_ && DistributionOf(measure) == Distribution::kDeliveryLateMicros) return;
        if (std::ranges::find(plan_.distributions, DistributionOf(measure)) ==
            plan_.distributions.end()) {
          return;
        }
        ForGroups(key, strand, [&](GroupSums& group) {
          group.bins[bucket][{DistributionOf(measure), reports::BinOf(measure)}] +=
              static_cast<int64_t>(sum);
        });
        return;
      }
      const int slot = slots_.Of(measure);
      if (slot == kNoSlot || static_cast<size_t>(slot) >= plan_.flow_count) return;
      if (!is_due_ && IsByPromise(measure)) return;
      ForGroups(key, strand, [&](GroupSums& group) {
        group.flows[bucket * plan_.flow_count + static_cast<size_t>(slot)] += sum;
      });
    });
  }

  void AddSteps(const CellKey& key, std::string_view sums) {
    const size_t bucket = BucketOf(LevelOf(key), reports::BucketOf(key));
    const int64_t rest = (plan_.cuts[bucket + 1] - last_end_).count();
    Decode(sums, [&](StrandId strand, Measure measure, Int128 sum) {
      const int step = slots_.Of(measure);
      const int moment = slots_.OfMoment(measure);
      if (step != kNoSlot) {
        const size_t slot = static_cast<size_t>(step) - plan_.flow_count;
        ForGroups(key, strand, [&](GroupSums& group) {
          group.changes[bucket * step_count() + slot] += sum;
          group.integrals[bucket * step_count() + slot] += sum * rest;
        });
      } else if (moment != kNoSlot) {
        const size_t slot = static_cast<size_t>(moment) - plan_.flow_count;
        ForGroups(key, strand,
                  [&](GroupSums& group) { group.integrals[bucket * step_count() + slot] += sum; });
      }
    });
  }

  void AddOpening(const CellKey& key, std::string_view sums, int sign) {
    Decode(sums, [&](StrandId strand, Measure measure, Int128 sum) {
      const int step = slots_.Of(measure);
      if (step == kNoSlot) return;
      const size_t slot = static_cast<size_t>(step) - plan_.flow_count;
      ForGroups(key, strand, [&](GroupSums& group) { group.openings[slot] += sum * sign; });
    });
  }

  void SubtractPeriod(std::unique_ptr<GroupSums>& sums) {
    for (size_t bucket = 0; bucket < bucket_count(); ++bucket) {
      for (size_t slot = 0; slot < step_count(); ++slot) {
        sums->openings[slot] -= sums->changes[bucket * step_count() + slot];
      }
    }
  }

  const ReportQuery& query_;
  const ReportPlan& plan_;
  const TimeGrid& grid_;
  const engine::Catalogue& catalogue_;
  RollupView& view_;
  const Slots slots_;
  absl::btree_map<CategoryId, std::string> category_names_;
  absl::btree_map<uint32_t, std::vector<std::string>> location_names_;
  std::vector<int> strand_group_;  // By strand: index in strand_groups_, or kNoSlot.
  std::vector<std::pair<std::vector<std::string>, std::string>> strand_groups_;
  GroupMap groups_;

  Level last_level_ = Level::kEver;
  int64_t last_cell_ = INT64_MIN;
  Timestamp last_end_{};
  size_t last_bucket_ = 0;
  bool is_due_ = true;  // The cell does not lie ahead.
  bool has_place_ = false;
  CellPlace last_place_;
  std::vector<std::vector<std::string>> place_groups_;
  std::vector<GroupSums*> group_cache_;  // By place's group and strand's group, of the last place.
};

}  // namespace

void GroupSums::Add(const GroupSums& other) {
  const auto add = [](std::vector<Int128>& to, const std::vector<Int128>& from) {
    for (size_t i = 0; i < from.size(); ++i) to[i] += from[i];
  };
  add(flows, other.flows);
  add(changes, other.changes);
  add(integrals, other.integrals);
  add(openings, other.openings);
  times.resize(std::max(times.size(), other.times.size()));
  for (size_t i = 0; i < other.times.size(); ++i) {
    for (const auto& [distribution, values] : other.times[i]) {
      auto& to = times[i][distribution];
      to.insert(to.end(), values.begin(), values.end());
    }
  }
  for (size_t i = 0; i < other.bins.size(); ++i) {
    for (const auto& [bin, count] : other.bins[i]) bins[i][bin] += count;
  }
}

GroupMap ReadSums(const ReportQuery& query, const ReportPlan& plan, const TimeGrid& grid,
                  const engine::Catalogue& catalogue, RollupView& view) {
  return SumReader(query, plan, grid, catalogue, view).Read();
}

std::vector<Needed> MissingOf(const Figure& figure, RollupView& view) {
  absl::flat_hash_map<Measure, Int128> ever;
  for (const Family family : {Family::kFlow, Family::kStock}) {
    view.ScanA(MakeSpace(family, Cuboid::kTotal, Level::kEver), 0, 0,
               [&](const CellKey&, std::string_view sums) {
                 (void)ForEachSum(sums, [&](StrandId, Measure measure, Int128 sum) {
                   ever[measure] += sum < 0 ? -sum : sum;
                 });
               });
  }
  const auto known = [&](Needed needed) {
    switch (needed) {
      case Needed::kSale: return ever[Measure::kSaleLines] != 0;
      case Needed::kSalePrice: return ever[Measure::kSaleValue] != 0;
      case Needed::kSaleReference: return ever[Measure::kOrders] != 0;
      case Needed::kReturn: return ever[Measure::kReturnLines] != 0;
      case Needed::kReceipt: return ever[Measure::kReceiptLines] != 0;
      case Needed::kCount:
        return ever[Measure::kCountedLines] != 0 || ever[Measure::kFirstCountLines] != 0;
      case Needed::kItemCost: return ever[Measure::kSaleCost] != 0 || ever[Measure::kCostStep] != 0;
      case Needed::kItemPrice: return ever[Measure::kRetailStep] != 0;
      case Needed::kCustomer: return ever[Measure::kOrdersWithCustomer] != 0;
      case Needed::kHold: return ever[Measure::kHolds] != 0;
      case Needed::kOrder:
        return ever[Measure::kPlacedOrders] != 0 || ever[Measure::kCancelledEarlyOrders] != 0;
      case Needed::kPromise:
        return ever[Measure::kDeliveriesDue] != 0 || ever[Measure::kPickupsDue] != 0;
      case Needed::kAnswer:
        return ever[Measure::kNpsAnswers] != 0 || ever[Measure::kCsatAnswers] != 0;
      case Needed::kContact: return ever[Measure::kContacts] != 0;
      case Needed::kVisit: return ever[Measure::kVisits] != 0;
      case Needed::kStoreHours:
      case Needed::kTarget:
      case Needed::kPublished:
      case Needed::kRefusal:
      case Needed::kPresent: return false;
    }
    return false;
  };
  std::vector<Needed> missing;
  for (const Needed needed : figure.needs) {
    if (!known(needed)) missing.push_back(needed);
  }
  return missing;
}

}  // namespace stockd::reports
