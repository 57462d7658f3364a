// Where the sample keeps everything.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "adapters/sdk/timestamp_text.h"

namespace stockd::sample {

// The folders below one directory.
class SampleDirectory {
 public:
  explicit SampleDirectory(const std::filesystem::path& top)
      : top_(std::filesystem::absolute(top).lexically_normal()) {}

  const std::filesystem::path& top() const { return top_; }
  std::filesystem::path config() const { return top_ / "config"; }
  // `system` is "erp", "pos" or "web".
  std::filesystem::path Drop(std::string_view system) const { return top_ / system / "drop"; }
  std::filesystem::path database() const { return top_ / "stockd/stockd.sqlite"; }
  std::filesystem::path backups() const { return top_ / "stockd/backups"; }

  // Makes them all.
  [[nodiscard]] absl::Status Create() const;

 private:
  friend struct SampleStory;
  friend class TradePosition;
  std::filesystem::path top_;
};

// What tells one sample from another.
struct SampleStory {
  uint64_t seed = 1;
  sdk::Timestamp began_at;  // Instant 0 of its World.

  // NOT_FOUND when there is no sample yet, INVALID_ARGUMENT when the file is not one of ours.
  [[nodiscard]] static absl::StatusOr<SampleStory> Load(const SampleDirectory& directory);
  [[nodiscard]] absl::Status Save(const SampleDirectory& directory) const;
};

// How far the trade has come: everything before this instant of the World is in the drop folders.
class TradePosition {
 public:
  // 0 when there was no trade yet.
  [[nodiscard]] static absl::StatusOr<int64_t> Load(const SampleDirectory& directory);
  [[nodiscard]] static absl::Status Save(const SampleDirectory& directory, int64_t position_ms);
};

}  // namespace stockd::sample
