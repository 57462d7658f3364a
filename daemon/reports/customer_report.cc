#include "daemon/reports/customer_report.h"

#include <absl/container/btree_map.h>
#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "daemon/fulfilment/order.h"
#include "daemon/reports/order_rows.h"
#include "daemon/reports/query_filter.h"
#include "daemon/reports/report_sums.h"

namespace stockd::reports {
namespace {

// How often each customer ordered; sorted by customer once it is complete.
using Counts = std::vector<std::pair<CustomerId, int64_t>>;

// Of one group: the stretch before the first bucket, then the buckets.
using Stretches = std::vector<Counts>;

// Begin of the stretch that the first bucket is compared with.
Timestamp BeginBefore(const ReportQuery& query) {
  if (query.bucket == Bucket::kWhole || query.bucket == Bucket::kHour) {
    return BeginOfStretchBefore(query.begin, query.end, query.zone);
  }
  // The bucket that ends where the first begins, or would begin were it not cut short.
  constexpr Duration kLongest = std::chrono::hours(24 * 800);
  const auto cuts =
      CutPeriod(query.begin - kLongest, query.begin, query.bucket, query.zone, kBucketsMax);
  // The last edge is the period's own begin.
  return cuts.at(cuts.size() - 2);
}

void Sort(Counts& counts) {
  std::ranges::sort(counts);
  size_t kept = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (kept > 0 && counts[kept - 1].first == counts[i].first) {
      counts[kept - 1].second += counts[i].second;
    } else {
      counts[kept++] = counts[i];
    }
  }
  counts.resize(kept);
}

// Reads who ordered when, by group.
class ActiveReader {
 public:
  ActiveReader(const ReportQuery& query, const TimeGrid& grid, const engine::Catalogue& catalogue,
               RollupView& view, const std::vector<Timestamp>& edges)
      : query_(query), grid_(grid), catalogue_(catalogue), view_(view), edges_(edges) {
    for (const auto& [id, strand] : view.Strands()) strands_[id] = strand;
  }

  absl::btree_map<std::vector<std::string>, Stretches> Read() {
    const bool by_place = Groups(query_, Dimension::kLocation) ||
                          Groups(query_, Dimension::kGroup) || !query_.locations.empty() ||
                          !query_.groups.empty();
    if (!by_place) {
      ReadPlace(0, {""});
    } else {
      for (const storage::Location& location : catalogue_.Locations()) {
        if (!Lets(query_.locations, location.id)) continue;
        const auto names = NamesOf(query_, catalogue_, location);
        if (!names.empty()) ReadPlace(ToNumber(location.id), names);
      }
    }
    for (auto& [key, stretches] : groups_) {
      for (Counts& counts : stretches) Sort(counts);
    }
    return std::move(groups_);
  }

 private:
  void ReadPlace(uint32_t location, const std::vector<std::string>& names) {
    const int64_t first = grid_.BucketAt(Level::kDay, edges_.front());
    const int64_t last = grid_.BucketAt(Level::kDay, edges_.back()) - 1;
    view_.ScanActive(
        location, first, last, [&](int64_t day, StrandId id, std::string_view customers) {
          const auto strand = strands_.find(id);
          if (strand == strands_.end() || !IsLet(strand->second)) return;
          const auto after = std::ranges::upper_bound(edges_, grid_.BeginOf(Level::kDay, day));
          const auto stretch = static_cast<size_t>(after - edges_.begin()) - 1;
          for (const std::string& name : names) {
            Add(KeyOf(name, strand->second), stretch, customers);
          }
        });
  }

  bool IsLet(const Strand& strand) const {
    return Lets(query_.channels, strand.channel) && Lets(query_.fulfilments, strand.fulfilment) &&
           Lets(query_.sources, strand.source) && Lets(query_.currencies, strand.currency);
  }

  std::vector<std::string> KeyOf(const std::string& place, const Strand& strand) const {
    std::vector<std::string> key;
    for (const Dimension dimension : query_.group_by) {
      switch (dimension) {
        case Dimension::kChannel: key.push_back(strand.channel); break;
        case Dimension::kFulfilment: key.push_back(strand.fulfilment); break;
        case Dimension::kCurrency: key.push_back(strand.currency); break;
        case Dimension::kCarrier: key.push_back(strand.carrier); break;
        case Dimension::kService: key.push_back(strand.service); break;
        case Dimension::kSource: key.push_back(catalogue_.SourceName(strand.source)); break;
        default: key.push_back(place); break;
      }
    }
    return key;
  }

  void Add(const std::vector<std::string>& key, size_t stretch, std::string_view customers) {
    Stretches& stretches = groups_[key];
    stretches.resize(edges_.size() - 1);
    const bool whole = ForEachKey(customers, [&](uint64_t customer, Int128 count) {
      stretches[stretch].emplace_back(static_cast<CustomerId>(customer),
                                      static_cast<int64_t>(count));
    });
    if (!whole) throw ReportRefused("ROLLUPS_DAMAGED", "the roll-ups are damaged");
  }

