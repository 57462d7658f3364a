// The adapter's configuration. config/adapters/poslog.toml explains every key.
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/backoff.h"
#include "adapters/sdk/daemon_channel.h"

namespace stockd::poslog {

// What VoidFlag="true" at a line means; vendors differ.
enum class VoidRule {
  kAuto,      // A negative quantity as NCR, a link to another line as Wincor; else set aside.
  kNegative,  // NCR: a line of its own with a negative quantity takes an earlier one back.
  kPositive,  // Wincor: a line of its own with a positive quantity takes an earlier one back.
  kMarked,    // The line itself does not count; no other takes it back.
};

// How far the numbers of a till reach.
enum class SequenceRule {
  kDaily,       // They begin anew each business day.
  kContinuous,  // They go on from day to day.
  kNone,        // They are not followed.
};

struct MappingRules {
  VoidRule voids = VoidRule::kAuto;
  SequenceRule sequences = SequenceRule::kDaily;
  bool uses_pos_item_id = false;  // Else ItemID, and where that is missing POSItemID.
  bool uses_units = false;        // The attribute Units is the quantity, where there is one.
  std::vector<std::string> item_types = {"Stock"};
  std::vector<std::string> statuses_skipped = {"Suspended", "SuspendedDeleted", "Voided", "Failed"};
  std::string channel;
  std::string currency;  // Where the file names none.
  char decimal_separator = '.';
  std::string time_zone;
};

// One store where it differs.
struct StoreRules {
  std::string location;   // Empty: the store's own id.
  std::string time_zone;  // Empty: as for all.
};

struct UploadOptions {
  std::string listen;  // host:port; empty: no HTTP.
  std::string token;   // What callers must bring.
  int64_t body_bytes_max = int64_t{1} << 30;
  int64_t connections_max = 16;
  int64_t files_waiting_max = 1000;
  std::chrono::seconds idle_timeout{30};
};

struct PoslogConfig {
  std::string source;
  std::filesystem::path drop_directory;
  std::filesystem::path state_file;
  std::chrono::milliseconds poll_interval{1000};
  std::chrono::seconds health_interval{60};
  std::string log_level = "info";
  size_t transaction_bytes_max = size_t{4} << 20;

  sdk::ChannelOptions daemon;
  sdk::Backoff::Options retry;
  std::chrono::milliseconds answer_timeout{60'000};

  MappingRules mapping;
  int scale = 0;                  // Decimals of an item whose scale is not known otherwise.
  bool scale_from_items = false;  // Ask the daemon for the items' scales.
  std::map<std::string, StoreRules, std::less<>> stores;
  UploadOptions upload;
};

// Reads and checks everything; paths that are not absolute are meant from the configuration file's
// folder. INVALID_ARGUMENT with all problems, one a line; NOT_FOUND and the like when the file
// cannot be read.
[[nodiscard]] absl::StatusOr<PoslogConfig> LoadPoslogConfig(const std::filesystem::path& path);

// The same from text. `folder` is what relative paths are meant from.
[[nodiscard]] absl::StatusOr<PoslogConfig> ParsePoslogConfig(std::string_view text,
                                                             std::string_view name,
                                                             const std::filesystem::path& folder);

}  // namespace stockd::poslog
