#include "daemon/engine/mappings.h"

#include <algorithm>

namespace stockd::engine {
namespace {

// Forgets one code of a name.
template <typename Codes, typename Key>
void Erase(Codes& codes, const Key& key, std::string_view code) {
  const auto found = codes.find(key);
  if (found == codes.end()) return;
  std::erase(found->second, code);
  if (found->second.empty()) codes.erase(found);
}

// The source's first row behind the code. No code is empty.
template <typename Rows>
auto After(const Rows& rows, SourceId source, std::string_view code) {
  return rows.upper_bound({source, std::string(code)});
}

}  // namespace

std::optional<storage::SkuMapping> Mappings::FindSku(SourceId source, std::string_view code) const {
  const absl::ReaderMutexLock lock(&mutex_);
  for (const SourceId whose : {source, kNoSource}) {
    const auto found = skus_.find({whose, std::string(code)});
    if (found != skus_.end()) return found->second;
  }
  return std::nullopt;
}

LocationId Mappings::FindLocation(SourceId source, std::string_view code) const {
  const absl::ReaderMutexLock lock(&mutex_);
  for (const SourceId whose : {source, kNoSource}) {
    const auto found = locations_.find({whose, std::string(code)});
    if (found != locations_.end()) return found->second;
  }
  return kNoLocation;
}

std::vector<storage::SkuMapping> Mappings::SkusOf(SourceId source, ItemId item) const {
  const absl::ReaderMutexLock lock(&mutex_);
  std::vector<storage::SkuMapping> mappings;
  const auto found = item_codes_.find({source, item});
  if (found == item_codes_.end()) return mappings;
  for (const std::string& code : found->second) mappings.push_back(skus_.at({source, code}));
  std::ranges::sort(mappings, {}, &storage::SkuMapping::code);
  return mappings;
}

std::vector<std::string> Mappings::CodesOf(SourceId source, LocationId location) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto found = location_codes_.find({source, location});
  if (found == location_codes_.end()) return {};
  std::vector<std::string> codes = found->second;
  std::ranges::sort(codes);
  return codes;
}

std::vector<storage::SkuMapping> Mappings::SkusAfter(SourceId source, std::string_view code,
                                                     size_t limit) const {
  const absl::ReaderMutexLock lock(&mutex_);
  std::vector<storage::SkuMapping> mappings;
  for (auto at = After(skus_, source, code);
       at != skus_.end() && at->first.first == source && mappings.size() < limit; ++at) {
    mappings.push_back(at->second);
  }
  return mappings;
}

std::vector<storage::LocationMapping> Mappings::LocationsAfter(SourceId source,
                                                               std::string_view code,
                                                               size_t limit) const {
  const absl::ReaderMutexLock lock(&mutex_);
  std::vector<storage::LocationMapping> mappings;
  for (auto at = After(locations_, source, code);
       at != locations_.end() && at->first.first == source && mappings.size() < limit; ++at) {
    mappings.push_back(
        {.source = at->first.first, .code = at->first.second, .location = at->second});
  }
  return mappings;
}

void Mappings::Put(storage::SkuMapping mapping) {
  const absl::MutexLock lock(&mutex_);
  storage::SkuMapping& known = skus_[{mapping.source, mapping.code}];
  if (known.item != kNoItem) Erase(item_codes_, std::pair(known.source, known.item), known.code);
  item_codes_[{mapping.source, mapping.item}].push_back(mapping.code);
  known = std::move(mapping);
  FindSources();
}

void Mappings::Put(storage::LocationMapping mapping) {
  const absl::MutexLock lock(&mutex_);
  LocationId& known = locations_[{mapping.source, mapping.code}];
  if (known != kNoLocation) {
    Erase(location_codes_, std::pair(mapping.source, known), mapping.code);
  }
  location_codes_[{mapping.source, mapping.location}].push_back(mapping.code);
  known = mapping.location;
  FindSources();
}

bool Mappings::RemoveSku(SourceId source, std::string_view code) {
  const absl::MutexLock lock(&mutex_);
  const auto found = skus_.find({source, std::string(code)});
  if (found == skus_.end()) return false;
  Erase(item_codes_, std::pair(source, found->second.item), code);
  skus_.erase(found);
  FindSources();
  return true;
}

bool Mappings::RemoveLocation(SourceId source, std::string_view code) {
  const absl::MutexLock lock(&mutex_);
  const auto found = locations_.find({source, std::string(code)});
  if (found == locations_.end()) return false;
  Erase(location_codes_, std::pair(source, found->second), code);
  locations_.erase(found);
  FindSources();
  return true;
}

// Jumps from source to source: there are few of them, and may be many mappings.
void Mappings::FindSources() {
  uint64_t sources = 0;
  const auto add = [&sources](const auto& rows) {
    for (auto at = rows.begin(); at != rows.end();) {
      const SourceId source = at->first.first;
      sources |= BitOf(source);
      at = rows.lower_bound({SourceId{ToNumber(source) + 1}, std::string()});
    }
  };
  add(skus_);
  add(locations_);
  sources_.store(sources, std::memory_order_release);
}

}  // namespace stockd::engine
