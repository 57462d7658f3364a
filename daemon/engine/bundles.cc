#include "daemon/engine/bundles.h"

#include <algorithm>
#include <utility>

namespace stockd::engine {

Bundles::Parts Bundles::PartsOf(ItemId bundle) const {
  if (empty()) return {};
  const absl::ReaderMutexLock lock(&mutex_);
  const auto found = parts_.find(bundle);
  return found == parts_.end() ? Parts() : found->second;
}

bool Bundles::IsBundle(ItemId item) const {
  if (empty()) return false;
  const absl::ReaderMutexLock lock(&mutex_);
  return parts_.contains(item);
}

std::vector<ItemId> Bundles::BundlesWith(ItemId part) const {
  if (empty()) return {};
  const absl::ReaderMutexLock lock(&mutex_);
  const auto found = bundles_with_.find(part);
  return found == bundles_with_.end() ? std::vector<ItemId>() : found->second;
}

std::vector<ItemId> Bundles::All() const {
  const absl::ReaderMutexLock lock(&mutex_);
  std::vector<ItemId> bundles;
  bundles.reserve(parts_.size());
  for (const auto& [bundle, parts] : parts_) bundles.push_back(bundle);
  return bundles;
}

void Bundles::Put(ItemId bundle, Parts parts) {
  const absl::MutexLock lock(&mutex_);
  if (const auto known = parts_.find(bundle); known != parts_.end()) {
    for (const storage::BundlePart& part : known->second) {
      const auto with = bundles_with_.find(part.item);
      std::erase(with->second, bundle);
      if (with->second.empty()) bundles_with_.erase(with);
    }
    parts_.erase(known);
  }
  if (!parts.empty()) {
    std::ranges::sort(parts, {}, &storage::BundlePart::item);
    for (const storage::BundlePart& part : parts) bundles_with_[part.item].push_back(bundle);
    parts_[bundle] = std::move(parts);
  }
  count_.store(parts_.size(), std::memory_order_release);
}

void Bundles::AddPart(ItemId bundle, storage::BundlePart part) {
  Parts parts = PartsOf(bundle);
  parts.push_back(part);
  Put(bundle, std::move(parts));
}

}  // namespace stockd::engine
