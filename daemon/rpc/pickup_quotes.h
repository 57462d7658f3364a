#pragma once

#include <absl/container/flat_hash_map.h>
#include <google/protobuf/repeated_ptr_field.h>
#include <grpcpp/support/status.h>

#include <optional>
#include <string>
#include <vector>

#include "daemon/engine/engine.h"
#include "daemon/storage/catalogue_rows.h"
#include "daemon/storage/reader.h"
#include "stockd/v1/order_picking.pb.h"

namespace stockd::rpc {

// Units of one item that are wanted together.
struct Need {
  ItemId item = kNoItem;
  Quantity quantity = 0;
};

// The lines of a cart with parts in the place of bundles, and lines of the same item added up. At
// most `lines_max` of them.
grpc::Status ParseCart(const google::protobuf::RepeatedPtrField<v1::CartLine>& lines,
                       size_t lines_max, const engine::Engine& engine, std::vector<Need>& needs);

// What is asked of every store.
struct QuoteWish {
  std::vector<Need> needs;
  ChannelId channel = kNoChannel;
  size_t slots_max = 0;           // To choose from; 0: the first only.
  std::optional<Timestamp> slot;  // Only this one.
  // Units that the basket holds already.
  absl::flat_hash_map<PositionKey, Quantity> held;
};

// The units that the reservation still claims. False when there is no such reservation. Throws
// storage::ReadError.
bool FindHeld(storage::Reader& reader, const std::string& reservation_id, Timestamp now,
              QuoteWish& wish);

// What the store can promise; all of the quote but the distance. From memory.
void QuoteAt(const engine::Engine& engine, const QuoteWish& wish, const storage::Location& store,
             v1::PickupQuote& quote);

// Stores in the order in which they are told.
struct NearStore {
  storage::Location location;
  double distance_m = 0;  // 0 when it is not known.
};

// Nearest first; those without a coordinate come last, and of the same distance by code. Without
// `near` as they are.
std::vector<NearStore> ByDistance(std::vector<storage::Location> stores,
                                  const std::optional<v1::Coordinate>& near);

// Quotes of the first stores, at most `limit`.
void QuoteNearest(const engine::Engine& engine, const QuoteWish& wish,
                  const std::vector<NearStore>& stores, bool possible_only, int limit,
                  google::protobuf::RepeatedPtrField<v1::PickupQuote>& quotes);

}  // namespace stockd::rpc
