#include "daemon/rpc/availability_service.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "daemon/rpc/convert.h"
#include "daemon/rpc/distance.h"
#include "daemon/rpc/feed_reactor.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"
#include "daemon/rpc/watch_reactor.h"

namespace stockd::rpc {
namespace {

constexpr int kBatchPositionsMax = 10'000;
constexpr int kWatchNamesMax = 10'000;
constexpr int kFindRowsDefault = 50;
constexpr int kFindRowsMax = 1000;
// Positions looked at for one page: a sparse location must not hold a thread for long. The page may
// then be short.
constexpr size_t kListLookupsMax = 100'000;
constexpr char kPageKind = 'a';

grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context, const grpc::Status& status) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(status);
  return reactor;
}

// Sums a group: each location counts as at least 0, so that one location's shortfall does not hide
// another's stock.
void SumGroup(const engine::Engine& engine, const storage::Group& group, ItemId item,
              ChannelId channel, v1::Availability& sum) {
  const Timestamp now = engine.Now();
  v1::Quantities& quantities = *sum.mutable_quantities();
  for (const LocationId location : group.locations) {
    const PositionKey key{.item = item, .location = location};
    const engine::Level level = engine::LevelOf(engine, key, channel, now);
    if (!level.ranged) continue;
    sum.set_available(sum.available() + std::max<Quantity>(0, level.available));
    quantities.set_on_hand(quantities.on_hand() + level.on_hand);
    quantities.set_reserved(quantities.reserved() + level.reserved);
    quantities.set_committed(quantities.committed() + level.committed);
    quantities.set_safety_stock(quantities.safety_stock() + level.safety_stock);
    quantities.set_unsellable(quantities.unsellable() + level.unsellable);
    quantities.set_incoming(quantities.incoming() + engine.supplies().Incoming(key));
    sum.set_buffer(sum.buffer() + level.buffer);
    sum.set_version(std::max(sum.version(), level.version));
    sum.set_ranged(true);
  }
}

bool Serves(const storage::Location& location, v1::FulfilmentPurpose purpose) {
  if (purpose == v1::FULFILMENT_PURPOSE_SHIP) return location.ships;
  if (purpose == v1::FULFILMENT_PURPOSE_COLLECT) return location.collects;
  return true;
}

grpc::Status CheckFind(const v1::FindAvailabilityRequest& request) {
  if (!v1::FulfilmentPurpose_IsValid(request.purpose()))
    return InvalidField("purpose", "is not a purpose");
  if (request.limit() < 0) return InvalidField("limit", "is negative");
  return request.has_near() ? CheckCoordinate("near", request.near()) : grpc::Status::OK;
}

}  // namespace

