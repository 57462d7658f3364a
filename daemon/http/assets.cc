#include "daemon/http/assets.h"

#include <absl/strings/escaping.h>
#include <openssl/sha.h>

namespace stockd::http {
namespace {

constexpr std::string_view kIndex = "/index.html";
constexpr size_t kTagBytes = 12;

std::string TagOf(std::string_view bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  return "\"" +
         absl::WebSafeBase64Escape(
             absl::string_view(reinterpret_cast<const char*>(digest), kTagBytes)) +
         "\"";
}

}  // namespace

AssetTable::AssetTable(std::span<const Asset> assets) {
  for (const Asset& asset : assets) {
    const Entry entry{.asset = asset, .etag = TagOf(asset.bytes)};
    if (asset.path == kIndex) entries_.emplace("/", entry);
    entries_.emplace(std::string(asset.path), entry);
  }
}

const AssetTable::Entry* AssetTable::Find(std::string_view path) const {
  const auto found = entries_.find(absl::string_view(path.data(), path.size()));
  return found == entries_.end() ? nullptr : &found->second;
}

}  // namespace stockd::http
