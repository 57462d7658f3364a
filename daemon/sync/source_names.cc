#include "daemon/sync/source_names.h"

#include <utility>

namespace stockd::sync {

NamedPosition FindNamedItem(const engine::Names& names, SourceId source, std::string_view code) {
  if (names.mappings.Concern(source)) {
    if (const auto mapping = names.mappings.FindSku(source, code)) {
      return {.position = {.item = mapping->item},
              .units = {.numerator = mapping->numerator, .denominator = mapping->denominator}};
    }
  }
  NamedPosition named{.position = {.item = names.catalogue.FindItem(code)}};
  if (named.position.item != kNoItem) return named;
  const std::vector<ItemId> items = names.catalogue.FindGtin(code);
  if (items.size() == 1) {
    named.position.item = items.front();
  } else {
    named.reason = items.empty() ? ledger::Reason::kSkuUnknown : ledger::Reason::kCodeAmbiguous;
  }
  return named;
}

LocationId FindNamedLocation(const engine::Names& names, SourceId source, std::string_view code) {
  if (names.mappings.Concern(source)) {
    const LocationId location = names.mappings.FindLocation(source, code);
    if (location != kNoLocation) return location;
  }
  return names.catalogue.FindLocation(code);
}

NamedPosition FindNamed(const engine::Names& names, SourceId source, std::string_view sku,
                        std::string_view location) {
  NamedPosition named = FindNamedItem(names, source, sku);
  named.position.location = FindNamedLocation(names, source, location);
  if (named.reason == ledger::Reason::kNone && named.position.location == kNoLocation) {
    named.reason = ledger::Reason::kLocationUnknown;
  }
  return named;
}

OwnQuantity ToOwnUnits(Quantity told, const Units& units) {
  if (units == Units{}) return {.quantity = told};
  const __int128 product = static_cast<__int128>(told) * units.numerator;
  if (product % units.denominator != 0) return {.reason = ledger::Reason::kQuantityNotWhole};
  const __int128 own = product / units.denominator;
  if (own > kQuantityMax || own < -kQuantityMax) {
    return {.reason = ledger::Reason::kQuantityOutOfRange};
  }
  return {.quantity = static_cast<Quantity>(own)};
}

Quantity ToSourceUnits(Quantity own, const Units& units) {
  if (units == Units{}) return own;
  const __int128 product = static_cast<__int128>(own) * units.denominator;
  __int128 told = product / units.numerator;
  if (product % units.numerator < 0) --told;
  // A figure is at most 10^15 and a factor 10^6, which still fits.
  constexpr __int128 kMax = INT64_MAX;
  return told > kMax ? INT64_MAX : told < -kMax ? -INT64_MAX : static_cast<Quantity>(told);
}

void RoundForSource(const engine::Names& names, SourceId source, ItemId item, Quantity& on_hand,
                    Quantity& available) {
  if (!names.mappings.Concern(source)) return;
  const std::vector<storage::SkuMapping> mappings = names.mappings.SkusOf(source, item);
  if (mappings.empty()) return;
  const storage::SkuMapping& first = mappings.front();
  for (const storage::SkuMapping& mapping : mappings) {
    if (mapping.numerator != first.numerator || mapping.denominator != first.denominator) return;
  }
  if (first.numerator % first.denominator != 0) return;
  const Quantity step = first.numerator / first.denominator;
  for (Quantity* figure : {&on_hand, &available}) {
    const Quantity rest = *figure % step;
    *figure -= rest < 0 ? rest + step : rest;
  }
}

std::vector<SourceName> NamesFor(const engine::Names& names, SourceId source,
                                 PositionKey position) {
  std::vector<std::pair<std::string, Units>> items;
  std::vector<std::string> locations;
  if (names.mappings.Concern(source)) {
    for (storage::SkuMapping& mapping : names.mappings.SkusOf(source, position.item)) {
      items.push_back({std::move(mapping.code),
                       {.numerator = mapping.numerator, .denominator = mapping.denominator}});
    }
    locations = names.mappings.CodesOf(source, position.location);
  }
  if (items.empty()) items.push_back({names.catalogue.Sku(position.item), {}});
  if (locations.empty()) locations.push_back(names.catalogue.LocationCode(position.location));
  std::vector<SourceName> all;
  all.reserve(items.size() * locations.size());
  for (const auto& [sku, units] : items) {
    for (const std::string& location : locations) {
      all.push_back({.sku = sku, .location = location, .units = units});
    }
  }
  return all;
}

}  // namespace stockd::sync