grpc::ServerUnaryReactor* AvailabilityService::GetAvailability(
    grpc::CallbackServerContext* context, const v1::GetAvailabilityRequest* request,
    v1::GetAvailabilityResponse* response) {
  const engine::Catalogue& catalogue = engine_.catalogue();
  PositionKey key;
  ChannelId channel = kNoChannel;
  if (request->location().empty() == request->group().empty()) {
    return Finish(context,
                  InvalidField("location", "exactly one of location and group is required"));
  }
  if (auto status = FindItem(request->sku(), catalogue, key.item); !status.ok())
    return Finish(context, status);
  if (auto status = FindChannel(request->channel(), catalogue, channel); !status.ok())
    return Finish(context, status);
  v1::Availability& availability = *response->mutable_availability();
  if (request->group().empty()) {
    if (auto status = FindLocation(request->location(), catalogue, key.location); !status.ok()) {
      return Finish(context, status);
    }
    ToProto(engine::LevelOf(engine_, key, channel, engine_.Now()), engine_, availability);
    return Finish(context, grpc::Status::OK);
  }
  GroupId group = kNoGroup;
  if (auto status = FindGroup(request->group(), catalogue, group); !status.ok())
    return Finish(context, status);
  availability.set_sku(request->sku());
  availability.set_group(request->group());
  SumGroup(engine_, *catalogue.Group(group), key.item, channel, availability);
  return Finish(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* AvailabilityService::BatchGetAvailability(
    grpc::CallbackServerContext* context, const v1::BatchGetAvailabilityRequest* request,
    v1::BatchGetAvailabilityResponse* response) {
  const engine::Catalogue& catalogue = engine_.catalogue();
  ChannelId channel = kNoChannel;
  if (request->positions_size() == 0 || request->positions_size() > kBatchPositionsMax) {
    return Finish(context, InvalidField("positions", "needs 1 to 10000 rows"));
  }
  if (auto status = FindChannel(request->channel(), catalogue, channel); !status.ok())
    return Finish(context, status);
  const Timestamp now = engine_.Now();
  for (int32_t i = 0; i < request->positions_size(); ++i) {
    const v1::Position& position = request->positions(i);
    v1::Availability& row = *response->add_availabilities();
    const PositionKey key{.item = catalogue.FindItem(position.sku()),
                          .location = catalogue.FindLocation(position.location())};
    if (key.item != kNoItem && key.location != kNoLocation) {
      ToProto(engine::LevelOf(engine_, key, channel, now), engine_, row);
      continue;
    }
    row.set_sku(position.sku());
    row.set_location(position.location());
    const auto reason =
        key.item == kNoItem ? ledger::Reason::kSkuUnknown : ledger::Reason::kLocationUnknown;
    v1::UnknownPosition& unknown = *response->add_unknown();
    unknown.set_index(i);
    unknown.set_reason(std::string(ledger::ReasonName(reason)));
  }
  return Finish(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* AvailabilityService::FindAvailability(
    grpc::CallbackServerContext* context, const v1::FindAvailabilityRequest* request,
    v1::FindAvailabilityResponse* response) {
  const engine::Catalogue& catalogue = engine_.catalogue();
  ItemId item = kNoItem;
  ChannelId channel = kNoChannel;
  if (auto status = CheckFind(*request); !status.ok()) return Finish(context, status);
  if (auto status = FindItem(request->sku(), catalogue, item); !status.ok())
    return Finish(context, status);
  if (auto status = FindChannel(request->channel(), catalogue, channel); !status.ok())
    return Finish(context, status);

  struct Row {
    engine::Level level;
    std::string code;
    double distance_m;
  };
  std::vector<Row> rows;
  const Timestamp now = engine_.Now();
  for (const storage::Location& location : catalogue.Locations()) {
    if (!Serves(location, request->purpose()) || !catalogue.SellsFrom(channel, location.id))
      continue;
    if (request->has_near() && !location.has_coordinate) continue;
    const engine::Level level =
        engine::LevelOf(engine_, {.item = item, .location = location.id}, channel, now);
    if (!level.ranged || std::max<Quantity>(0, level.available) < request->quantity_min()) continue;
    rows.push_back(
        {level, location.code, request->has_near() ? Distance(request->near(), location) : 0});
  }
  std::ranges::sort(rows, {}, [near = request->has_near()](const Row& row) {
    return std::tuple(near ? row.distance_m : 0.0, near ? 0 : -row.level.available, row.code);
  });
  const int limit =
      request->limit() == 0 ? kFindRowsDefault : std::min(request->limit(), kFindRowsMax);
  if (rows.size() > static_cast<size_t>(limit)) rows.resize(static_cast<size_t>(limit));
  for (const Row& row : rows) {
    v1::Availability& availability = *response->add_availabilities();
    ToProto(row.level, engine_, availability);
    availability.set_distance_m(row.distance_m);
  }
  return Finish(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* AvailabilityService::ListAvailability(
    grpc::CallbackServerContext* context, const v1::ListAvailabilityRequest* request,
    v1::ListAvailabilityResponse* response) {
  const engine::Catalogue& catalogue = engine_.catalogue();
  int rows = 0;
  std::string after;
  ChannelId channel = kNoChannel;
  if (auto status = CheckPageSize(request->page_size(), rows); !status.ok())
    return Finish(context, status);
  if (auto status = ParsePageToken(kPageKind, request->page_token(), after); !status.ok()) {
    return Finish(context, status);
  }
  if (auto status = FindChannel(request->channel(), catalogue, channel); !status.ok())
    return Finish(context, status);
  std::vector<storage::Location> locations = catalogue.Locations();
  if (!request->location().empty()) {
    LocationId location = kNoLocation;
    if (auto status = FindLocation(request->location(), catalogue, location); !status.ok()) {
      return Finish(context, status);
    }
    std::erase_if(locations,
                  [location](const storage::Location& row) { return row.id != location; });
  }
  if (!request->group().empty()) {
    GroupId group = kNoGroup;
    if (auto status = FindGroup(request->group(), catalogue, group); !status.ok())
      return Finish(context, status);
    const auto members = catalogue.Group(group)->locations;
    std::erase_if(locations, [&members](const storage::Location& row) {
      return std::ranges::find(members, row.id) == members.end();
    });
  }
  // The token is the last item looked at; a page never ends inside an item, so it may be a few rows
  // longer than asked.
  const Timestamp now = engine_.Now();
  size_t lookups = 0;
  bool more = !locations.empty();
  while (more) {
    const auto items = catalogue.SkusAfter(after, 256);
    if (items.empty()) more = false;
    for (const auto& [sku, item] : items) {
      if (response->availabilities_size() >= rows || lookups >= kListLookupsMax) {
        response->set_next_page_token(MakePageToken(kPageKind, after));
        return Finish(context, grpc::Status::OK);
      }
      for (const storage::Location& location : locations) {
        ++lookups;
        const engine::Level level =
            engine::LevelOf(engine_, {.item = item, .location = location.id}, channel, now);
        if (level.ranged) ToProto(level, engine_, *response->add_availabilities());
      }
      after = sku;
    }
  }
  return Finish(context, grpc::Status::OK);
}

grpc::ServerWriteReactor<v1::WatchAvailabilityResponse>* AvailabilityService::WatchAvailability(
    grpc::CallbackServerContext*, const v1::WatchAvailabilityRequest* request) {
  using Refused = RefusedFeed<v1::WatchAvailabilityResponse>;
  const engine::Catalogue& catalogue = engine_.catalogue();
  sync::FeedScope scope;
  if (request->skus_size() > kWatchNamesMax)
    return new Refused(InvalidField("skus", "holds at most 10000"));
  if (request->locations_size() > kWatchNamesMax)
    return new Refused(InvalidField("locations", "holds at most 10000"));
  if (request->changes_only() && request->cursor() != 0) {
    return new Refused(InvalidField("changes_only", "is not allowed with a cursor"));
  }
  for (const std::string& sku : request->skus()) {
    ItemId item = kNoItem;
    if (auto status = FindItem(sku, catalogue, item); !status.ok()) return new Refused(status);
    scope.items.insert(item);
  }
  for (const std::string& code : request->locations()) {
    LocationId location = kNoLocation;
    if (auto status = FindLocation(code, catalogue, location); !status.ok())
      return new Refused(status);
    scope.locations.insert(location);
  }
  if (!request->group().empty()) {
    GroupId group = kNoGroup;
    if (auto status = FindGroup(request->group(), catalogue, group); !status.ok())
      return new Refused(status);
    for (const LocationId location : catalogue.Group(group)->locations)
      scope.locations.insert(location);
    if (scope.locations.empty())
      return new Refused(InvalidField("group", "has no locations to watch"));
  }
  if (auto status = FindChannel(request->channel(), catalogue, scope.channel); !status.ok()) {
    return new Refused(status);
  }
  const auto same = [scope = std::move(scope)] { return scope; };
  return StartWatch(engine_, pump_,
                    request->changes_only() ? sync::LevelCursor::ChangesOnly(engine_, same)
                                            : sync::LevelCursor(engine_, same, request->cursor()));
}

grpc::ServerUnaryReactor* AvailabilityService::GetAvailabilityCurve(
    grpc::CallbackServerContext* context, const v1::GetAvailabilityCurveRequest* request,
    v1::GetAvailabilityCurveResponse* response) {
  PositionKey key;
  ChannelId channel = kNoChannel;
  if (auto status = FindPosition(request->position(), engine_.catalogue(), key); !status.ok()) {
    return Finish(context, status);
  }
  if (auto status = FindChannel(request->channel(), engine_.catalogue(), channel); !status.ok()) {
    return Finish(context, status);
  }
  const Timestamp now = engine_.Now();
  const std::vector<ledger::Supply> supplies = engine_.supplies().At(key);
  for (const ledger::CurvePoint& point : engine::CurveOf(engine_, key, channel, now)) {
    v1::CurvePoint& out = *response->add_points();
    ToProto(point.at, *out.mutable_at());
    out.set_available(point.available);
  }
  for (const ledger::Supply& supply : supplies) {
    if (supply.expected_at <= now) response->set_overdue(response->overdue() + supply.quantity);
  }
  return Finish(context, grpc::Status::OK);
}

}  // namespace stockd::rpc
