// Reads the moves that were done in Tryton and tells them to stockd.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/sdk/adapter.h"
#include "adapters/tryton/move_facts.h"
#include "adapters/tryton/product_book.h"
#include "adapters/tryton/stock_places.h"
#include "adapters/tryton/tryton_client.h"
#include "adapters/tryton/tryton_state.h"

namespace stockd::tryton {

// Since the start of the process.
struct MoveCounts {
  int64_t told = 0;       // Facts.
  int64_t echoes = 0;     // Moves of the adapter's own documents.
  int64_t of_no_use = 0;  // Within one warehouse, or outside of all.
  int64_t set_aside = 0;  // Cannot be told; see TrytonState::set_aside().
};

// Looks for moves written since the newest one it knows, less `overlap`: a transaction shows its
// moves when it ends, with the instant at which it began. What was seen is known by its id, so a
// move that is written again later (a cost price) is not told twice. New ids are looked for
// whatever their instants, should the server's clock have been set back. For one thread.
class MoveReader {
 public:
  struct Options {
    std::chrono::seconds overlap{300};
    std::string key_prefix;  // Of the adapter's own documents.
  };

  // Client and state outlive it.
  MoveReader(Options options, TrytonClient* client, TrytonState* state)
      : options_(std::move(options)), client_(*client), state_(*state) {}

  // One look. Facts go to `adapter`, and are in its outbox when the cursor moves on. What Tryton or
  // the disk says; RESOURCE_EXHAUSTED when the outbox is full.
  [[nodiscard]] absl::Status Poll(const StockPlaces& places, const ProductBook::Products& products,
                                  sdk::Adapter& adapter);
  // Tries those again that were set aside.
  [[nodiscard]] absl::Status RetrySetAside(const StockPlaces& places,
                                           const ProductBook::Products& products,
                                           sdk::Adapter& adapter);

  // What has been done in Tryton so far: for the opening.
  struct Horizon {
    int64_t last_move = 0;            // The largest id, done or not.
    std::vector<int64_t> open_moves;  // Those up to it that are not done.
    std::optional<sdk::Timestamp> newest;
    friend bool operator==(const Horizon&, const Horizon&) = default;
  };
  [[nodiscard]] absl::StatusOr<Horizon> ReadHorizon();
  // Moves up to this id that are done and dated after today: Tryton's figures hold them from their
  // day on only.
  [[nodiscard]] absl::StatusOr<std::vector<int64_t>> FindDatedAhead(int64_t last_move);

  MoveCounts counts() const { return counts_; }

 private:
  absl::StatusOr<std::vector<int64_t>> FindNew(int64_t count_max, bool& is_complete);
  absl::Status TellAll(const std::vector<JsonValue>& records, const StockPlaces& places,
                       const ProductBook::Products& products, sdk::Adapter& adapter);

  absl::StatusOr<bool> IsOwn(const StockMove& move);

  const Options options_;
  TrytonClient& client_;
  TrytonState& state_;
  MoveCounts counts_;
};

}  // namespace stockd::tryton
