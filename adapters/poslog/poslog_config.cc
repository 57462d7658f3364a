#include "adapters/poslog/poslog_config.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include <boost/asio/ip/address.hpp>

#include "adapters/sdk/config_reader.h"
#include "adapters/sdk/daemon_config.h"
#include "adapters/sdk/file_io.h"
#include "adapters/sdk/timestamp_text.h"

namespace stockd::poslog {
namespace {

using sdk::ConfigSection;

constexpr int kScaleMax = 6;  // As in Item.scale.
constexpr std::string_view kInsecureWords = "without tls";

void ReadPaths(ConfigSection& root, const std::filesystem::path& folder, PoslogConfig& config) {
  config.drop_directory = sdk::PathFrom(
      folder, root.RequiredText("drop_directory", "the folder that files are dropped into"));
  config.state_file = sdk::PathFrom(folder, root.Text("state_file", ""));
  if (config.state_file.empty()) config.state_file = config.drop_directory / "work/.state.sqlite";
}

VoidRule ReadVoids(ConfigSection& root) {
  const std::string dialect = root.OneOf("dialect", "auto", {"auto", "ncr", "wincor", "marked"});
  return dialect == "ncr"      ? VoidRule::kNegative
         : dialect == "wincor" ? VoidRule::kPositive
         : dialect == "marked" ? VoidRule::kMarked
                               : VoidRule::kAuto;
}

SequenceRule ReadSequences(ConfigSection& root) {
  const std::string rule = root.OneOf("sequences", "daily", {"daily", "continuous", "none"});
  return rule == "daily"        ? SequenceRule::kDaily
         : rule == "continuous" ? SequenceRule::kContinuous
                                : SequenceRule::kNone;
}

void ReadMapping(ConfigSection& root, MappingRules& rules) {
  rules.voids = ReadVoids(root);
  rules.sequences = ReadSequences(root);
  rules.uses_pos_item_id = root.OneOf("item_code", "ItemID", {"ItemID", "POSItemID"}) != "ItemID";
  if (root.Has("item_types")) rules.item_types = root.Texts("item_types");
  if (root.Has("statuses_skipped")) rules.statuses_skipped = root.Texts("statuses_skipped");
  rules.channel = root.Text("channel", "pos");
  rules.currency = root.Text("currency", "");
}

void CheckZone(ConfigSection& section, const std::string& zone) {
  const auto reader = sdk::TimestampReader::Make("rfc3339", zone);
  if (!reader.ok()) section.Refuse("zone", std::string(reader.status().message()));
}

void ReadTime(ConfigSection section, PoslogConfig& config) {
  config.mapping.time_zone = section.RequiredText(
      "zone", "the time zone of the tills, such as \"Europe/Istanbul\": a POSLog names none");
  if (!config.mapping.time_zone.empty()) CheckZone(section, config.mapping.time_zone);
}

void ReadQuantity(ConfigSection section, PoslogConfig& config) {
  config.scale = static_cast<int>(section.Integer("scale", {.min = 0, .max = kScaleMax}));
  config.scale_from_items = section.Flag("scale_from_items", true);
  config.mapping.decimal_separator = section.OneOf("decimal_separator", ".", {".", ","}).front();
  config.mapping.uses_units = section.OneOf("from", "value", {"value", "units"}) == "units";
}

void ReadStores(ConfigSection section, PoslogConfig& config) {
  for (const std::string& store : section.TakeKeys()) {
    ConfigSection one = section.Section(store);
    StoreRules rules{.location = one.Text("location", ""), .time_zone = one.Text("zone", "")};
    if (!rules.time_zone.empty()) CheckZone(one, rules.time_zone);
    config.stores.emplace(store, std::move(rules));
  }
}

// Whether only this machine can reach it. Port and host are separated by the last colon.
bool IsLoopback(const std::string& listen) {
  std::string host = listen.substr(0, listen.rfind(':'));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return host == "localhost" || (!error && address.is_loopback());
}

std::string TrimmedToken(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
    text.pop_back();
  }
  return text;
}

void ReadToken(ConfigSection& section, const std::filesystem::path& folder,
               UploadOptions& options) {
  constexpr size_t kTokenBytesMin = 16;
  constexpr size_t kTokenFileBytesMax = 4096;
  const std::filesystem::path file = sdk::PathFrom(folder, section.Text("token_file", ""));
  if (options.listen.empty()) return;
  if (file.empty()) {
    return section.Refuse("token_file", "is needed: a file with the token that callers bring");
  }
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file, error);  // Fails for what is no file.
  if (!error && bytes > kTokenFileBytesMax) return section.Refuse("token_file", "is no token");
  absl::StatusOr<std::string> token =
      error ? absl::NotFoundError("cannot open " + file.string() + ": " + error.message())
            : sdk::ReadWholeFile(file);
  if (!token.ok()) return section.Refuse("token_file", std::string(token.status().message()));
  options.token = TrimmedToken(*std::move(token));
  if (options.token.size() < kTokenBytesMin) {
    section.Refuse("token_file",
                   fmt::format("holds a token of fewer than {} bytes", kTokenBytesMin));
  }
}

