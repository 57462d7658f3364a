// Takes stockd's levels as the sign that something happened at a position, and books it in Tryton.
#pragma once

#include <absl/status/status.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

#include "adapters/sdk/adapter.h"
#include "adapters/sdk/backoff.h"
#include "adapters/sdk/journal_client.h"
#include "adapters/tryton/document_writer.h"
#include "adapters/tryton/product_book.h"
#include "adapters/tryton/stock_places.h"
#include "adapters/tryton/tryton_state.h"

namespace stockd::tryton {

// The level itself is not written: a position's journal says what moved since the last booking, and
// what Tryton did not tell becomes a document there, one for each kind. While Tryton or the daemon
// is away, Take() waits; what a person must mend is refused with its reason, and tried again when
// the position changes or somebody asks (`stockctl`, RetryLevels).
class LevelBooker final : public sdk::LevelTarget {
 public:
  struct Options {
    std::string source;
    std::string key_prefix;
    sdk::Backoff::Options retry;
  };

  // All outlive it. `report_trouble` tells the daemon what is wrong; empty: nothing any more.
  LevelBooker(Options options, sdk::JournalClient* journal, TrytonState* state,
              DocumentWriter* writer, const ProductBook* products, std::stop_token stop,
              std::function<void(std::string_view)> report_trouble);

  // Catalogue and opening are known from now on: Take() waits for this.
  void Begin(std::shared_ptr<const StockPlaces> places);

  sdk::LevelAnswer Take(const v1::Level& level) override;

  int64_t booked() const { return booked_; }

 private:
  std::shared_ptr<const StockPlaces> WaitForPlaces();
  absl::Status BookAll(const v1::Level& level, const Product& product, const Warehouse& warehouse,
                       const StockPlaces& places);

  const Options options_;
  sdk::JournalClient& journal_;
  TrytonState& state_;
  DocumentWriter& writer_;
  const ProductBook& products_;
  const std::stop_token stop_;
  const std::function<void(std::string_view)> report_trouble_;
  std::atomic<int64_t> booked_{0};

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::shared_ptr<const StockPlaces> places_;
};

}  // namespace stockd::tryton
