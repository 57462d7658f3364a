#include "daemon/rpc/stock_event_service.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/rpc/feed_reactor.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"
#include "daemon/sync/stock_edges.h"

namespace stockd::rpc {
namespace {

constexpr int kStreamsMax = 32;
constexpr int kNamesMax = 1000;
constexpr Quantity kMarkMax = 1'000'000;
constexpr Quantity kLowMarkDefault = 3;
constexpr size_t kLevelsPerLook = 1000;
// Looks before other feeds have their turn.
constexpr int kLooksPerTurn = 50;
constexpr Duration kIdleNoteEvery = std::chrono::seconds(15);

using Response = v1::WatchStockEventsResponse;
using Refused = RefusedFeed<Response>;

// What a call is about, by number.
struct Wish {
  std::vector<ItemId> items;
  std::vector<LocationId> locations;
  ChannelId channel = kNoChannel;
  v1::FulfilmentKind fulfilment = v1::FULFILMENT_KIND_UNSPECIFIED;
  sync::StockMarks marks;
};

grpc::Status Parse(const v1::WatchStockEventsRequest& request, const engine::Catalogue& catalogue,
                   Wish& wish) {
  if (request.skus_size() > kNamesMax) return InvalidField("skus", "holds at most 1000");
  if (request.locations_size() > kNamesMax) return InvalidField("locations", "holds at most 1000");
  if (!v1::FulfilmentKind_IsValid(request.fulfilment())) {
    return InvalidField("fulfilment", "is not a way of fulfilment");
  }
  if (request.low_mark() < 0 || request.low_mark() > kMarkMax) {
    return InvalidField("low_mark", "is 0 to 1000000");
  }
  if (request.hysteresis() < 0 || request.hysteresis() > kMarkMax) {
    return InvalidField("hysteresis", "is 0 to 1000000");
  }
  for (const std::string& sku : request.skus()) {
    if (auto status = FindItem(sku, catalogue, wish.items.emplace_back()); !status.ok()) {
      return status;
    }
  }
  for (const std::string& code : request.locations()) {
    if (auto status = FindLocation(code, catalogue, wish.locations.emplace_back()); !status.ok()) {
      return status;
    }
  }
  wish.fulfilment = request.fulfilment();
  wish.marks = {.low = request.low_mark() == 0 ? kLowMarkDefault : request.low_mark(),
                .hysteresis = request.hysteresis()};
  return FindChannel(request.channel(), catalogue, wish.channel);
}

bool Fulfils(const storage::Location& location, v1::FulfilmentKind kind) {
  if (kind == v1::FULFILMENT_KIND_SHIP) return location.ships;
  if (kind == v1::FULFILMENT_KIND_COLLECT) return location.collects;
  return true;
}

// The locations of the wish as things are now: groups, and what locations are for, may change.
sync::FeedScope ScopeOf(const Wish& wish, const engine::Catalogue& catalogue) {
  sync::FeedScope scope;
  scope.items.insert(wish.items.begin(), wish.items.end());
  scope.channel = wish.channel;
  for (const storage::Location& location : catalogue.Locations()) {
    const bool wanted = wish.locations.empty() ||
                        std::ranges::find(wish.locations, location.id) != wish.locations.end();
    if (wanted && Fulfils(location, wish.fulfilment) &&
        catalogue.SellsFrom(wish.channel, location.id)) {
      scope.locations.insert(location.id);
    }
  }
  // An empty set would mean all.
  if (scope.locations.empty()) scope.locations.insert(kNoLocation);
  return scope;
}

void ToProto(const sync::StockEdges::Edge& edge, const engine::Engine& engine,
             v1::StockEvent& proto) {
  const engine::Catalogue& catalogue = engine.catalogue();
  proto.mutable_position()->set_sku(catalogue.Sku(edge.level.position.item));
  proto.mutable_position()->set_location(catalogue.LocationCode(edge.level.position.location));
  // The states are numbered alike.
  proto.set_state(static_cast<v1::StockState>(edge.state));
  proto.set_previous(static_cast<v1::StockState>(edge.previous));
  proto.set_available(std::max<Quantity>(0, edge.level.available));
  proto.set_version(edge.level.version);
  rpc::ToProto(engine.Now(), *proto.mutable_notice_time());
}

}  // namespace

grpc::ServerWriteReactor<Response>* StockEventService::WatchStockEvents(
    grpc::CallbackServerContext*, const v1::WatchStockEventsRequest* request) {
  Wish wish;
  if (auto status = Parse(*request, engine_.catalogue(), wish); !status.ok()) {
    return new Refused(status);
  }
  if (++streams_ > kStreamsMax) {
    --streams_;
    return new Refused(MakeStatus(grpc::StatusCode::RESOURCE_EXHAUSTED, "STREAMS_EXHAUSTED",
                                  "32 watches of stock events are open. Share one, or close one.",
                                  {}));
  }
  const sync::StockMarks marks = wish.marks;
  auto edges = std::make_shared<sync::StockEdges>(
      engine_, [this, wish = std::move(wish)] { return ScopeOf(wish, engine_.catalogue()); },
      request->cursor(), marks);
  return FeedReactor<Response>::Start(
      pump_,
      [this, edges = std::move(edges), written_at = pump_.Now(), cursor = request->cursor()](
          Timestamp now, Response& message) mutable {
        sync::StockEdges::Edges next;
        bool is_told = false;
        for (int look = 0; look < kLooksPerTurn && !is_told; ++look) {
          is_told = edges->Next(kLevelsPerLook, next);
          cursor = next.cursor;
          if (!next.more) break;
        }
        if (next.more) pump_.Kick();
        if (!is_told && now < written_at + kIdleNoteEvery) return false;
        std::ranges::sort(next.edges, {}, [](const auto& edge) { return edge.level.version; });
        for (const auto& edge : next.edges) ToProto(edge, engine_, *message.add_events());
        message.set_cursor(cursor);
        written_at = now;
        return true;
      },
      [this] { --streams_; });
}

}  // namespace stockd::rpc
