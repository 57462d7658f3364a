#pragma once

#include <absl/container/btree_map.h>
#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/mutex.h>

#include <atomic>
#include <vector>

#include "daemon/storage/mapping_rows.h"

namespace stockd::engine {

// Items that are made of others, in memory. A part is never a bundle itself. Thread-safe; the
// writer thread is the only one that changes it. Without bundles each question costs one look at an
// atomic flag.
class Bundles {
 public:
  using Parts = std::vector<storage::BundlePart>;

  bool empty() const { return count_.load(std::memory_order_acquire) == 0; }
  // By item number; empty: the item is no bundle.
  Parts PartsOf(ItemId bundle) const;
  bool IsBundle(ItemId item) const;
  // The bundles that the item is a part of.
  std::vector<ItemId> BundlesWith(ItemId part) const;
  // Every bundle.
  std::vector<ItemId> All() const;

  // Changes, by the writer thread. No parts: it is no bundle any more.
  void Put(ItemId bundle, Parts parts);
  void AddPart(ItemId bundle, storage::BundlePart part);

 private:
  std::atomic<size_t> count_{0};
  mutable absl::Mutex mutex_;
  absl::btree_map<ItemId, Parts> parts_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<ItemId, std::vector<ItemId>> bundles_with_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::engine
