#include "daemon/rpc/catalogue_rows.h"

#include <absl/container/flat_hash_set.h>
#include <absl/time/time.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "daemon/rpc/row_checks.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

constexpr int kRowsMax = 10'000;
constexpr int kFewRowsMax = 1000;  // Groups and channels.
constexpr int kMembersMax = 10'000;
constexpr size_t kNameBytesMax = 500;
constexpr size_t kUnitBytesMax = 32;
constexpr size_t kTimeZoneBytesMax = 64;
constexpr int kScaleMax = 6;
constexpr int kGtinsMax = 32;
constexpr size_t kGtinDigitsMax = 14;
constexpr std::string_view kDefaultUnit = "piece";
constexpr std::string_view kDefaultTimeZone = "UTC";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

grpc::Status CheckGtins(const Path& path, const v1::Item& item) {
  if (item.gtins_size() > kGtinsMax) return InvalidField(path.Of("gtins"), "has more than 32 rows");
  for (const std::string& gtin : item.gtins()) {
    if (gtin.empty() || gtin.size() > kGtinDigitsMax || !std::ranges::all_of(gtin, IsDigit)) {
      return InvalidField(path.Of("gtins"), "holds something else than 1 to 14 digits");
    }
  }
  return grpc::Status::OK;
}

grpc::Status CheckCurrency(const Path& path, const std::string& currency) {
  if (currency.empty() || (currency.size() == 3 && std::ranges::all_of(currency, IsUpper))) {
    return grpc::Status::OK;
  }
  return InvalidField(path.Of("currency"), "is not three upper-case letters");
}

grpc::Status CheckTimeZone(const Path& path, const std::string& zone) {
  const auto allowed = [](char c) {
    return IsDigit(c) || IsUpper(c) || IsLower(c) || c == '/' || c == '_' || c == '-' || c == '+';
  };
  if (zone.empty()) return grpc::Status::OK;
  // Abseil would take a path for the file of a zone.
  absl::TimeZone known;
  if (zone.size() <= kTimeZoneBytesMax && std::ranges::all_of(zone, allowed) &&
      zone.front() != '/' && absl::LoadTimeZone(zone, &known)) {
    return grpc::Status::OK;
  }
  return InvalidField(path.Of("time_zone"),
                      "is not an IANA time zone that this machine knows, such as Europe/Istanbul");
}

grpc::Status CheckCoordinate(const Path& path, const v1::Coordinate& at) {
  // Written so that NaN is refused too.
  if (!(at.latitude() >= -90 && at.latitude() <= 90)) {
    return InvalidField(path.Of("coordinate.latitude"), "is not from -90 to 90");
  }
  if (!(at.longitude() >= -180 && at.longitude() <= 180)) {
    return InvalidField(path.Of("coordinate.longitude"), "is not from -180 to 180");
  }
  return grpc::Status::OK;
}

grpc::Status CheckItem(const Path& path, const v1::Item& item) {
  if (auto status = CheckId(path.Of("sku"), item.sku()); !status.ok()) return status;
  return FirstOf({CheckText(path.Of("name"), item.name(), kNameBytesMax),
                  CheckText(path.Of("unit"), item.unit(), kUnitBytesMax),
                  CheckRange(path, "scale", item.scale(), kScaleMax),
                  CheckText(path.Of("category"), item.category(), kNameBytesMax),
                  CheckGtins(path, item),
                  CheckRange(path, "unit_cost_micros", item.unit_cost_micros(), INT64_MAX),
                  CheckRange(path, "price_micros", item.price_micros(), INT64_MAX),
                  CheckCurrency(path, item.currency())});
}

grpc::Status CheckLocation(const Path& path, const v1::Location& location) {
  if (auto status = CheckId(path.Of("code"), location.code()); !status.ok()) return status;
  if (!v1::LocationKind_IsValid(location.kind()))
    return InvalidField(path.Of("kind"), "is not a known kind");
  return FirstOf({CheckText(path.Of("name"), location.name(), kNameBytesMax),
                  CheckTimeZone(path, location.time_zone()),
                  CheckCoordinate(path, location.coordinate())});
}

storage::LocationKind FromProto(v1::LocationKind kind) {
  switch (kind) {
    case v1::LOCATION_KIND_WAREHOUSE: return storage::LocationKind::kWarehouse;
    case v1::LOCATION_KIND_DARK_STORE: return storage::LocationKind::kDarkStore;
    default: return storage::LocationKind::kStore;
  }
}

v1::LocationKind ToProto(storage::LocationKind kind) {
  switch (kind) {
    case storage::LocationKind::kStore: return v1::LOCATION_KIND_STORE;
    case storage::LocationKind::kWarehouse: return v1::LOCATION_KIND_WAREHOUSE;
    case storage::LocationKind::kDarkStore: return v1::LOCATION_KIND_DARK_STORE;
  }
  return v1::LOCATION_KIND_UNSPECIFIED;
}

