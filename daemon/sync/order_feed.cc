#include "daemon/sync/order_feed.h"

#include <algorithm>
#include <utility>

namespace stockd::sync {
namespace {

// No location has this number.
constexpr LocationId kNowhere{0xFFFFFFFF};

// Whether the names are known that the event refers to.
bool HasAll(const OrderNames& names, const fulfilment::OrderEvent& event) {
  const bool has_place = event.fulfilment == 0 ||
                         std::ranges::find(names.places, event.fulfilment,
                                           &OrderNames::Place::fulfilment) != names.places.end();
  return has_place && std::ranges::all_of(event.lines, [&names](const auto& line) {
           return static_cast<size_t>(line.line) < names.lines.size();
         });
}

}  // namespace

OrderNames NamesOf(const fulfilment::Order& order) {
  OrderNames names{.id = order.id,
                   .channel = order.channel,
                   .customer_reference = order.customer_reference,
                   .places = {},
                   .lines = {}};
  for (const fulfilment::Fulfilment& fulfilment : order.fulfilments) {
    names.places.push_back({.fulfilment = fulfilment.number,
                            .location = fulfilment.location,
                            .destination = fulfilment.destination});
  }
  for (const fulfilment::OrderLine& line : order.lines) names.lines.push_back(line.id);
  return names;
}

const OrderNames* OrderNamesCache::Of(const fulfilment::OrderEvent& event) {
  // Another location may have taken units over since, or another item.
  const auto found = by_number_.find(event.order_number);
  if (found != by_number_.end() && HasAll(found->second, event)) return &found->second;
  const auto id = reader_.OrderId(event.order_number);
  const auto order = id ? reader_.FindOrder(*id) : std::nullopt;
  if (!order) return nullptr;
  return &(by_number_[event.order_number] = NamesOf(*order));
}

void OrderNamesCache::Shrink() {
  constexpr size_t kOrdersMax = 1000;
  if (by_number_.size() > kOrdersMax) by_number_.clear();
}

bool OrderScope::Contains(const OrderNames& order, int fulfilment) const {
  if (channel != kNoChannel && order.channel != channel) return false;
  if (locations.empty()) return true;
  return std::ranges::any_of(order.places, [&](const OrderNames::Place& place) {
    return (fulfilment == 0 || place.fulfilment == fulfilment) &&
           (locations.contains(place.location) ||
            (place.destination != kNoLocation && locations.contains(place.destination)));
  });
}

bool OrderScope::Contains(const fulfilment::OrderEvent& event, const OrderNames& order) const {
  if (kinds != 0 && (kinds >> static_cast<unsigned>(event.kind) & 1U) == 0) return false;
  return Contains(order, event.fulfilment);
}

OrderScope OrderScopeOf(const engine::Catalogue& catalogue, const FeedScope& configured,
                        const SourceRights& rights) {
  OrderScope scope;
  scope.locations = configured.locations;
  if (rights.rules().empty()) return scope;
  if (scope.locations.empty()) {
    for (const storage::Location& location : catalogue.Locations()) {
      scope.locations.insert(location.id);
    }
  }
  absl::erase_if(scope.locations,
                 [&rights](LocationId location) { return rights.At(location).closed; });
  // An empty set would mean all.
  if (scope.locations.empty()) scope.locations.insert(kNowhere);
  return scope;
}

bool OrderFeed::Next(const OrderScope& scope, size_t look_max, size_t told_max,
                     std::vector<Told>& told) {
  // What is told refers to the names, which must not go while they are in use.
  names_.Shrink();
  std::vector<fulfilment::OrderEvent> events = Read(look_max);
  for (fulfilment::OrderEvent& event : events) {
    if (told.size() == told_max) return true;
    cursor_ = event.number;
    if (scope.order_number != 0 && event.order_number != scope.order_number) continue;
    const OrderNames* order = names_.Of(event);
    if (order == nullptr || !scope.Contains(event, *order)) continue;
    told.push_back({.event = std::move(event), .order = order});
  }
  return events.size() == look_max;
}

std::vector<fulfilment::OrderEvent> OrderFeed::Read(size_t limit) {
  if (auto recent = engine_.order_events().Read(cursor_, limit)) return *std::move(recent);
  return reader_.ListOrderEvents(0, cursor_, static_cast<int>(limit)).rows;
}

}  // namespace stockd::sync
