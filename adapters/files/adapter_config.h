// The adapter's configuration. config/adapters/*.toml explains every key.
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/files/file_kind.h"
#include "adapters/sdk/backoff.h"
#include "adapters/sdk/daemon_channel.h"

namespace stockd::files {

// How the columns of one kind of file become fields.
struct TableMapping {
  std::string prefix;  // ERP and quotas: files whose names begin like this are of this kind.
  // Field to column; only event_id may have several. A field without an entry takes the column of
  // its own name.
  std::map<std::string, std::vector<std::string>, std::less<>> columns;
  // Field to the value it has where no column gives one.
  std::map<std::string, std::string, std::less<>> constants;
  // Value of the field `kind` to a kind of fact, or "skip".
  std::map<std::string, std::string, std::less<>> kinds;
  // Column to values whose rows are left out.
  std::map<std::string, std::vector<std::string>, std::less<>> skip;
};

// What a negative quantity in a sale or return means.
enum class NegativeQuantity {
  kReject,    // Nothing: the row is set aside.
  kReturn,    // A negative sale is a return; a return may be written with either sign.
  kAbsolute,  // Nothing: the kind says all, the sign is ignored.
};

struct QuantityRules {
  int scale = 0;                  // Decimals of an item whose scale is not known otherwise.
  bool scale_from_items = false;  // Ask the daemon for the items' scales.
  char decimal_separator = '.';
  NegativeQuantity negative = NegativeQuantity::kReject;
};

struct AdapterConfig {
  Role role = Role::kPos;
  std::string source;
  std::filesystem::path drop_directory;
  std::filesystem::path state_file;
  std::filesystem::path level_file;  // Empty: no levels are wanted.
  std::filesystem::path quota_file;  // POS. Empty: the tills have no quotas.
  std::chrono::milliseconds poll_interval{1000};
  std::chrono::milliseconds level_write_interval{500};
  int64_t level_positions_max = 5'000'000;
  std::chrono::seconds health_interval{60};
  std::string log_level = "info";

  sdk::ChannelOptions daemon;
  sdk::Backoff::Options retry;
  std::chrono::milliseconds answer_timeout{60'000};

  char csv_delimiter = ',';
  bool final_newline_required = false;
  std::string time_format = "rfc3339";
  std::string time_zone = "UTC";
  QuantityRules quantity;

  // ERP: every kind of its own. POS: kFacts, and kQuotas with a quota_file. Web: kFacts.
  std::map<FileKind, TableMapping> tables;
  // POS: the location of a till whose rows name none.
  std::map<std::string, std::string, std::less<>> till_locations;
};

// Reads and checks everything; paths that are not absolute are meant from the configuration file's
// folder. INVALID_ARGUMENT with all problems, one a line; NOT_FOUND and the like when the file
// cannot be read.
[[nodiscard]] absl::StatusOr<AdapterConfig> LoadAdapterConfig(const std::filesystem::path& path);

// The same from text. `folder` is what relative paths are meant from.
[[nodiscard]] absl::StatusOr<AdapterConfig> ParseAdapterConfig(std::string_view text,
                                                               std::string_view name,
                                                               const std::filesystem::path& folder);

}  // namespace stockd::files