std::string OrDefault(const std::string& value, std::string_view otherwise) {
  return value.empty() ? std::string(otherwise) : value;
}

storage::Item ToRow(const v1::Item& item) {
  return {.sku = item.sku(),
          .name = item.name(),
          .unit = OrDefault(item.unit(), kDefaultUnit),
          .scale = item.scale(),
          .category = item.category(),
          .gtins = {item.gtins().begin(), item.gtins().end()},
          .unit_cost_micros = item.unit_cost_micros(),
          .price_micros = item.price_micros(),
          .currency = item.currency()};
}

storage::Location ToRow(const v1::Location& location) {
  return {.code = location.code(),
          .name = location.name(),
          .kind = FromProto(location.kind()),
          .time_zone = OrDefault(location.time_zone(), kDefaultTimeZone),
          .has_coordinate = location.has_coordinate(),
          .latitude = location.coordinate().latitude(),
          .longitude = location.coordinate().longitude(),
          .ships = location.ships(),
          .collects = location.collects()};
}

grpc::Status CheckMembers(const Path& path, const v1::Group& group) {
  if (group.locations_size() > kMembersMax) {
    return InvalidField(path.Of("locations"), "has more than 10000 rows");
  }
  EachOnce once;
  for (const std::string& code : group.locations()) {
    if (auto status = CheckId(path.Of("locations"), code); !status.ok()) return status;
    if (auto status = once.Check(path, "locations", code); !status.ok()) return status;
  }
  return grpc::Status::OK;
}

}  // namespace

grpc::Status Parse(const v1::PutItemsRequest& request, std::vector<storage::Item>& items) {
  if (auto status = CheckRowCount("items", request.items_size(), kRowsMax); !status.ok())
    return status;
  items.reserve(static_cast<size_t>(request.items_size()));
  EachOnce once;
  Path path{.list = "items"};
  for (const v1::Item& item : request.items()) {
    if (auto status = CheckItem(path, item); !status.ok()) return status;
    if (auto status = once.Check(path, "sku", item.sku()); !status.ok()) return status;
    items.push_back(ToRow(item));
    ++path.index;
  }
  return grpc::Status::OK;
}

grpc::Status Parse(const v1::PutLocationsRequest& request,
                   std::vector<storage::Location>& locations) {
  if (auto status = CheckRowCount("locations", request.locations_size(), kRowsMax); !status.ok())
    return status;
  locations.reserve(static_cast<size_t>(request.locations_size()));
  EachOnce once;
  Path path{.list = "locations"};
  for (const v1::Location& location : request.locations()) {
    if (auto status = CheckLocation(path, location); !status.ok()) return status;
    if (auto status = once.Check(path, "code", location.code()); !status.ok()) return status;
    locations.push_back(ToRow(location));
    ++path.index;
  }
  return grpc::Status::OK;
}

grpc::Status Parse(const v1::PutGroupsRequest& request, std::vector<StatedGroup>& groups) {
  if (auto status = CheckRowCount("groups", request.groups_size(), kFewRowsMax); !status.ok())
    return status;
  EachOnce once;
  Path path{.list = "groups"};
  for (const v1::Group& group : request.groups()) {
    if (auto status = CheckId(path.Of("group_id"), group.group_id()); !status.ok()) return status;
    if (auto status = once.Check(path, "group_id", group.group_id()); !status.ok()) return status;
    if (auto status = CheckText(path.Of("name"), group.name(), kNameBytesMax); !status.ok())
      return status;
    if (auto status = CheckMembers(path, group); !status.ok()) return status;
    groups.push_back({.row = {.group_id = group.group_id(), .name = group.name()},
                      .locations = {group.locations().begin(), group.locations().end()}});
    ++path.index;
  }
  return grpc::Status::OK;
}

grpc::Status Parse(const v1::PutChannelsRequest& request, std::vector<StatedChannel>& channels) {
  if (auto status = CheckRowCount("channels", request.channels_size(), kFewRowsMax); !status.ok())
    return status;
  EachOnce once;
  Path path{.list = "channels"};
  for (const v1::Channel& channel : request.channels()) {
    if (auto status = CheckId(path.Of("channel_id"), channel.channel_id()); !status.ok())
      return status;
    if (auto status = once.Check(path, "channel_id", channel.channel_id()); !status.ok())
      return status;
    if (auto status = FirstOf({CheckText(path.Of("name"), channel.name(), kNameBytesMax),
                               CheckRange(path, "buffer", channel.buffer(), kQuantityMax),
                               CheckOptionalId(path.Of("group_id"), channel.group_id())});
        !status.ok()) {
      return status;
    }
    channels.push_back({.row = {.channel_id = channel.channel_id(),
                                .name = channel.name(),
                                .buffer = channel.buffer()},
                        .group = channel.group_id()});
    ++path.index;
  }
  return grpc::Status::OK;
}

