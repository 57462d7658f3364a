// The levels that were told, as a table in memory.
#pragma once

#include <absl/container/btree_map.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "stockd/v1/adapter_service.pb.h"

namespace stockd::files {

// One row for each position, ordered by SKU and location. Memory: about 120 bytes each with ids of
// up to 15 bytes. For one thread.
class LevelTable {
 public:
  explicit LevelTable(int64_t positions_max) : positions_max_(positions_max) {}

  // Takes a level unless a newer one is known: true when something changed.
  //   RESOURCE_EXHAUSTED   one position more than the limit.
  [[nodiscard]] absl::StatusOr<bool> Apply(const v1::Level& level);

  // All levels are told anew: until EndResync(), a level counts whatever its version, and
  // EndResync() removes positions that were not told again; true when there were any.
  void BeginResync();
  bool EndResync();

  size_t size() const { return rows_.size(); }

  // Calls `write` with pieces of the table as CSV, with a header row:
  // sku,location,on_hand,available,version.
  template <typename Write>
  absl::Status WriteCsv(const Write& write) const {
    std::string text = HeaderRow();
    for (const auto& [key, row] : rows_) {
      AppendRow(text, key, row);
      if (text.size() < kPieceBytes) continue;
      if (absl::Status status = write(text); !status.ok()) return status;
      text.clear();
    }
    return write(text);
  }

 private:
  static constexpr size_t kPieceBytes = size_t{256} * 1024;

  struct Key {
    std::string sku;
    std::string location;
    auto operator<=>(const Key&) const = default;
  };
  struct Row {
    int64_t on_hand = 0;
    int64_t available = 0;
    uint64_t version = 0;
    bool is_current = true;  // Told since the last BeginResync().
  };

  static std::string HeaderRow();
  static void AppendRow(std::string& text, const Key& key, const Row& row);

  int64_t positions_max_;
  absl::btree_map<Key, Row> rows_;
};

}  // namespace stockd::files
