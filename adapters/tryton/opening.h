// Makes stockd's levels the same as Tryton's, once, at the beginning.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <stop_token>

#include "adapters/sdk/adapter.h"
#include "adapters/sdk/journal_client.h"
#include "adapters/tryton/move_reader.h"
#include "adapters/tryton/product_book.h"
#include "adapters/tryton/stock_levels.h"
#include "adapters/tryton/stock_places.h"
#include "adapters/tryton/tryton_client.h"
#include "adapters/tryton/tryton_state.h"

namespace stockd::tryton {

// Figures, and the moves that are in them.
struct SettledStock {
  StockReading reading;
  MoveReader::Horizon horizon;
};

// Reads all figures while Tryton goes on moving: what moved during the reading is read again until
// nothing did. UNAVAILABLE: it never held still; what Tryton says.
[[nodiscard]] absl::StatusOr<SettledStock> ReadSettledStock(TrytonClient& client, MoveReader& moves,
                                                            const StockPlaces& places,
                                                            const ProductBook::Products& products);

// Sends the figures as a snapshot and remembers which moves they hold. Begun anew after a crash.
// A figure below 0, which a snapshot cannot say, is sent as 0 and an adjustment right after it.
[[nodiscard]] absl::Status OpenStock(TrytonClient& client, MoveReader& moves, TrytonState& state,
                                     sdk::JournalClient& journal, sdk::Adapter& adapter,
                                     const StockPlaces& places,
                                     const ProductBook::Products& products, std::stop_token stop);

}  // namespace stockd::tryton
