#include "daemon/rpc/pickup_quotes.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "daemon/engine/levels.h"
#include "daemon/fulfilment/pick_slots.h"
#include "daemon/rpc/distance.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/order_status.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

using ledger::Reason;

// Adds the units to those of the same item. False when they become too many.
bool AddNeed(std::vector<Need>& needs, absl::flat_hash_map<ItemId, size_t>& places, ItemId item,
             Quantity quantity) {
  const auto [at, is_new] = places.try_emplace(item, needs.size());
  if (is_new) needs.push_back({.item = item});
  Quantity& sum = needs[at->second].quantity;
  sum += quantity;
  return sum <= kQuantityMax;
}

// Items that the store has too little of. Whether it carries all of them goes to `ranged`.
void FindLacking(const engine::Engine& engine, const QuoteWish& wish, LocationId store,
                 bool& ranged, v1::PickupQuote& quote) {
  const Timestamp now = engine.Now();
  ranged = true;
  for (const Need& need : wish.needs) {
    const PositionKey key{.item = need.item, .location = store};
    const engine::Level level = engine::LevelOf(engine, key, wish.channel, now);
    const auto held = wish.held.find(key);
    const Quantity available =
        std::max<Quantity>(0, level.available) + (held == wish.held.end() ? 0 : held->second);
    if (available >= need.quantity) continue;
    ranged = ranged && level.ranged;
    v1::LackingItem& lacking = *quote.add_lacking();
    lacking.set_sku(engine.catalogue().Sku(need.item));
    lacking.set_wanted(need.quantity);
    lacking.set_available(available);
  }
}

void ToProto(const fulfilment::Quote& quote, v1::PickupSlot& proto) {
  rpc::ToProto(quote.slot.start, *proto.mutable_slot_time());
  rpc::ToProto(quote.ready_at, *proto.mutable_ready_time());
  rpc::ToProto(quote.pickup_deadline, *proto.mutable_keep_until_time());
}

// When the store can have it ready. Returns why not.
v1::PickupObstacle FindSlots(const engine::Engine& engine, const QuoteWish& wish, LocationId store,
                             v1::PickupQuote& proto) {
  const Timestamp now = engine.Now();
  const auto hours = engine.catalogue().OpenTimeOf(store);
  const auto booked = [&](const fulfilment::PickSlot& slot) {
    return engine.booked_picks().Count(store, slot);
  };
  const fulfilment::Quote first = wish.slot ? fulfilment::QuoteSlot(*hours, *wish.slot, now, booked)
                                            : fulfilment::QuotePromise(*hours, now, booked);
  if (first.obstacle != fulfilment::PickupObstacle::kNone) return rpc::ToProto(first.obstacle);
  ToProto(first, *proto.mutable_slot());
  if (wish.slots_max == 0 || wish.slot) return v1::PICKUP_OBSTACLE_UNSPECIFIED;
  for (const fulfilment::PickSlot& slot :
       fulfilment::FreeSlots(*hours, now, booked, wish.slots_max)) {
    const fulfilment::Quote quote = fulfilment::QuoteSlot(*hours, slot.start, now, booked);
    if (quote.obstacle == fulfilment::PickupObstacle::kNone) ToProto(quote, *proto.add_slots());
  }
  return v1::PICKUP_OBSTACLE_UNSPECIFIED;
}

v1::PickupObstacle FindObstacle(const engine::Engine& engine, const QuoteWish& wish,
                                const storage::Location& store, v1::PickupQuote& quote) {
  if (!store.collects) return v1::PICKUP_OBSTACLE_NOT_COLLECTING;
  if (!engine.catalogue().SellsFrom(wish.channel, store.id)) {
    return v1::PICKUP_OBSTACLE_NOT_IN_CHANNEL;
  }
  bool ranged = true;
  FindLacking(engine, wish, store.id, ranged, quote);
  if (!ranged) return v1::PICKUP_OBSTACLE_NOT_RANGED;
  if (!quote.lacking().empty()) return v1::PICKUP_OBSTACLE_NO_STOCK;
  return FindSlots(engine, wish, store.id, quote);
}

}  // namespace

