#include "daemon/rpc/short_options.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>
#include <utility>

#include "daemon/engine/levels.h"
#include "daemon/rpc/order_planning.h"
#include "daemon/rpc/pickup_quotes.h"

namespace stockd::rpc {
namespace {

constexpr int kStoresMax = 5;
constexpr size_t kSubstitutesMax = 5;
// Items of a category that are looked at.
constexpr size_t kCandidatesMax = 5000;

// Other stores where the units can be collected.
void FillStores(const OrderParts& parts, const fulfilment::Order& order,
                const storage::Location& here, const Need& need, v1::ShortOptions& options) {
  std::vector<storage::Location> stores = parts.catalogue().Locations();
  std::erase_if(stores, [&](const storage::Location& store) {
    return store.id == here.id || !store.collects ||
           !parts.catalogue().SellsFrom(order.channel, store.id);
  });
  QuoteNearest(parts.engine, {.needs = {need}, .channel = order.channel},
               ByDistance(std::move(stores), CoordinateOf(here)), /*possible_only=*/true,
               kStoresMax, *options.mutable_stores());
}

void FillShipping(const OrderParts& parts, const fulfilment::Order& order,
                  const storage::Location& here, const Need& need, v1::ShortOptions& options) {
  const fulfilment::SourcingPlan plan =
      PlanParcels(parts, {.cart = {{.item = need.item, .quantity = need.quantity}},
                          .channel = order.channel,
                          .exclude = {here.id},
                          .near = CoordinateOf(here),
                          .has_parcel = ParcelsOf(order)});
  options.set_can_ship(plan.outcome == fulfilment::SourcingOutcome::kPlanned);
  if (!options.can_ship()) return;
  for (const LocationId location : plan.parcels) {
    options.add_ship_locations(parts.catalogue().LocationCode(location));
  }
}

// Items of the same category that stand here, the nearest in price first.
void FillSubstitutes(const OrderParts& parts, const fulfilment::Order& order,
                     const fulfilment::OrderLine& line, LocationId here, Quantity wanted,
                     v1::ShortOptions& options) {
  const engine::Catalogue& catalogue = parts.catalogue();
  const auto original = catalogue.Item(catalogue.Sku(line.item));
  if (!original || original->category.empty()) return;
  const int64_t paid = line.unit_price_micros > 0 ? line.unit_price_micros : original->price_micros;
  struct Candidate {
    int64_t difference = 0;
    storage::Item item;
    Quantity available = 0;
  };
  std::vector<Candidate> candidates;
  const Timestamp now = parts.engine.Now();
  for (const ItemId id : catalogue.ItemsOfCategory(original->category, kCandidatesMax)) {
    if (id == line.item) continue;
    const engine::Level level =
        engine::LevelOf(parts.engine, {.item = id, .location = here}, order.channel, now);
    if (level.available < wanted) continue;
    const auto item = catalogue.Item(catalogue.Sku(id));
    // Units of another scale are not comparable; a bundle cannot take the place of an item.
    if (!item || item->scale != original->scale || parts.engine.bundles().IsBundle(id)) continue;
    candidates.push_back({.difference = std::abs(item->price_micros - paid),
                          .item = *item,
                          .available = level.available});
  }
  const size_t count = std::min(kSubstitutesMax, candidates.size());
  std::ranges::partial_sort(candidates, candidates.begin() + static_cast<std::ptrdiff_t>(count), {},
                            [](const Candidate& candidate) {
                              return std::tuple(candidate.difference,
                                                std::string_view(candidate.item.sku));
                            });
  for (size_t i = 0; i < count; ++i) {
    const Candidate& candidate = candidates[i];
    v1::SubstituteOption& option = *options.add_substitutes();
    option.set_sku(candidate.item.sku);
    option.set_name(candidate.item.name);
    option.set_available(candidate.available);
    option.set_price_micros(candidate.item.price_micros);
    option.set_currency(candidate.item.currency);
  }
}

}  // namespace

void FillShortOptions(const OrderParts& parts, const fulfilment::Order& order, int fulfilment,
                      const std::vector<fulfilment::MoveLine>& lines,
                      google::protobuf::RepeatedPtrField<v1::ShortOptions>& options) {
  const fulfilment::Fulfilment& part = *order.Find(fulfilment);
  const auto here = parts.catalogue().Location(part.standing_at());
  if (!here) return;
  for (const fulfilment::FulfilmentLine& line : part.lines) {
    const auto asked = std::ranges::find(lines, line.line, &fulfilment::MoveLine::line);
    const Quantity wanted =
        asked != lines.end() ? asked->quantity : (lines.empty() ? line.units.missing : 0);
    if (wanted == 0) continue;
    const fulfilment::OrderLine& of_order = order.lines[static_cast<size_t>(line.line)];
    v1::ShortOptions& option = *options.Add();
    option.set_line_id(of_order.id);
    option.set_sku(parts.catalogue().Sku(of_order.item));
    option.set_missing(wanted);
    const Need need{.item = of_order.item, .quantity = wanted};
    FillStores(parts, order, *here, need, option);
    FillShipping(parts, order, *here, need, option);
    FillSubstitutes(parts, order, of_order, here->id, wanted, option);
  }
}

}  // namespace stockd::rpc
