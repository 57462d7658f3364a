// What a stock move of Tryton tells.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sdk/timestamp_text.h"
#include "adapters/tryton/product_book.h"
#include "adapters/tryton/row.h"
#include "adapters/tryton/stock_places.h"
#include "stockd/v1/types.pb.h"

namespace stockd::tryton {

// A move that is done.
struct StockMove {
  int64_t id = 0;
  int64_t product = 0;
  std::string product_code;
  std::string quantity;  // In the product's own unit, as Tryton's levels are.
  int64_t from = 0;
  int64_t to = 0;
  sdk::Timestamp booked_at;  // When Tryton last wrote it.
  std::string shipment;      // "stock.shipment.out,17"; empty: none.
  std::string origin;        // "stock.inventory.line,3"; empty: none.
};

// The fields that ReadMove() needs of stock.move.
[[nodiscard]] const std::vector<std::string>& MoveFields();
// DATA_LOSS: not as expected.
[[nodiscard]] absl::StatusOr<StockMove> ReadMove(const JsonValue& record);

// What became of a move.
struct MoveTelling {
  std::vector<v1::Fact> facts;  // None: it stayed inside one warehouse, or outside of all.
  // Not empty: it cannot be told; why.
  std::string set_aside;
};

// A sale (to a customer), a receipt (from a supplier), a return, an adjustment (from or to lost and
// found, production and the like; back to a supplier), or a transfer, at each warehouse that units
// entered or left. Moves between the zones of one warehouse tell nothing, so that a shipment of
// several steps counts once.
//
// It occurred when Tryton booked it, and after `not_before`: a transaction that began before the
// opening levels were read and ended afterwards carries an older instant. Tryton's own effective
// date is a day without a time, and may be any day.
[[nodiscard]] MoveTelling TellMove(const StockMove& move, const StockPlaces& places,
                                   const ProductBook::Products& products,
                                   sdk::Timestamp not_before);

}  // namespace stockd::tryton
