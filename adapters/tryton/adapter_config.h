// The adapter's configuration. config/adapters/tryton.toml explains every key.
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "adapters/http_client/http_options.h"
#include "adapters/sdk/backoff.h"
#include "adapters/sdk/daemon_channel.h"
#include "adapters/tryton/tryton_client.h"

namespace stockd::tryton {

struct AdapterConfig {
  std::string source;
  std::filesystem::path state_directory;
  std::string log_level = "info";

  sdk::ChannelOptions daemon;
  sdk::Backoff::Options retry;
  std::chrono::milliseconds answer_timeout{60'000};

  TrytonAccess access;
  http_client::HttpClientOptions http;
  std::chrono::milliseconds poll_interval{1000};
  std::chrono::seconds overlap{300};

  bool are_items_put = true;
  bool are_locations_put = true;
  std::chrono::seconds catalogue_interval{300};
  std::map<std::string, std::string> locations;  // Tryton's warehouse code to stockd's location.

  bool is_booking = true;
  std::string key_prefix = "stockd-";
  std::string customer_party;
  std::string supplier_party;
};

// Reads and checks everything, secrets too; paths that are not absolute are meant from the
// configuration file's folder. INVALID_ARGUMENT with all problems, one a line; NOT_FOUND and the
// like when the file cannot be read.
[[nodiscard]] absl::StatusOr<AdapterConfig> LoadAdapterConfig(const std::filesystem::path& path);
// The same from text. `folder` is what relative paths are meant from.
[[nodiscard]] absl::StatusOr<AdapterConfig> ParseAdapterConfig(std::string_view text,
                                                               std::string_view name,
                                                               const std::filesystem::path& folder);

}  // namespace stockd::tryton
