#pragma once

#include "daemon/engine/catalogue.h"
#include "daemon/storage/reader.h"
#include "stockd/v1/order_picking.pb.h"

namespace stockd::rpc {

// What a location has to do. Both look at its oldest 1000 open orders of each kind at most, and
// throw storage::ReadError.

// The units still to pick of the `orders_max` orders that are promised first, in the order of the
// shelves.
void FillPicks(storage::Reader& reader, const engine::Catalogue& catalogue, LocationId location,
               bool placed_only, int orders_max, v1::ListPicksResponse& response);

// What it keeps for customers at `now`, those at the counter first.
void FillHoldings(storage::Reader& reader, const engine::Catalogue& catalogue, Timestamp now,
                  LocationId location, bool at_counter_only, const std::string& customer_reference,
                  int limit, v1::ListHoldingsResponse& response);

}  // namespace stockd::rpc