grpc::Status Parse(const v1::PutSafetyStocksRequest& request,
                   std::vector<StatedSafetyStock>& rules) {
  if (auto status = CheckRowCount("safety_stocks", request.safety_stocks_size(), kRowsMax);
      !status.ok()) {
    return status;
  }
  rules.reserve(static_cast<size_t>(request.safety_stocks_size()));
  absl::flat_hash_set<std::pair<absl::string_view, absl::string_view>> seen;
  Path path{.list = "safety_stocks"};
  for (const v1::SafetyStock& rule : request.safety_stocks()) {
    if (auto status = FirstOf({CheckOptionalId(path.Of("sku"), rule.sku()),
                               CheckOptionalId(path.Of("location"), rule.location()),
                               CheckRange(path, "quantity", rule.quantity(), kQuantityMax)});
        !status.ok()) {
      return status;
    }
    if (rule.sku().empty() && rule.location().empty()) {
      return InvalidField(path.Of(""), "needs a sku, a location or both");
    }
    if (!seen.emplace(rule.sku(), rule.location()).second) {
      return InvalidField(path.Of(""), "appears twice in the request");
    }
    rules.push_back({.sku = rule.sku(),
                     .location = rule.location(),
                     .quantity = rule.quantity(),
                     .remove = rule.remove()});
    ++path.index;
  }
  return grpc::Status::OK;
}

grpc::Status Parse(const v1::PutSuppliesRequest& request, std::vector<StatedSupply>& supplies) {
  if (auto status = CheckRowCount("supplies", request.supplies_size(), kRowsMax); !status.ok())
    return status;
  supplies.reserve(static_cast<size_t>(request.supplies_size()));
  EachOnce once;
  Path path{.list = "supplies"};
  for (const v1::Supply& supply : request.supplies()) {
    if (auto status = CheckId(path.Of("supply_id"), supply.supply_id()); !status.ok())
      return status;
    if (auto status = once.Check(path, "supply_id", supply.supply_id()); !status.ok())
      return status;
    if (auto status = FirstOf({CheckId(path.Of("sku"), supply.sku()),
                               CheckId(path.Of("location"), supply.location()),
                               CheckRange(path, "quantity", supply.quantity(), kQuantityMax)});
        !status.ok()) {
      return status;
    }
    const auto expected_at = FromProto(supply.expected_at());
    if (!supply.has_expected_at() || !expected_at) {
      return InvalidField(path.Of("expected_at"), "is required, in years 1 to 9999");
    }
    supplies.push_back({.row = {.id = supply.supply_id(),
                                .position = {},
                                .quantity = supply.quantity(),
                                .expected_at = *expected_at},
                        .sku = supply.sku(),
                        .location = supply.location()});
    ++path.index;
  }
  return grpc::Status::OK;
}

void ToProto(const storage::Item& item, v1::Item& proto) {
  proto.set_sku(item.sku);
  proto.set_name(item.name);
  proto.set_unit(item.unit);
  proto.set_scale(item.scale);
  proto.set_category(item.category);
  for (const std::string& gtin : item.gtins) proto.add_gtins(gtin);
  proto.set_unit_cost_micros(item.unit_cost_micros);
  proto.set_price_micros(item.price_micros);
  proto.set_currency(item.currency);
}

void ToProto(const storage::Location& location, v1::Location& proto) {
  proto.set_code(location.code);
  proto.set_name(location.name);
  proto.set_kind(ToProto(location.kind));
  proto.set_time_zone(location.time_zone);
  if (location.has_coordinate) {
    proto.mutable_coordinate()->set_latitude(location.latitude);
    proto.mutable_coordinate()->set_longitude(location.longitude);
  }
  proto.set_ships(location.ships);
  proto.set_collects(location.collects);
}

void ToProto(const storage::Group& group, const engine::Catalogue& catalogue, v1::Group& proto) {
  proto.set_group_id(group.group_id);
  proto.set_name(group.name);
  for (const LocationId location : group.locations)
    proto.add_locations(catalogue.LocationCode(location));
}

void ToProto(const storage::Channel& channel, const engine::Catalogue& catalogue,
             v1::Channel& proto) {
  proto.set_channel_id(channel.channel_id);
  proto.set_name(channel.name);
  proto.set_buffer(channel.buffer);
  if (const auto group = catalogue.Group(channel.group)) proto.set_group_id(group->group_id);
}

}  // namespace stockd::rpc
