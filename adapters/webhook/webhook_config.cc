#include "adapters/webhook/webhook_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adapters/http_client/http_config.h"
#include "adapters/sdk/config_reader.h"
#include "adapters/sdk/daemon_config.h"
#include "adapters/sdk/nearest_name.h"
#include "adapters/webhook/signature.h"

namespace stockd::webhook {
namespace {

using sdk::ConfigSection;
using std::chrono::milliseconds;

constexpr int64_t kDayMs = 86'400'000;
constexpr size_t kEndpointsMax = 16;  // Each has a stream of its own; the daemon gives 64.

milliseconds Milliseconds(ConfigSection& section, std::string_view key, milliseconds fallback,
                          int64_t min, int64_t max) {
  return milliseconds(section.Integer(key, {.fallback = fallback.count(), .min = min, .max = max}));
}

int Count(ConfigSection& section, std::string_view key, int fallback, int max) {
  return static_cast<int>(section.Integer(key, {.fallback = fallback, .min = 1, .max = max}));
}

bool IsName(const std::string& name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

void ReadKinds(ConfigSection& section, EndpointConfig& endpoint) {
  std::vector<std::string> known;
  for (int kind = v1::OrderEventKind_MIN + 1; kind <= v1::OrderEventKind_MAX; ++kind) {
    known.push_back(KindWord(static_cast<v1::OrderEventKind>(kind)));
  }
  for (const std::string& word : section.Texts("kinds")) {
    const v1::OrderEventKind kind = KindOf(word);
    if (kind == v1::ORDER_EVENT_KIND_UNSPECIFIED) {
      section.Refuse("kinds",
                     fmt::format("has \"{}\", which is no kind of event; did you mean \"{}\"? "
                                 "Known are {}",
                                 word, sdk::NearestName(word, known), fmt::join(known, ", ")));
    }
    endpoint.kinds.push_back(kind);
  }
}

void ReadKeys(ConfigSection& section, const std::filesystem::path& folder,
              EndpointConfig& endpoint) {
  for (const char* key : {"secret", "previous_secret"}) {
    const bool is_required = endpoint.keys.empty() && std::string_view(key) == "secret";
    const http_client::Secret secret = http_client::ReadSecret(section, key, folder, is_required);
    if (secret.empty()) continue;
    absl::StatusOr<http_client::Secret> signing_key = SigningKey(secret);
    if (signing_key.ok()) {
      endpoint.keys.push_back(*std::move(signing_key));
    } else {
      section.Refuse(section.Has(fmt::format("{}_file", key)) ? fmt::format("{}_file", key)
                                                              : fmt::format("{}_env", key),
                     std::string(signing_key.status().message()));
    }
  }
}

void ReadPatience(ConfigSection& section, EndpointConfig& endpoint) {
  PatienceOptions& patience = endpoint.patience;
  QueueOptions& queue = endpoint.queue;
  patience.retry_initial =
      Milliseconds(section, "retry_initial_ms", patience.retry_initial, 10, kDayMs);
  patience.retry_max = Milliseconds(section, "retry_max_ms", patience.retry_max, 10, kDayMs);
  if (patience.retry_max < patience.retry_initial) {
    section.Refuse("retry_max_ms", "must not be less than retry_initial_ms");
  }
  patience.attempts_max = Count(section, "attempts_max", patience.attempts_max, 1000);
  patience.give_up_after = std::chrono::hours(section.Integer(
      "give_up_after_h", {.fallback = patience.give_up_after.count(), .min = 0, .max = 8760}));
  patience.refused_attempts_max =
      Count(section, "refused_attempts_max", patience.refused_attempts_max, 1000);
  queue.calls_in_flight_max = Count(section, "calls_in_flight_max", queue.calls_in_flight_max, 32);
  queue.failures_until_down =
      Count(section, "failures_until_down", queue.failures_until_down, 1000);
  queue.probe_max = Milliseconds(section, "probe_max_ms", queue.probe_max, 10, kDayMs);
  queue.probe_initial = std::min(queue.probe_initial, queue.probe_max);
  endpoint.backlog_max = static_cast<size_t>(section.Integer(
      "backlog_max",
      {.fallback = static_cast<int64_t>(endpoint.backlog_max), .min = 200, .max = 10'000'000}));
}

void ReadHttp(ConfigSection section, const std::filesystem::path& folder,
              EndpointConfig& endpoint) {
  for (const char* key : {"attempts_max", "retry_initial_ms", "retry_max_ms", "call_max_ms"}) {
    if (section.Has(key)) {
      section.Refuse(key, "is none of http's here; attempts belong to the endpoint itself");
    }
  }
  http_client::HttpClientOptions defaults;
  defaults.timeouts.first_byte = milliseconds(10'000);
  defaults.timeouts.whole = milliseconds(15'000);
  defaults.limits.body_bytes_max = size_t{1024} * 1024;  // Nobody reads what a receiver says.
  endpoint.http = http_client::ReadHttpOptions(std::move(section), folder, std::move(defaults));
  endpoint.http.user_agent = "stockd-webhook/1.0";
  endpoint.http.retries.attempts_max = 1;  // The queue repeats, durably.
}

EndpointConfig ReadEndpoint(const std::string& name, ConfigSection section,
                            const std::filesystem::path& folder) {
  EndpointConfig endpoint;
  endpoint.name = name;
  if (!IsName(name))
    section.Refuse("url",
                   "has an endpoint's name of other characters than a-z, "
                   "0-9 and '-', or more than 64");
  endpoint.url = section.RequiredText("url", "where messages are sent to");
  ReadKeys(section, folder, endpoint);
  endpoint.authorization = http_client::ReadSecret(section, "authorization", folder, false);
  endpoint.starts_at_beginning = section.OneOf("start", "now", {"now", "beginning"}) == "beginning";
  endpoint.locations = section.Texts("locations");
  endpoint.channel = section.Text("channel", "");
  ReadKinds(section, endpoint);
  endpoint.include_codes = section.Flag("include_codes", false);
  endpoint.style.include_notes = section.Flag("include_notes", false);
  endpoint.style.source = section.Text("event_source", endpoint.style.source);
  if (endpoint.style.source.empty()) section.Refuse("event_source", "is empty");
  ReadPatience(section, endpoint);
  ReadHttp(section.Section("http"), folder, endpoint);
  return endpoint;
}

}  // namespace

absl::StatusOr<WebhookConfig> LoadWebhookConfig(const std::filesystem::path& path) {
  const absl::StatusOr<sdk::ConfigReader> reader = sdk::ConfigReader::Load(path);
  if (!reader.ok()) return reader.status();
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  ConfigSection root = reader->Root();
  WebhookConfig config;
  config.state_file = sdk::PathFrom(
      folder, root.RequiredText("state_file", "the file that keeps messages until they are sent"));
  config.letter_folder = sdk::PathFrom(folder, root.Text("dead_letter_folder", "dead-letters"));
  config.log_level = root.OneOf("log_level", "info", {"debug", "info", "warn", "error"});
  config.health_interval = std::chrono::seconds(
      root.Integer("health_interval_s", {.fallback = 60, .min = 1, .max = 86'400}));
  const sdk::DaemonConfig daemon =
      sdk::ReadDaemonConfig(root.Section("daemon"), root.Section("tls"), folder);
  config.daemon = daemon.channel;
  config.retry = daemon.retry;
  ConfigSection endpoints = root.Section("endpoints");
  for (const std::string& name : endpoints.TakeKeys()) {
    config.endpoints.push_back(ReadEndpoint(name, endpoints.Section(name), folder));
  }
  if (config.endpoints.empty()) root.Refuse("endpoints", "names nobody to be told");
  if (config.endpoints.size() > kEndpointsMax) {
    root.Refuse("endpoints", fmt::format("has more than {}", kEndpointsMax));
  }
  if (absl::Status status = reader->Finish(); !status.ok()) return status;
  return config;
}

}  // namespace stockd::webhook
