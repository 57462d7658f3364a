#include "daemon/reports/explain.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>

#include "daemon/reports/item_book.h"
#include "daemon/reports/query_filter.h"

namespace stockd::reports {
namespace {

using ledger::EntryKind;

constexpr uint32_t Bit(EntryKind kind) { return 1U << static_cast<int>(kind); }

constexpr uint32_t kAllKinds = Bit(EntryKind::kReceipt) | Bit(EntryKind::kSale) |
                               Bit(EntryKind::kReturn) | Bit(EntryKind::kAdjustment) |
                               Bit(EntryKind::kDamage) | Bit(EntryKind::kTransferOut) |
                               Bit(EntryKind::kTransferIn) | Bit(EntryKind::kCount);

uint32_t KindsOf(Measure measure) {
  if (measure <= Measure::kSaleUncostedUnits || measure == Measure::kSaleValueUnits) {
    return Bit(EntryKind::kSale);
  }
  if (measure >= Measure::kReturnLines && measure <= Measure::kReturnUnpricedLines) {
    return Bit(EntryKind::kReturn);
  }
  if (measure == Measure::kTransferOutUnits) return Bit(EntryKind::kTransferOut);
  if (measure == Measure::kAdjustedUpUnits || measure == Measure::kAdjustedDownUnits) {
    return Bit(EntryKind::kAdjustment);
  }
  if (measure == Measure::kDamagedUnits) return Bit(EntryKind::kDamage);
  if (measure == Measure::kReceiptLines || measure == Measure::kReceiptUnits) {
    return Bit(EntryKind::kReceipt);
  }
  if (measure == Measure::kTransferInLines || measure == Measure::kTransferInUnits) {
    return Bit(EntryKind::kTransferIn);
  }
  if (measure >= Measure::kCountedLines && measure <= Measure::kFirstCountLines) {
    return Bit(EntryKind::kCount);
  }
  if (measure >= Measure::kOrders && measure <= Measure::kOrderUnpricedLines) {
    return Bit(EntryKind::kSale);
  }
  if (measure >= Measure::kCohortReturnUnits && measure <= Measure::kCohortReturnValue) {
    return Bit(EntryKind::kReturn);
  }
  if (measure == Measure::kFactLines || measure == Measure::kLateLines ||
      measure == Measure::kLatenessMicros) {
    return kAllKinds & ~Bit(EntryKind::kCount);
  }
  // Reservations and orders are no facts; stock-outs and what stands come from everything.
  return measure >= Measure::kHolds && measure <= Measure::kCsatTop ? 0 : kAllKinds;
}

}  // namespace

std::vector<LocationId> LocationsOf(const ReportQuery& query, const engine::Catalogue& catalogue) {
  std::vector<LocationId> locations;
  for (const storage::Location& location : catalogue.Locations()) {
    if (!Lets(query.locations, location.id)) continue;
    const bool in_groups =
        query.groups.empty() || std::ranges::any_of(query.groups, [&](GroupId id) {
          const auto group = catalogue.Group(id);
          return group &&
                 std::ranges::find(group->locations, location.id) != group->locations.end();
        });
    if (in_groups) locations.push_back(location.id);
  }
  std::ranges::sort(locations);
  return locations;
}

uint32_t KindsBehind(const Figure& figure) {
  if (figure.kind == FigureKind::kStanding) return kAllKinds;
  if (figure.kind != FigureKind::kSums) return Bit(EntryKind::kSale) | Bit(EntryKind::kReturn);
  uint32_t kinds = figure.steps.empty() ? 0 : kAllKinds;
  for (const Measure measure : figure.flows) kinds |= KindsOf(measure);
  return kinds;
}

FactPage ExplainFigure(const ReportQuery& query, const TimeGrid& grid,
                       const engine::Catalogue& catalogue, RollupView& view,
                       storage::JournalFeed& feed, const FactCursor& after, size_t limit) {
  const uint32_t kinds = KindsBehind(*query.figures.front());
  absl::flat_hash_map<CategoryId, std::string> categories;
  for (const auto& [id, name] : view.Categories()) categories[id] = name;
  ItemBook items;
  if (!query.categories.empty()) {
    for (const ItemStateRow& row : view.ItemStates()) items.Add(row.item, row.scale, row.state);
  }
  const auto passes = [&](const ledger::JournalEntry& fact) {
    if ((kinds & Bit(fact.kind)) == 0 || fact.occurred_at < query.begin ||
        fact.occurred_at >= query.end) {
      return false;
    }
    if (!query.categories.empty() &&
        !Lets(query.categories,
              categories[items.At(fact.position.item, fact.occurred_at).category])) {
      return false;
    }
    return Lets(query.items, fact.position.item) && Lets(query.channels, fact.channel) &&
           Lets(query.fulfilments, fact.fulfilment_channel) && Lets(query.sources, fact.source) &&
           Lets(query.currencies, fact.currency);
  };

  FactPage page{.next = after};
  const std::vector<LocationId> locations = LocationsOf(query, catalogue);
  const int64_t first = grid.BucketAt(Level::kDay, query.begin);
  const int64_t last = grid.BucketAt(Level::kDay, query.end - Duration(1));
  int looked_at = 0;
  for (const LocationId location : locations) {
    if (page.more) break;
    if (ToNumber(location) < after.location) continue;
    const int64_t from = ToNumber(location) == after.location ? std::max(first, after.day) : first;
    view.ScanFacts(location, from, last, [&](int64_t day, Sequence sequence) {
      const FactCursor cursor{.location = ToNumber(location), .day = day, .sequence = sequence};
      if (cursor <= after) return true;
      if (page.facts.size() == limit || looked_at == kFactsLookedAtMax) {
        page.more = true;
        return false;
      }
      ++looked_at;
      page.next = cursor;
      auto fact = feed.Entry(sequence);
      if (fact && passes(*fact)) page.facts.push_back(std::move(*fact));
      return true;
    });
  }
  return page;
}

}  // namespace stockd::reports
