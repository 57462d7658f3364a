// The daemon's configuration: one struct with its defaults, and how it is read from TOML.
//
// Every member has the name of its key; `config/stockd.toml` shows each of them with its meaning.
// Nothing here reads the clock, the environment or any file but the one named.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace stockd::config {

// Where callers connect.
struct ServerConfig {
  std::string listen = "127.0.0.1:7450";
  std::string allow_insecure_listener;
  int64_t message_bytes_max = int64_t{4} << 20;
  int64_t concurrent_streams_max = 1000;
  int64_t threads = 0;  // 0: as many as there are cores.

  bool operator==(const ServerConfig&) const = default;
};

// Where browsers, shops and monitoring connect.
struct HttpConfig {
  std::string listen = "127.0.0.1:7451";  // Empty: no HTTP.
  std::vector<std::string> hosts;
  std::vector<std::string> cors_origins;
  int64_t threads = 0;  // 0: as many as there are cores.
  int64_t connections_max = 1000;
  int64_t body_bytes_max = int64_t{4} << 20;
  int64_t bodies_bytes_max = int64_t{256} << 20;
  std::chrono::microseconds header_timeout = std::chrono::seconds(10);
  std::chrono::microseconds body_timeout = std::chrono::seconds(30);
  std::chrono::microseconds write_timeout = std::chrono::seconds(30);
  std::chrono::microseconds idle_timeout = std::chrono::seconds(60);

  bool operator==(const HttpConfig&) const = default;
};

// Encryption and authentication; all three set means mutual TLS.
struct TlsConfig {
  std::string certificate;
  std::string key;
  std::string client_ca;

  bool operator==(const TlsConfig&) const = default;
};

// Where the truth is kept.
struct StorageConfig {
  std::string database = "stockd.sqlite";
  int64_t cache_bytes = int64_t{64} << 20;
  int64_t checkpoint_pages = 4000;

  bool operator==(const StorageConfig&) const = default;
};

// The one writer.
struct EngineConfig {
  int64_t queue_max = 4096;
  int64_t batch_max = 1024;
  int64_t expiries_per_batch_max = 512;

  bool operator==(const EngineConfig&) const = default;
};

// Claims on stock.
struct ReservationConfig {
  std::chrono::microseconds ttl_default = std::chrono::minutes(15);
  int64_t lines_max = 1000;
  std::chrono::microseconds keep_requests = std::chrono::hours(30 * 24);

  bool operator==(const ReservationConfig&) const = default;
};

// Where to take a cart from.
struct SourcingConfig {
  int64_t parcel_cost_micros = 4'000'000;
  int64_t cost_per_km_micros = 10'000;
  int64_t distance_unknown_km = 500;
  int64_t store_handling_micros = 2'000'000;
  int64_t warehouse_handling_micros = 1'000'000;
  int64_t dark_store_handling_micros = 1'000'000;
  int64_t store_scarcity_weight = 1000;
  int64_t warehouse_scarcity_weight = 100;
  int64_t dark_store_scarcity_weight = 300;
  int64_t steps_max = 50'000;

  bool operator==(const SourcingConfig&) const = default;
};

// What is accepted about the past and the future.
struct FactsConfig {
  std::chrono::microseconds look_back = std::chrono::hours(30 * 24);
  std::chrono::microseconds future_tolerance = std::chrono::minutes(5);

  bool operator==(const FactsConfig&) const = default;
};

// The streams of sources.
struct AdaptersConfig {
  int64_t batch_size_max = 1000;
  int64_t batches_in_flight_max = 8;
  std::chrono::microseconds hello_timeout = std::chrono::seconds(10);
  int64_t snapshot_rows_max = 5000000;

  bool operator==(const AdaptersConfig&) const = default;
};

// Figures worked out from the journal.
struct ReportsConfig {
  bool enabled = true;
  std::string database;
  std::string time_zone = "UTC";
  std::vector<std::string> online_channels = {"web", "app"};
  std::chrono::microseconds interval = std::chrono::seconds(1);
  int64_t cache_bytes = int64_t{64} << 20;

  bool operator==(const ReportsConfig&) const = default;
};

// Copies of the database.
struct BackupConfig {
  std::string directory = "backups";

  bool operator==(const BackupConfig&) const = default;
};

// From the most to the least important.
enum class LogLevel { kError, kWarn, kInfo, kDebug, kTrace };

// What is logged.
struct LogConfig {
  LogLevel level = LogLevel::kInfo;

  bool operator==(const LogConfig&) const = default;
};

enum class SourceKind { kErp, kPos, kWeb, kOther };

// What a source's absolute quantities mean.
enum class AbsoluteRule {
  kCount,  // They are counts: applied.
  kDiff,   // They are compared with what the source showed before: the difference is what happened.
  kAudit,  // They are compared with what is known and not applied.
};

// One system that may connect.
struct SourceConfig {
  std::string id;
  SourceKind kind = SourceKind::kOther;
  AbsoluteRule absolute = AbsoluteRule::kCount;
  bool echoes = false;
  std::string channel;
  std::vector<std::string> locations;
  std::string group;
  std::chrono::microseconds reconcile_every{0};  // 0: never.

  bool operator==(const SourceConfig&) const = default;
};

// Everything. Constant after start-up.
struct Config {
  ServerConfig server;
  HttpConfig http;
  TlsConfig tls;
  StorageConfig storage;
  EngineConfig engine;
  ReservationConfig reservation;
  SourcingConfig sourcing;
  FactsConfig facts;
  AdaptersConfig adapters;
  ReportsConfig reports;
  BackupConfig backup;
  LogConfig log;
  std::vector<SourceConfig> source;

  // Not a key: the folder of the file, against which relative paths are meant.
  std::filesystem::path directory;

  bool operator==(const Config&) const = default;
};

// The words that `server.allow_insecure_listener` must be to have an effect.
inline constexpr std::string_view kInsecureListenerWords = "without tls and authentication";

// One thing that is wrong with a configuration.
struct ConfigError {
  std::string file;
  int64_t line = 0;    // From 1; 0: not about one line.
  int64_t column = 0;  // From 1; 0: not about one line.
  std::string key;     // For example "server.listen" or "source[2].id"; may be empty.
  std::string message;
  std::string advice;  // What to do; may be empty.
};

// One line for people: file:line:column: key: message. Advice.
std::string ToText(const ConfigError& error);

// Either a configuration that keeps every rule, or all that is wrong with the text (at least one
// error). `file_name` is used in errors and, by its folder, as Config::directory; it is not opened.
std::variant<Config, std::vector<ConfigError>> ParseConfig(std::string_view text,
                                                           std::string_view file_name);

// The same for a file. A file that cannot be read, or is above 1 MiB, is an error too.
std::variant<Config, std::vector<ConfigError>> LoadConfig(const std::filesystem::path& path);

// `path` as the configuration means it: relative to Config::directory unless absolute. Empty stays
// empty.
std::filesystem::path ResolvePath(const Config& config, const std::string& path);

// The commented default configuration, as shipped in config/stockd.toml: every key with its
// meaning, unit, range and default, plus three example sources.
std::string RenderDefaultConfig();

}  // namespace stockd::config
