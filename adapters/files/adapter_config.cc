#include "adapters/files/adapter_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adapters/files/fact_kind.h"
#include "adapters/sdk/config_reader.h"
#include "adapters/sdk/daemon_config.h"
#include "adapters/sdk/nearest_name.h"
#include "adapters/sdk/timestamp_text.h"

namespace stockd::files {
namespace {

using sdk::ConfigSection;

constexpr int kScaleMax = 6;  // As in Item.scale.

Role ReadRole(ConfigSection& root) {
  if (!root.Has("role")) {
    root.RequiredText("role", "what the adapter serves as: \"erp\", \"pos\" or \"web\"");
    return Role::kPos;
  }
  const std::string role = root.OneOf("role", "pos", {"erp", "pos", "web"});
  return role == "erp" ? Role::kErp : role == "web" ? Role::kWeb : Role::kPos;
}

void ReadPaths(ConfigSection& root, const std::filesystem::path& folder, AdapterConfig& config) {
  config.drop_directory = sdk::PathFrom(
      folder, root.RequiredText("drop_directory", "the folder that files are dropped into"));
  config.state_file = sdk::PathFrom(folder, root.Text("state_file", ""));
  if (config.state_file.empty()) config.state_file = config.drop_directory / "work/.state.sqlite";
  config.level_file = sdk::PathFrom(folder, root.Text("level_file", ""));
}

void ReadCsv(ConfigSection section, AdapterConfig& config) {
  const std::string delimiter = section.OneOf("delimiter", ",", {",", ";", "\t", "|"});
  config.csv_delimiter = delimiter.front();
  config.final_newline_required = section.Flag("final_newline_required", false);
}

void ReadTime(ConfigSection section, AdapterConfig& config) {
  config.time_format = section.Text("format", "rfc3339");
  config.time_zone = section.Text("zone", "UTC");
  if (config.time_format.empty()) section.Refuse("format", "is empty");
  if (config.time_format != "rfc3339" && config.time_format.find('%') == std::string::npos) {
    section.Refuse("format", "must be \"rfc3339\" or a format such as \"%d/%m/%Y %H:%M\"");
  }
  const auto reader = sdk::TimestampReader::Make(config.time_format, config.time_zone);
  if (!reader.ok()) section.Refuse("zone", std::string(reader.status().message()));
}

QuantityRules ReadQuantity(ConfigSection section) {
  QuantityRules rules;
  rules.scale = static_cast<int>(section.Integer("scale", {.min = 0, .max = kScaleMax}));
  rules.scale_from_items = section.Flag("scale_from_items", false);
  rules.decimal_separator = section.OneOf("decimal_separator", ".", {".", ","}).front();
  const std::string negative =
      section.OneOf("negative_quantity", "reject", {"reject", "return", "absolute"});
  rules.negative = negative == "return"     ? NegativeQuantity::kReturn
                   : negative == "absolute" ? NegativeQuantity::kAbsolute
                                            : NegativeQuantity::kReject;
  return rules;
}

void ReadKinds(ConfigSection section, TableMapping& mapping) {
  std::vector<std::string> names = FactKindNames();
  names.emplace_back("skip");
  for (const std::string& value : section.TakeKeys()) {
    std::string kind = section.Text(value, "skip");
    if (std::ranges::find(names, kind) == names.end()) {
      section.Refuse(value,
                     fmt::format("= \"{}\" is not a kind of fact; did you mean \"{}\"? "
                                 "Known are {}",
                                 kind, sdk::NearestName(kind, names), fmt::join(names, ", ")));
    }
    mapping.kinds.emplace(value, std::move(kind));
  }
}

// The four tables that say how one kind of file is read.
void ReadMapping(ConfigSection parent, FileKind kind, TableMapping& mapping) {
  const std::vector<std::string> fields = FieldsOf(kind);
  ConfigSection columns = parent.Section("columns");
  columns.AllowOnly(fields);
  for (const std::string& field : fields) {
    if (!columns.Has(field)) continue;
    std::vector<std::string> names = columns.Texts(field);
    if (names.empty()) columns.Refuse(field, "names no column");
    if (names.size() > 1 && field != "event_id") {
      columns.Refuse(field, "must be one column; only event_id may be made of several");
    }
    mapping.columns.emplace(field, std::move(names));
  }
  ConfigSection constants = parent.Section("constants");
  constants.AllowOnly(fields);
  for (const std::string& field : fields) {
    if (!constants.Has(field)) continue;
    if (field == "event_id") constants.Refuse(field, "cannot be the same for every row");
    mapping.constants.emplace(field, constants.Text(field, ""));
  }
  if (IsFactKind(kind)) ReadKinds(parent.Section("kinds"), mapping);
  ConfigSection skip = parent.Section("skip");
  for (const std::string& column : skip.TakeKeys()) {
    mapping.skip.emplace(column, skip.Texts(column));
  }
}

void ReadErpTables(ConfigSection& root, AdapterConfig& config) {
  for (const FileKind kind : kFileKinds) {
    ConfigSection section = root.Section(NameOf(kind));
    TableMapping& mapping = config.tables[kind];
    mapping.prefix = section.Text("prefix", NameOf(kind));
    if (mapping.prefix.empty()) section.Refuse("prefix", "is empty");
    for (const auto& [other, other_mapping] : config.tables) {
      if (other != kind && other_mapping.prefix == mapping.prefix) {
        section.Refuse("prefix", fmt::format("is also the prefix of {}", NameOf(other)));
      }
    }
    ReadMapping(section, kind, mapping);
  }
}

void ReadQuotas(ConfigSection& root, const std::filesystem::path& folder, AdapterConfig& config) {
  config.quota_file = sdk::PathFrom(folder, root.Text("quota_file", ""));
  ConfigSection section = root.Section("quotas");
  TableMapping mapping;
  mapping.prefix = section.Text("prefix", "quotas");
  if (mapping.prefix.empty()) section.Refuse("prefix", "is empty");
  ReadMapping(section, FileKind::kQuotas, mapping);
  if (!config.quota_file.empty()) config.tables.emplace(FileKind::kQuotas, std::move(mapping));
}

void ReadTillLocations(ConfigSection section, AdapterConfig& config) {
  for (const std::string& till : section.TakeKeys()) {
    config.till_locations.emplace(till, section.Text(till, ""));
  }
}

absl::StatusOr<AdapterConfig> ReadConfig(const sdk::ConfigReader& reader,
                                         const std::filesystem::path& folder) {
  ConfigSection root = reader.Root();
  AdapterConfig config;
  config.role = ReadRole(root);
  config.source =
      root.RequiredText("source", "the id of this source as the daemon's configuration has it");
  ReadPaths(root, folder, config);
  config.poll_interval = std::chrono::milliseconds(
      root.Integer("poll_interval_ms", {.fallback = 1000, .min = 10, .max = 3'600'000}));
  config.level_write_interval = std::chrono::milliseconds(
      root.Integer("level_write_interval_ms", {.fallback = 500, .min = 0, .max = 3'600'000}));
  config.level_positions_max =
      root.Integer("level_positions_max", {.fallback = 5'000'000, .min = 1, .max = 100'000'000});
  config.health_interval = std::chrono::seconds(
      root.Integer("health_interval_s", {.fallback = 60, .min = 1, .max = 86'400}));
  config.log_level = root.OneOf("log_level", "info", {"debug", "info", "warn", "error"});
  const sdk::DaemonConfig daemon =
      sdk::ReadDaemonConfig(root.Section("daemon"), root.Section("tls"), folder);
  config.daemon = daemon.channel;
  config.retry = daemon.retry;
  config.answer_timeout = sdk::ReadAnswerTimeout(root.Section("daemon"));
  ReadCsv(root.Section("csv"), config);
  ReadTime(root.Section("time"), config);
  config.quantity = ReadQuantity(root.Section("quantity"));
  if (config.role == Role::kErp) {
    ReadErpTables(root, config);
  } else {
    ReadMapping(root, FileKind::kFacts, config.tables[FileKind::kFacts]);
  }
  if (config.role == Role::kPos) {
    ReadTillLocations(root.Section("till_locations"), config);
    ReadQuotas(root, folder, config);
  }
  if (absl::Status status = reader.Finish(); !status.ok()) return status;
  return config;
}

}  // namespace

absl::StatusOr<AdapterConfig> LoadAdapterConfig(const std::filesystem::path& path) {
  const absl::StatusOr<sdk::ConfigReader> reader = sdk::ConfigReader::Load(path);
  if (!reader.ok()) return reader.status();
  return ReadConfig(*reader, std::filesystem::absolute(path).parent_path());
}

absl::StatusOr<AdapterConfig> ParseAdapterConfig(std::string_view text, std::string_view name,
                                                 const std::filesystem::path& folder) {
  const absl::StatusOr<sdk::ConfigReader> reader = sdk::ConfigReader::Parse(text, name);
  if (!reader.ok()) return reader.status();
  return ReadConfig(*reader, folder);
}

}  // namespace stockd::files