  const ReportQuery& query_;
  const TimeGrid& grid_;
  const engine::Catalogue& catalogue_;
  RollupView& view_;
  const std::vector<Timestamp>& edges_;
  absl::flat_hash_map<StrandId, Strand> strands_;
  absl::btree_map<std::vector<std::string>, Stretches> groups_;
};

// Who collected something at a place and day, and who of them bought something else there and then.
class AttachReader {
 public:
  AttachReader(const ReportQuery& query, const TimeGrid& grid, const engine::Catalogue& catalogue,
               RollupView& view, const std::vector<Timestamp>& cuts)
      : query_(query), grid_(grid), catalogue_(catalogue), view_(view), cuts_(cuts) {
    for (const auto& [id, strand] : view.Strands()) {
      if (IsCollection(strand.fulfilment)) collections_.insert(id);
    }
  }

  // By group, then by bucket.
  absl::btree_map<std::vector<std::string>, std::vector<CustomerSums>> Read() {
    for (const storage::Location& location : catalogue_.Locations()) {
      if (!Lets(query_.locations, location.id)) continue;
      const auto keys = KeysOf(location);
      if (!keys.empty()) ReadPlace(ToNumber(location.id), keys);
    }
    return std::move(groups_);
  }

 private:
  static bool IsCollection(const std::string& way) {
    return way == fulfilment::MethodName(fulfilment::Method::kPickup) ||
           way == fulfilment::MethodName(fulfilment::Method::kShipToStore);
  }

  std::vector<std::vector<std::string>> KeysOf(const storage::Location& location) const {
    std::vector<std::string> names = {location.code};
    if (Groups(query_, Dimension::kGroup) || !query_.groups.empty()) {
      names.clear();
      for (const storage::Group& group : catalogue_.Groups()) {
        if (Lets(query_.groups, group.id) &&
            std::ranges::find(group.locations, location.id) != group.locations.end()) {
          names.push_back(group.group_id);
        }
      }
      if (!names.empty() && !Groups(query_, Dimension::kGroup)) names = {location.code};
    }
    std::vector<std::vector<std::string>> keys;
    for (const std::string& name : names) keys.emplace_back(query_.group_by.size(), name);
    return keys;
  }

  void ReadPlace(uint32_t location, const std::vector<std::vector<std::string>>& keys) {
    const int64_t first = grid_.BucketAt(Level::kDay, cuts_.front());
    const int64_t last = grid_.BucketAt(Level::kDay, cuts_.back()) - 1;
    int64_t day = INT64_MIN;
    std::set<CustomerId> collected;
    std::set<CustomerId> bought;
    const auto finish = [&] {
      if (collected.empty()) return;
      const auto after = std::ranges::upper_bound(cuts_, grid_.BeginOf(Level::kDay, day));
      const auto bucket = static_cast<size_t>(after - cuts_.begin()) - 1;
      for (const auto& key : keys) {
        auto& buckets = groups_[key];
        buckets.resize(cuts_.size() - 1);
        for (const CustomerId customer : collected) {
          ++buckets[bucket].collected;
          buckets[bucket].attached += bought.contains(customer);
        }
      }
      collected.clear();
    };
    view_.ScanActive(location, first, last,
                     [&](int64_t at, StrandId strand, std::string_view customers) {
                       if (at != day) {
                         finish();
                         bought.clear();
                         day = at;
                       }
                       auto& into = collections_.contains(strand) ? collected : bought;
                       if (!ForEachKey(customers, [&](uint64_t customer, Int128) {
                             into.insert(static_cast<CustomerId>(customer));
                           })) {
                         throw ReportRefused("ROLLUPS_DAMAGED", "the roll-ups are damaged");
                       }
                     });
    finish();
  }

