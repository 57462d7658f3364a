#include "daemon/http/assets.h"

#include <absl/strings/escaping.h>
#include <openssl/sha.h>

#include <utility>

#include "daemon/http/gzip.h"

namespace stockd::http {
namespace {

constexpr std::string_view kIndex = "/index.html";
constexpr size_t kTagBytes = 12;

std::string TagOf(std::string_view bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  return "W/\"" +
         absl::WebSafeBase64Escape(
             absl::string_view(reinterpret_cast<const char*>(digest), kTagBytes)) +
         "\"";
}

// Pictures and fonts are packed already.
bool IsWorthPacking(const Asset& asset) {
  return asset.content_type.starts_with("text/") || asset.content_type.ends_with("json") ||
         asset.content_type == "image/svg+xml";
}

AssetTable::Entry MakeEntry(const Asset& asset) {
  AssetTable::Entry entry{.asset = asset, .etag = TagOf(asset.bytes)};
  if (!IsWorthPacking(asset)) return entry;
  Zip(asset.bytes, entry.zipped, Zipping::kSmall);
  if (entry.zipped.size() >= asset.bytes.size()) entry.zipped.clear();
  return entry;
}

}  // namespace

AssetTable::AssetTable(std::span<const Asset> assets) {
  for (const Asset& asset : assets) {
    const auto entry = std::make_shared<const Entry>(MakeEntry(asset));
    if (asset.path == kIndex) entries_.emplace("/", entry);
    entries_.emplace(std::string(asset.path), entry);
  }
}

const AssetTable::Entry* AssetTable::Find(std::string_view path) const {
  const auto found = entries_.find(absl::string_view(path.data(), path.size()));
  return found == entries_.end() ? nullptr : found->second.get();
}

const AssetTable::Entry* AssetTable::FindPage(std::string_view path) const {
  if (const Entry* entry = Find(path)) return entry;
  const bool is_file = path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos;
  return is_file ? nullptr : Find(kIndex);
}

}  // namespace stockd::http
