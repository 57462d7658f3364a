// Event ids for rows that carry none.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/content_hash.h"

namespace stockd::files {

// Names a row by what it says: "<journal>/<hash of the fields>/<n>", where n counts rows of the
// very same content within the file, from 1. So a file that is delivered again under another name
// of the same journal, or a journal that is delivered again with more rows at its end, gives the
// same names for the same rows.
//
// What it cannot tell apart: equal rows (same item, quantity, second ...) in two different files of
// one journal; the second one is taken for a repetition. Sources that do this need an id column.
//
// Memory: 20 to 40 bytes for each different row of the file. For one thread.
class RowIdentity {
 public:
  explicit RowIdentity(std::string journal) : journal_(std::move(journal)) {}

  // Must see every readable row of the file once, in order.
  [[nodiscard]] std::string NameNext(const std::vector<std::string_view>& row);

 private:
  std::string journal_;
  sdk::ContentHash hash_;
  absl::flat_hash_map<uint64_t, uint32_t> occurrences_;
};

}  // namespace stockd::files
