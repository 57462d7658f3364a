// How many decimals each item's smallest unit carries.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "adapters/sdk/backoff.h"
#include "adapters/sdk/catalogue_client.h"
#include "adapters/sdk/clock.h"

namespace stockd::sdk {

// For one thread.
class ItemScales {
 public:
  // `fallback` is the scale of items that are not known.
  explicit ItemScales(int fallback) : fallback_(fallback) {}

  // Asks the daemon for all items, unless that was done within the last minute; keeps those that
  // differ from the fallback. Repeats until it answers. CANCELLED when `stop` is requested; else
  // what the daemon refuses with.
  [[nodiscard]] absl::Status Refresh(CatalogueClient& catalogue, Backoff::Options pauses,
                                     const std::stop_token& stop);

  void Set(const std::string& sku, int scale);
  int ScaleOf(std::string_view sku) const;

 private:
  int fallback_;
  absl::flat_hash_map<std::string, int> scales_;
  std::optional<SteadyTime> loaded_at_;
};

}  // namespace stockd::sdk