void ReadUpload(ConfigSection section, const std::filesystem::path& folder,
                UploadOptions& options) {
  options.listen = section.Text("listen", "");
  const std::string insecure = section.Text("allow_insecure_listener", "");
  if (!options.listen.empty() && options.listen.rfind(':') == std::string::npos) {
    section.Refuse("listen", "must be host:port");
  } else if (!options.listen.empty() && !IsLoopback(options.listen) && insecure != kInsecureWords) {
    section.Refuse("listen",
                   fmt::format("can be reached from other machines, and sales and the token would "
                               "go over the network unencrypted. Put a proxy with TLS in front and "
                               "listen on 127.0.0.1, or set allow_insecure_listener = \"{}\"",
                               kInsecureWords));
  }
  ReadToken(section, folder, options);
  options.body_bytes_max = section.Integer(
      "body_bytes_max",
      {.fallback = int64_t{1} << 30, .min = int64_t{64} << 10, .max = int64_t{1} << 40});
  options.connections_max =
      section.Integer("connections_max", {.fallback = 16, .min = 1, .max = 1000});
  options.files_waiting_max =
      section.Integer("files_waiting_max", {.fallback = 1000, .min = 1, .max = 100'000});
  options.idle_timeout = std::chrono::seconds(
      section.Integer("idle_timeout_s", {.fallback = 30, .min = 1, .max = 3600}));
}

absl::StatusOr<PoslogConfig> ReadConfig(const sdk::ConfigReader& reader,
                                        const std::filesystem::path& folder) {
  ConfigSection root = reader.Root();
  PoslogConfig config;
  config.source =
      root.RequiredText("source", "the id of this source as the daemon's configuration has it");
  ReadPaths(root, folder, config);
  config.poll_interval = std::chrono::milliseconds(
      root.Integer("poll_interval_ms", {.fallback = 1000, .min = 10, .max = 3'600'000}));
  config.health_interval = std::chrono::seconds(
      root.Integer("health_interval_s", {.fallback = 60, .min = 1, .max = 86'400}));
  config.log_level = root.OneOf("log_level", "info", {"debug", "info", "warn", "error"});
  config.transaction_bytes_max = static_cast<size_t>(root.Integer(
      "transaction_bytes_max",
      {.fallback = int64_t{4} << 20, .min = int64_t{64} << 10, .max = int64_t{64} << 20}));
  ReadMapping(root, config.mapping);
  const sdk::DaemonConfig daemon =
      sdk::ReadDaemonConfig(root.Section("daemon"), root.Section("tls"), folder);
  config.daemon = daemon.channel;
  config.retry = daemon.retry;
  config.answer_timeout = sdk::ReadAnswerTimeout(root.Section("daemon"));
  ReadTime(root.Section("time"), config);
  ReadQuantity(root.Section("quantity"), config);
  ReadStores(root.Section("stores"), config);
  ReadUpload(root.Section("http"), folder, config.upload);
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return config;
}

}  // namespace

absl::StatusOr<PoslogConfig> LoadPoslogConfig(const std::filesystem::path& path) {
  const absl::StatusOr<sdk::ConfigReader> reader = sdk::ConfigReader::Load(path);
  if (!reader.ok()) return reader.status();
  return ReadConfig(*reader, std::filesystem::absolute(path).parent_path());
}

absl::StatusOr<PoslogConfig> ParsePoslogConfig(std::string_view text, std::string_view name,
                                               const std::filesystem::path& folder) {
  const absl::StatusOr<sdk::ConfigReader> reader = sdk::ConfigReader::Parse(text, name);
  if (!reader.ok()) return reader.status();
  return ReadConfig(*reader, folder);
}

}  // namespace stockd::poslog