grpc::Status ParseCart(const google::protobuf::RepeatedPtrField<v1::CartLine>& lines,
                       size_t lines_max, const engine::Engine& engine, std::vector<Need>& needs) {
  const auto refuse = [&engine](Reason reason, std::string_view field, Quantity requested) {
    return ToStatus(ledger::Refusal{.reason = reason, .requested = requested, .field = field},
                    engine.catalogue());
  };
  if (lines.empty() || static_cast<size_t>(lines.size()) > lines_max) {
    return refuse(Reason::kTooManyLines, "lines", lines.size());
  }
  absl::flat_hash_map<ItemId, size_t> places;
  for (const v1::CartLine& line : lines) {
    ItemId item = kNoItem;
    if (auto status = FindItem(line.sku(), engine.catalogue(), item); !status.ok()) return status;
    if (line.quantity() < 1 || line.quantity() > kQuantityMax) {
      return refuse(Reason::kQuantityOutOfRange, "lines.quantity", line.quantity());
    }
    engine::Bundles::Parts parts = engine.bundles().PartsOf(item);
    if (parts.empty()) parts.push_back({.item = item, .quantity = 1});
    for (const storage::BundlePart& part : parts) {
      const Quantity units = line.quantity() * part.quantity;  // At most 10^18.
      if (units > kQuantityMax || !AddNeed(needs, places, part.item, units)) {
        return refuse(Reason::kQuantityOutOfRange, "lines.quantity", line.quantity());
      }
    }
  }
  return needs.size() <= lines_max
             ? grpc::Status::OK
             : refuse(Reason::kTooManyLines, "lines", static_cast<Quantity>(needs.size()));
}

bool FindHeld(storage::Reader& reader, const std::string& reservation_id, Timestamp now,
              QuoteWish& wish) {
  const auto reservation = reader.FindReservation(reservation_id);
  if (!reservation) return false;
  for (const ledger::ReservationLine& line : reservation->lines) {
    const Quantity held = now < reservation->expires_at ? line.held : 0;
    wish.held[line.position] += held + line.committed;
  }
  return true;
}

void QuoteAt(const engine::Engine& engine, const QuoteWish& wish, const storage::Location& store,
             v1::PickupQuote& quote) {
  quote.set_location(store.code);
  quote.set_obstacle(FindObstacle(engine, wish, store, quote));
  quote.set_possible(quote.obstacle() == v1::PICKUP_OBSTACLE_UNSPECIFIED);
}

std::vector<NearStore> ByDistance(std::vector<storage::Location> stores,
                                  const std::optional<v1::Coordinate>& near) {
  std::vector<NearStore> sorted;
  for (storage::Location& store : stores) {
    const double distance = near && store.has_coordinate ? Distance(*near, store) : 0;
    sorted.push_back({.location = std::move(store), .distance_m = distance});
  }
  if (!near) return sorted;
  std::ranges::sort(sorted, {}, [](const NearStore& store) {
    return std::tuple(!store.location.has_coordinate, store.distance_m,
                      std::string_view(store.location.code));
  });
  return sorted;
}

void QuoteNearest(const engine::Engine& engine, const QuoteWish& wish,
                  const std::vector<NearStore>& stores, bool possible_only, int limit,
                  google::protobuf::RepeatedPtrField<v1::PickupQuote>& quotes) {
  for (const NearStore& store : stores) {
    if (quotes.size() >= limit) return;
    v1::PickupQuote quote;
    QuoteAt(engine, wish, store.location, quote);
    if (possible_only && !quote.possible()) continue;
    quote.set_distance_m(store.distance_m);
    *quotes.Add() = std::move(quote);
  }
}

}  // namespace stockd::rpc
