#pragma once

#include <absl/container/flat_hash_map.h>

#include <span>
#include <string>
#include <string_view>

namespace stockd::http {

// A file that is part of the program. See stockd_assets() in .cmake/stockd_targets.cmake.
struct Asset {
  std::string_view path;  // "/index.html" answers "/" too.
  std::string_view content_type;
  std::string_view bytes;
};

// What browsers are shown, by path. Constant; thread-safe.
class AssetTable {
 public:
  explicit AssetTable(std::span<const Asset> assets);

  struct Entry {
    Asset asset;
    std::string etag;  // With its quotes.
  };
  // Null when there is none.
  const Entry* Find(std::string_view path) const;

 private:
  absl::flat_hash_map<std::string, Entry> entries_;
};

}  // namespace stockd::http
