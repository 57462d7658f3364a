#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/node_hash_map.h>
#include <absl/synchronization/mutex.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ledger/supply.h"

namespace stockd::engine {

// Announced supply that has not arrived, in memory. Thread-safe; the writer thread is the only one
// that changes it.
class SupplyBook {
 public:
  std::optional<ledger::Supply> Find(std::string_view id) const;
  // Supply with quantity 0 is forgotten.
  void Put(const ledger::Supply& supply);
  std::vector<ledger::Supply> At(PositionKey key) const;
  // Units announced for the position, whatever their date.
  Quantity Incoming(PositionKey key) const;

 private:
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, ledger::Supply> by_id_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<PositionKey, std::vector<std::string>> ids_at_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::engine
