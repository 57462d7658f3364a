#pragma once

#include <absl/container/flat_hash_map.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace stockd::http {

// A file that is part of the program. See stockd_assets() in .cmake/stockd_targets.cmake.
struct Asset {
  std::string_view path;  // "/index.html" answers "/" too, and the addresses of views.
  std::string_view content_type;
  std::string_view bytes;
};

// What browsers are shown, by path. Constant; thread-safe.
class AssetTable {
 public:
  explicit AssetTable(std::span<const Asset> assets);

  struct Entry {
    Asset asset;
    std::string etag;    // Weak, with its quotes: it stands for both forms.
    std::string zipped;  // By gzip; empty: that saves nothing.
  };
  // Null when there is none.
  const Entry* Find(std::string_view path) const;
  // What answers a browser that goes to `path`: the file, or for the address of a view, which the
  // page's own script understands, the index. A path whose last part has a dot is a file's.
  const Entry* FindPage(std::string_view path) const;

 private:
  absl::flat_hash_map<std::string, std::shared_ptr<const Entry>> entries_;
};

}  // namespace stockd::http
