#pragma once

#include <absl/container/btree_map.h>
#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/mutex.h>

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/engine/catalogue.h"
#include "daemon/storage/mapping_rows.h"

namespace stockd::engine {

// What the sources call our items and locations, in memory. Thread-safe; the writer thread is the
// only one that changes it. A source that has no mappings costs one look at an atomic number.
class Mappings {
 public:
  // Whether a mapping may exist that concerns the source. Rarely true without one, never false with
  // one.
  bool Concern(SourceId source) const {
    return (sources_.load(std::memory_order_acquire) & BitOf(source)) != 0;
  }

  // The source's own mapping of the code, else the one of every source.
  std::optional<storage::SkuMapping> FindSku(SourceId source, std::string_view code) const;
  // kNoLocation when there is none.
  LocationId FindLocation(SourceId source, std::string_view code) const;

  // What the source itself calls the item or location, by code; those of every source, which are
  // names of the past, are left out.
  std::vector<storage::SkuMapping> SkusOf(SourceId source, ItemId item) const;
  std::vector<std::string> CodesOf(SourceId source, LocationId location) const;

  // Those of one source, or of every source, with codes after this one, by code; at most `limit`.
  std::vector<storage::SkuMapping> SkusAfter(SourceId source, std::string_view code,
                                             size_t limit) const;
  std::vector<storage::LocationMapping> LocationsAfter(SourceId source, std::string_view code,
                                                       size_t limit) const;

  // Changes, by the writer thread.
  void Put(storage::SkuMapping mapping);
  void Put(storage::LocationMapping mapping);
  // False when there was none.
  bool RemoveSku(SourceId source, std::string_view code);
  bool RemoveLocation(SourceId source, std::string_view code);

 private:
  using Key = std::pair<SourceId, std::string>;

  // Of 64 sources, each has a bit of its own. A mapping of every source sets all bits.
  static uint64_t BitOf(SourceId source) {
    return source == kNoSource ? ~uint64_t{0} : uint64_t{1} << (ToNumber(source) % 64);
  }
  void FindSources() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::atomic<uint64_t> sources_{0};
  mutable absl::Mutex mutex_;
  absl::btree_map<Key, storage::SkuMapping> skus_ ABSL_GUARDED_BY(mutex_);
  absl::btree_map<Key, LocationId> locations_ ABSL_GUARDED_BY(mutex_);
  // The codes of each source's items and locations, in no order.
  absl::flat_hash_map<std::pair<SourceId, ItemId>, std::vector<std::string>> item_codes_
      ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::pair<SourceId, LocationId>, std::vector<std::string>> location_codes_
      ABSL_GUARDED_BY(mutex_);
};

// What a source's names are looked up in.
struct Names {
  const Catalogue& catalogue;
  const Mappings& mappings;
};

}  // namespace stockd::engine
