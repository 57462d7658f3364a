#pragma once

#include <absl/container/flat_hash_set.h>
#include <absl/container/node_hash_map.h>

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/engine/engine.h"
#include "daemon/fulfilment/order_event.h"
#include "daemon/storage/reader.h"
#include "daemon/sync/level_cursor.h"
#include "daemon/sync/source_rules.h"

namespace stockd::sync {

// The names of an order, its lines and its fulfilments, which grow in number but never change: what
// a reader of events is told with each of them.
struct OrderNames {
  std::string id;
  ChannelId channel = kNoChannel;
  std::string customer_reference;
  struct Place {
    int fulfilment = 0;
    LocationId location = kNoLocation;
    LocationId destination = kNoLocation;
  };
  std::vector<Place> places;
  std::vector<std::string> lines;  // Their ids.
};

OrderNames NamesOf(const fulfilment::Order& order);

// The names of the orders that were last asked for, from the database. Thread-compatible.
class OrderNamesCache {
 public:
  explicit OrderNamesCache(storage::Reader& reader) : reader_(reader) {}

  // The names of the event's order, with all that it refers to; null when the order cannot be
  // found, which only a damaged database brings. Valid until Shrink(). Throws storage::ReadError.
  const OrderNames* Of(const fulfilment::OrderEvent& event);
  // Forgets what was asked for when that is much.
  void Shrink();

 private:
  storage::Reader& reader_;
  absl::node_hash_map<uint64_t, OrderNames> by_number_;
};

// Which events a reader wants: those that fit every part that is set.
struct OrderScope {
  absl::flat_hash_set<LocationId> locations;  // Empty: all.
  ChannelId channel = kNoChannel;
  uint64_t kinds = 0;         // Bit n: kind n is wanted; 0: all are.
  uint64_t order_number = 0;  // 0: all orders.

  // Whether an order with a fulfilment at these places is wanted; 0: any of its fulfilments.
  bool Contains(const OrderNames& order, int fulfilment) const;
  bool Contains(const fulfilment::OrderEvent& event, const OrderNames& order) const;
};

// The orders that a source is told of: those at its locations (none: all), without those that a
// rule closes to it.
OrderScope OrderScopeOf(const engine::Catalogue& catalogue, const FeedScope& configured,
                        const SourceRights& rights);

// Where one reader of order events stands. It asks for the next events when it is ready for them:
// the newest come from memory, older ones from the database, so that a slow reader costs nothing
// and misses nothing. Thread-compatible.
class OrderFeed {
 public:
  // Events above `cursor`.
  OrderFeed(engine::Engine& engine, storage::Reader& reader, uint64_t cursor)
      : engine_(engine), reader_(reader), cursor_(cursor), names_(reader) {}

  // An event with the order it is about.
  struct Told {
    fulfilment::OrderEvent event;
    const OrderNames* order = nullptr;  // Valid until the next call.
  };
  // Looks at most at `look_max` events, and appends those that are wanted, at most `told_max`, to
  // `told`. Returns whether there may be more. Throws storage::ReadError.
  bool Next(const OrderScope& scope, size_t look_max, size_t told_max, std::vector<Told>& told);

  // Every event up to here was told or passed over.
  uint64_t cursor() const { return cursor_; }

 private:
  std::vector<fulfilment::OrderEvent> Read(size_t limit);

  engine::Engine& engine_;
  storage::Reader& reader_;
  uint64_t cursor_;
  OrderNamesCache names_;
};

}  // namespace stockd::sync