  const ReportQuery& query_;
  const TimeGrid& grid_;
  const engine::Catalogue& catalogue_;
  RollupView& view_;
  const std::vector<Timestamp>& cuts_;
  std::set<StrandId> collections_;
  absl::btree_map<std::vector<std::string>, std::vector<CustomerSums>> groups_;
};

CustomerSums SumsOf(const Counts& before, const Counts& now) {
  CustomerSums sums{.active = static_cast<int64_t>(now.size()),
                    .active_before = static_cast<int64_t>(before.size())};
  for (const auto& [customer, count] : now) {
    sums.repeated += count > 1;
    sums.orders_known += count;
  }
  auto at = now.begin();
  for (const auto& [customer, count] : before) {
    while (at != now.end() && at->first < customer) ++at;
    sums.retained += at != now.end() && at->first == customer;
  }
  return sums;
}

ReportRow MakeRow(const Figure& figure, const std::vector<Timestamp>& cuts, size_t bucket,
                  const CustomerSums& sums, std::vector<Needed> missing) {
  ReportRow row{.figure = &figure,
                .begin = cuts[bucket],
                .end = cuts[bucket + 1],
                .missing = std::move(missing)};
  figure.evaluate_customers(sums, row.outcome);
  if (!row.missing.empty()) return row;
  row.value = ValueOf(row.outcome);
  return row;
}

// What customers spent, by currency and by the bucket of their first purchase.
absl::btree_map<std::string, std::vector<std::vector<Int128>>> ReadSpent(
    const ReportQuery& query, RollupView& view, const std::vector<Timestamp>& cuts) {
  absl::flat_hash_map<StrandId, std::string> currencies;
  for (const auto& [id, strand] : view.Strands()) currencies[id] = strand.currency;
  absl::btree_map<std::string, std::vector<std::vector<Int128>>> spent;
  view.ScanCustomers(cuts.front(), cuts.back(), [&](Timestamp first_at, std::string_view sums) {
    absl::btree_map<std::string, Int128> of_currency;
    (void)ForEachSum(sums, [&](StrandId id, Measure measure, Int128 sum) {
      of_currency[currencies[id]] += measure == Measure::kReturnValue ? -sum : sum;
    });
    const auto after = std::ranges::upper_bound(cuts, first_at);
    const auto bucket = static_cast<size_t>(after - cuts.begin()) - 1;
    for (const auto& [currency, sum] : of_currency) {
      if (!Lets(query.currencies, currency)) continue;
      auto& buckets = spent[currency];
      buckets.resize(cuts.size() - 1);
      buckets[bucket].push_back(sum);
    }
  });
  return spent;
}

}  // namespace

bool RunCustomerReport(const ReportQuery& query, const TimeGrid& grid,
                       const engine::Catalogue& catalogue, RollupView& view,
                       const std::vector<const Figure*>& figures, const FlowOf& flow,
                       const std::function<bool(ReportRow&& row)>& row) {
  const std::vector<Timestamp> cuts =
      CutPeriod(query.begin, query.end, query.bucket, query.zone, kBucketsMax);
  std::vector<Timestamp> edges = cuts;
  edges.insert(edges.begin(), BeginBefore(query));
  absl::btree_map<std::vector<std::string>, Stretches> groups;
  if (std::ranges::any_of(
          figures, [](const Figure* figure) { return figure->kind != FigureKind::kSpent; })) {
    for (const Timestamp edge : edges) {
      if (grid.Begins(Level::kDay, edge)) continue;
      throw ReportRefused("PERIOD_UNALIGNED", "customers are kept by the days of " +
                                                  grid.zone().name() +
                                                  ": begin and end at midnight there, and cut no "
                                                  "days");
    }
    groups = ActiveReader(query, grid, catalogue, view, edges).Read();
    if (query.group_by.empty() && groups.empty()) groups[{}].resize(edges.size() - 1);
  }
  for (const Figure* figure : figures) {
    const std::vector<Needed> missing = MissingOf(*figure, view);
    if (figure->kind == FigureKind::kAttached) {
      auto attached = AttachReader(query, grid, catalogue, view, cuts).Read();
      if (query.group_by.empty()) attached[{}].resize(cuts.size() - 1);
      for (size_t bucket = 0; bucket + 1 < cuts.size(); ++bucket) {
        for (const auto& [key, buckets] : attached) {
          ReportRow made = MakeRow(*figure, cuts, bucket, buckets[bucket], missing);
          made.group = key;
          if (!row(std::move(made))) return false;
        }
      }
      continue;
    }
    if (figure->kind == FigureKind::kSpent) {
      auto spent = ReadSpent(query, view, cuts);
      for (size_t bucket = 0; bucket + 1 < cuts.size(); ++bucket) {
        for (auto& [currency, buckets] : spent) {
          CustomerSums sums{.spent = std::move(buckets[bucket])};
          std::ranges::sort(sums.spent);
          ReportRow made = MakeRow(*figure, cuts, bucket, sums, missing);
          made.group.resize(query.group_by.size());
          made.currency = currency;
          if (!sums.spent.empty() && !row(std::move(made))) return false;
        }
      }
      continue;
    }
    for (size_t bucket = 0; bucket + 1 < cuts.size(); ++bucket) {
      for (const auto& [key, stretches] : groups) {
        ReportRow made = MakeRow(*figure, cuts, bucket,
                                 SumsOf(stretches[bucket], stretches[bucket + 1]), missing);
        made.group = key;
        made.outcome.coverable = flow(key, bucket, Measure::kOrders);
        made.outcome.covered = flow(key, bucket, Measure::kOrdersWithCustomer);
        if (!row(std::move(made))) return false;
      }
    }
  }
  return true;
}

}  // namespace stockd::reports
