#include "adapters/files/level_table.h"

#include <fmt/format.h>

#include "adapters/sdk/csv_writer.h"

namespace stockd::files {

absl::StatusOr<bool> LevelTable::Apply(const v1::Level& level) {
  const auto [found, is_new] =
      rows_.try_emplace({.sku = level.sku(), .location = level.location()});
  if (is_new && static_cast<int64_t>(rows_.size()) > positions_max_) {
    rows_.erase(found);
    return absl::ResourceExhaustedError(
        fmt::format("more than {} positions; raise level_positions_max if there is memory for "
                    "about 120 bytes each",
                    positions_max_));
  }
  Row& row = found->second;
  const Row told{
      .on_hand = level.on_hand(), .available = level.available(), .version = level.version()};
  const bool is_known = !is_new && row.is_current && row.version >= told.version;
  if (is_known) return false;
  const bool is_same = !is_new && row.on_hand == told.on_hand && row.available == told.available &&
                       row.version == told.version;
  row = told;
  return !is_same;
}

void LevelTable::BeginResync() {
  for (auto& [key, row] : rows_) row.is_current = false;
}

bool LevelTable::EndResync() {
  bool has_removed = false;
  for (auto row = rows_.begin(); row != rows_.end();) {
    if (row->second.is_current) {
      ++row;
    } else {
      row = rows_.erase(row);
      has_removed = true;
    }
  }
  return has_removed;
}

std::string LevelTable::HeaderRow() {
  std::string text;
  sdk::AppendCsvRow(text, {"sku", "location", "on_hand", "available", "version"});
  return text;
}

void LevelTable::AppendRow(std::string& text, const Key& key, const Row& row) {
  sdk::AppendCsvField(text, key.sku);
  text += ',';
  sdk::AppendCsvField(text, key.location);
  fmt::format_to(std::back_inserter(text), ",{},{},{}\n", row.on_hand, row.available, row.version);
}

}  // namespace stockd::files
