#include "adapters/tryton/adapter_config.h"

#include <utility>

#include "adapters/http_client/http_config.h"
#include "adapters/sdk/config_reader.h"
#include "adapters/sdk/daemon_config.h"

namespace stockd::tryton {
namespace {

using sdk::ConfigSection;

constexpr size_t kKeyPrefixMax = 64;

std::chrono::milliseconds Milliseconds(ConfigSection& section, std::string_view key,
                                       std::chrono::milliseconds fallback, int64_t min,
                                       int64_t max) {
  return std::chrono::milliseconds(
      section.Integer(key, {.fallback = fallback.count(), .min = min, .max = max}));
}

void ReadTryton(ConfigSection section, const std::filesystem::path& folder, AdapterConfig& config) {
  config.access.url =
      section.RequiredText("url", "where the Tryton server is, for example http://127.0.0.1:8000");
  while (config.access.url.ends_with('/')) config.access.url.pop_back();
  config.access.database = section.RequiredText("database", "the name of Tryton's database");
  if (config.access.database.find_first_of("/?#%") != std::string::npos) {
    section.Refuse("database", "is a name, not an address");
  }
  config.access.user = section.RequiredText("user", "the user of Tryton that the adapter works as");
  config.access.password = http_client::ReadSecret(section, "password", folder, true);
  config.poll_interval =
      Milliseconds(section, "poll_interval_ms", config.poll_interval, 50, 3'600'000);
  config.overlap = std::chrono::seconds(
      section.Integer("overlap_s", {.fallback = config.overlap.count(), .min = 1, .max = 86'400}));
}

void ReadCatalogue(ConfigSection section, AdapterConfig& config) {
  config.are_items_put = section.Flag("items", true);
  config.are_locations_put = section.Flag("locations", true);
  config.catalogue_interval = std::chrono::seconds(section.Integer(
      "interval_s", {.fallback = config.catalogue_interval.count(), .min = 1, .max = 86'400}));
}

void ReadBooking(ConfigSection section, AdapterConfig& config) {
  config.is_booking = section.Flag("enabled", true);
  config.key_prefix = section.Text("key_prefix", config.key_prefix);
  if (config.key_prefix.empty() || config.key_prefix.size() > kKeyPrefixMax) {
    section.Refuse("key_prefix", "must have 1 to 64 bytes");
  }
  if (config.is_booking) {
    config.customer_party = section.RequiredText(
        "customer_party", "the code of the party that stands for the customers of other channels");
  } else {
    config.customer_party = section.Text("customer_party", "");
  }
  config.supplier_party = section.Text("supplier_party", "");
}

void ReadLocations(ConfigSection section, AdapterConfig& config) {
  std::map<std::string, std::string> codes;  // From stockd's.
  for (const std::string& warehouse : section.TakeKeys()) {
    const std::string location = section.RequiredText(warehouse, "the code of the location");
    if (!codes.emplace(location, warehouse).second) {
      section.Refuse(warehouse, "names a location that another warehouse has already");
    }
    config.locations[warehouse] = location;
  }
}

absl::StatusOr<AdapterConfig> Read(const sdk::ConfigReader& reader,
                                   const std::filesystem::path& folder) {
  AdapterConfig config;
  ConfigSection root = reader.Root();
  config.source = root.RequiredText("source", "the id of this source as stockd knows it");
  config.state_directory = sdk::PathFrom(
      folder, root.RequiredText("state_directory", "the folder where the adapter remembers"));
  config.log_level = root.OneOf("log_level", "info", {"debug", "info", "warn", "error"});
  const sdk::DaemonConfig daemon =
      sdk::ReadDaemonConfig(root.Section("daemon"), root.Section("tls"), folder);
  config.daemon = daemon.channel;
  config.retry = daemon.retry;
  config.answer_timeout = sdk::ReadAnswerTimeout(root.Section("daemon"));
  ReadTryton(root.Section("tryton"), folder, config);
  config.http = http_client::ReadHttpOptions(root.Section("http"), folder);
  ReadCatalogue(root.Section("catalogue"), config);
  ReadBooking(root.Section("booking"), config);
  ReadLocations(root.Section("locations"), config);
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return config;
}

}  // namespace

absl::StatusOr<AdapterConfig> LoadAdapterConfig(const std::filesystem::path& path) {
  const absl::StatusOr<sdk::ConfigReader> reader = sdk::ConfigReader::Load(path);
  if (!reader.ok()) return reader.status();
  return Read(*reader, std::filesystem::absolute(path).parent_path());
}

absl::StatusOr<AdapterConfig> ParseAdapterConfig(std::string_view text, std::string_view name,
                                                 const std::filesystem::path& folder) {
  const absl::StatusOr<sdk::ConfigReader> reader = sdk::ConfigReader::Parse(text, name);
  if (!reader.ok()) return reader.status();
  return Read(*reader, folder);
}

}  // namespace stockd::tryton
