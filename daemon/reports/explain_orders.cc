#include "daemon/reports/explain_orders.h"

#include <absl/container/btree_map.h>
#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <utility>

#include "daemon/reports/life_sums.h"
#include "daemon/reports/query_filter.h"

namespace stockd::reports {
namespace {

bool IsOfOrders(Measure measure) {
  return measure >= Measure::kPlacedOrders && measure <= Measure::kCsatTop;
}

// The sums of one order, as a figure asks for them.
class OwnSums final : public Sums {
 public:
  explicit OwnSums(Duration length) : length_(length) {}

  void Add(const Amount& amount) { sums_[amount.measure] += amount.amount; }

  Int128 Flow(Measure measure) const override {
    const auto found = sums_.find(measure);
    return found == sums_.end() ? 0 : found->second;
  }
  Int128 FlowOfAll(Measure measure) const override { return Flow(measure); }
  // Orders have nothing that stands.
  Int128 Opening(Measure) const override { return 0; }
  Int128 Closing(Measure) const override { return 0; }
  Int128 Integral(Measure) const override { return 0; }
  // The order's own times are its numerator.
  std::vector<std::pair<int, int64_t>> Bins(Distribution) const override { return {}; }
  std::vector<int64_t> Values(Distribution) const override { return {}; }
  Duration length() const override { return length_; }

 private:
  absl::btree_map<Measure, Int128> sums_;
  const Duration length_;
};

class OrderFinder {
 public:
  OrderFinder(const ReportQuery& query, const TimeGrid& grid, RollupView& view,
              std::vector<LocationId> locations)
      : query_(query), grid_(grid), view_(view), locations_(std::move(locations)) {
    for (const auto& [id, strand] : view.Strands()) {
      lets_[id] = Lets(query.channels, strand.channel) &&
                  Lets(query.fulfilments, strand.fulfilment) &&
                  Lets(query.carriers, strand.carrier) && Lets(query.services, strand.service);
    }
  }

  // What the order adds to the figure. Empty when it adds nothing, or when the place and day are
  // not the first at which it does.
  std::optional<Outcome> OutcomeAt(const FactCursor& cursor) {
    std::vector<LifePart> parts;
    if (!DecodeLife(view_.OrderLife(cursor.sequence), parts)) {
      throw ReportRefused("ROLLUPS_DAMAGED", "the roll-ups are damaged");
    }
    const Figure& figure = *query_.figures.front();
    OwnSums sums(query_.end - query_.begin);
    std::optional<std::pair<uint32_t, int64_t>> first_place;
    for (const LifePart& part : parts) {
      if (!IsLet(part)) continue;
      bool used = false;
      for (const Amount& amount : part.amounts) {
        if (std::ranges::find(figure.flows, amount.measure) == figure.flows.end()) continue;
        sums.Add(amount);
        used = true;
      }
      if (!used) continue;
      const std::pair place{part.location, grid_.BucketAt(Level::kDay, part.at)};
      first_place = std::min(first_place.value_or(place), place);
    }
    if (first_place != std::pair{cursor.location, cursor.day}) return std::nullopt;
    Outcome outcome;
    figure.evaluate(sums, outcome);
    if (outcome.numerator.is_zero() &&
        (!outcome.has_denominator || outcome.denominator.is_zero())) {
      return std::nullopt;
    }
    return outcome;
  }

 private:
  bool IsLet(const LifePart& part) {
    const auto let = lets_.find(part.strand);
    return part.at >= query_.begin && part.at < query_.end && part.at < query_.due_until &&
           let != lets_.end() && let->second &&
           std::ranges::binary_search(locations_, LocationId{part.location});
  }

  const ReportQuery& query_;
  const TimeGrid& grid_;
  RollupView& view_;
  const std::vector<LocationId> locations_;  // Sorted.
  absl::flat_hash_map<StrandId, bool> lets_;
};

bool Passes(OrderShare share, const Outcome& outcome) {
  switch (share) {
    case OrderShare::kAll: return true;
    case OrderShare::kCounted: return !outcome.numerator.is_zero();
    case OrderShare::kNotCounted:
      return outcome.has_denominator &&
             outcome.numerator.Approximate() != outcome.denominator.Approximate();
  }
  return false;
}

}  // namespace

bool IsAboutOrders(const Figure& figure) {
  return !figure.flows.empty() && std::ranges::all_of(figure.flows, IsOfOrders);
}

OrderPage ExplainOrders(const ReportQuery& query, const TimeGrid& grid,
                        const engine::Catalogue& catalogue, RollupView& view,
                        storage::JournalFeed& feed, OrderShare share, const FactCursor& after,
                        size_t limit) {
  const std::vector<LocationId> locations = LocationsOf(query, catalogue);
  OrderFinder finder(query, grid, view, locations);
  OrderPage page{.next = after};
  const int64_t first = grid.BucketAt(Level::kDay, query.begin);
  const int64_t last = grid.BucketAt(Level::kDay, query.end - Duration(1));
  int looked_at = 0;
  for (const LocationId location : locations) {
    const uint32_t number = ToNumber(location);
    if (page.more) break;
    if (number < after.location) continue;
    const int64_t from = number == after.location ? std::max(first, after.day) : first;
    view.ScanOrders(number, from, last, [&](int64_t day, uint64_t order) {
      const FactCursor cursor{.location = number, .day = day, .sequence = order};
      if (cursor <= after) return true;
      if (page.orders.size() == limit || looked_at == kFactsLookedAtMax) {
        page.more = true;
        return false;
      }
      ++looked_at;
      page.next = cursor;
      auto outcome = finder.OutcomeAt(cursor);
      if (!outcome || !Passes(share, *outcome)) return true;
      auto story = feed.Order(order);
      if (story) page.orders.push_back({std::move(*outcome), std::move(*story)});
      return true;
    });
  }
  return page;
}

}  // namespace stockd::reports
