#include "daemon/rpc/catalogue_changes.h"

#include <algorithm>
#include <utility>

namespace stockd::rpc {
namespace {

using ledger::Reason;

// Waiting facts counted for one name at most; more are replayed all the same.
constexpr int kWaitingCountMax = 1000;

CatalogueChange Refuse(Reason reason, std::string_view key, std::string name) {
  return {.refusal = reason, .key = key, .name = std::move(name)};
}

bool SameMembers(std::vector<LocationId> left, std::vector<LocationId> right) {
  std::ranges::sort(left);
  std::ranges::sort(right);
  return left == right;
}

// Looks up both names; an empty one stands for "all". Returns the refusal, if any.
CatalogueChange Resolve(const engine::Catalogue& catalogue, const std::string& sku,
                        const std::string& location, PositionKey& key) {
  if (!sku.empty()) key.item = catalogue.FindItem(sku);
  if (!sku.empty() && key.item == kNoItem) return Refuse(Reason::kSkuUnknown, "sku", sku);
  if (!location.empty()) key.location = catalogue.FindLocation(location);
  if (!location.empty() && key.location == kNoLocation) {
    return Refuse(Reason::kLocationUnknown, "location", location);
  }
  return {};
}

}  // namespace

CatalogueChange Apply(engine::UnitOfWork& unit, std::span<storage::Item> items) {
  engine::Catalogue& catalogue = unit.catalogue();
  for (const storage::Item& item : items) {
    const auto known = catalogue.Item(item.sku);
    if (known && known->scale != item.scale)
      return Refuse(Reason::kItemScaleFixed, "sku", item.sku);
  }
  CatalogueChange change;
  for (storage::Item& item : items) {
    const auto known = catalogue.Item(item.sku);
    if (known) item.id = known->id;
    if (known == item) continue;
    if (known) {
      ++change.changed;
    } else {
      ++change.created;
      change.replaying += static_cast<int64_t>(
          unit.store().ListQuarantined(item.sku, {}, 0, kWaitingCountMax).size());
    }
    const storage::Item put = catalogue.PutItem(std::move(item));
    unit.store().KeepItemChange(put, unit.now());
    unit.store().SaveItem(put);
  }
  return change;
}

CatalogueChange Apply(engine::UnitOfWork& unit, std::span<storage::Location> locations) {
  engine::Catalogue& catalogue = unit.catalogue();
  CatalogueChange change;
  for (storage::Location& location : locations) {
    location.id = catalogue.FindLocation(location.code);
    const auto known = catalogue.Location(location.id);
    if (known == location) continue;
    if (known) {
      ++change.changed;
    } else {
      ++change.created;
      change.replaying += static_cast<int64_t>(
          unit.store().ListQuarantined({}, location.code, 0, kWaitingCountMax).size());
    }
    unit.store().SaveLocation(catalogue.PutLocation(std::move(location)));
  }
  // A source may be configured to be told about a location that did not exist until now.
  if (change.created > 0) unit.PolicyChanged();
  return change;
}

CatalogueChange Apply(engine::UnitOfWork& unit, std::span<StatedGroup> groups) {
  engine::Catalogue& catalogue = unit.catalogue();
  for (StatedGroup& group : groups) {
    for (const std::string& code : group.locations) {
      const LocationId location = catalogue.FindLocation(code);
      if (location == kNoLocation) return Refuse(Reason::kLocationUnknown, "location", code);
      group.row.locations.push_back(location);
    }
  }
  CatalogueChange change;
  bool rules_changed = false;
  for (StatedGroup& group : groups) {
    group.row.id = catalogue.FindGroup(group.row.group_id);
    const auto known = catalogue.Group(group.row.id);
    if (known == group.row) continue;
    // A group that is new may be one that a source waits to be told about.
    rules_changed |= !known || !SameMembers(known->locations, group.row.locations);
    ++(known ? change.changed : change.created);
    unit.store().SaveGroup(catalogue.PutGroup(std::move(group.row)));
  }
  if (rules_changed) unit.PolicyChanged();
  return change;
}

CatalogueChange Apply(engine::UnitOfWork& unit, std::span<StatedChannel> channels) {
  engine::Catalogue& catalogue = unit.catalogue();
  for (StatedChannel& channel : channels) {
    if (channel.group.empty()) continue;
    channel.row.group = catalogue.FindGroup(channel.group);
    if (channel.row.group == kNoGroup)
      return Refuse(Reason::kGroupUnknown, "group_id", channel.group);
  }
  CatalogueChange change;
  bool rules_changed = false;
  for (StatedChannel& channel : channels) {
    channel.row.id = catalogue.FindChannel(channel.row.channel_id);
    const auto known = catalogue.Channel(channel.row.id);
    if (known == channel.row) continue;
    // A channel that is new may be one that a source is configured for.
    rules_changed |=
        !known || known->buffer != channel.row.buffer || known->group != channel.row.group;
    ++(known ? change.changed : change.created);
    unit.store().SaveChannel(catalogue.PutChannel(std::move(channel.row)));
  }
  if (rules_changed) unit.PolicyChanged();
  return change;
}

CatalogueChange Apply(engine::UnitOfWork& unit, std::span<StatedSafetyStock> rules) {
  engine::Catalogue& catalogue = unit.catalogue();
  std::vector<PositionKey> keys(rules.size());
  for (size_t i = 0; i < rules.size(); ++i) {
    CatalogueChange refused = Resolve(catalogue, rules[i].sku, rules[i].location, keys[i]);
    if (refused.refusal != Reason::kNone) return refused;
  }
  CatalogueChange change;
  for (size_t i = 0; i < rules.size(); ++i) {
    const std::optional<Quantity> known = catalogue.SafetyStockRule(keys[i]);
    const std::optional<Quantity> wanted =
        rules[i].remove ? std::nullopt : std::optional<Quantity>(rules[i].quantity);
    if (known == wanted) continue;
    ++(known ? change.changed : change.created);
    if (wanted) {
      const storage::SafetyStock row{
          .item = keys[i].item, .location = keys[i].location, .quantity = *wanted};
      catalogue.PutSafetyStock(row);
      unit.store().SaveSafetyStock(row);
    } else {
      catalogue.RemoveSafetyStock(keys[i].item, keys[i].location);
      unit.store().DeleteSafetyStock(keys[i].item, keys[i].location);
    }
  }
  if (change.created + change.changed > 0) unit.PolicyChanged();
  return change;
}

CatalogueChange Apply(engine::UnitOfWork& unit, std::span<StatedCalendar> calendars) {
  engine::Catalogue& catalogue = unit.catalogue();
  std::vector<LocationId> locations;
  locations.reserve(calendars.size());
  for (const StatedCalendar& stated : calendars) {
    const LocationId location = catalogue.FindLocation(stated.location);
    if (location == kNoLocation) {
      return Refuse(Reason::kLocationUnknown, "location", stated.location);
    }
    locations.push_back(location);
  }
  CatalogueChange change;
  for (size_t i = 0; i < calendars.size(); ++i) {
    const auto [open_time, known] = catalogue.HoursOf(locations[i]);
    if (calendars[i].remove) {
      if (!known) continue;
      ++change.changed;
      unit.store().DeleteCalendar(locations[i]);
      catalogue.RemoveCalendar(locations[i]);
      continue;
    }
    fulfilment::StoreCalendar& calendar = calendars[i].calendar;
    if (known && open_time->calendar() == calendar) continue;
    ++(known ? change.changed : change.created);
    unit.store().SaveCalendar(locations[i], calendar);
    catalogue.PutCalendar(locations[i], std::move(calendar));
  }
  return change;
}

CatalogueChange Apply(engine::UnitOfWork& unit, std::span<StatedSupply> supplies) {
  for (StatedSupply& supply : supplies) {
    CatalogueChange refused =
        Resolve(unit.catalogue(), supply.sku, supply.location, supply.row.position);
    if (refused.refusal != Reason::kNone) return refused;
  }
  CatalogueChange change;
  for (const StatedSupply& supply : supplies) {
    const auto known = unit.FindSupply(supply.row.id);
    // Supply with nothing left to come is not kept, so to withdraw it twice changes nothing.
    if (known ? *known == supply.row : supply.row.quantity == 0) continue;
    ++(known ? change.changed : change.created);
    unit.PutSupply(supply.row);
  }
  return change;
}

}  // namespace stockd::rpc
