#include "adapters/http_client/http_config.h"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>

namespace stockd::http_client {
namespace {

using std::chrono::milliseconds;

milliseconds Milliseconds(sdk::ConfigSection& section, std::string_view key, milliseconds fallback,
                          int64_t min = 1) {
  constexpr int64_t kHourMs = 3'600'000;
  return milliseconds(
      section.Integer(key, {.fallback = fallback.count(), .min = min, .max = kHourMs}));
}

std::filesystem::path Path(sdk::ConfigSection& section, std::string_view key,
                           const std::filesystem::path& folder) {
  const std::string path = section.Text(key, "");
  return path.empty() ? std::filesystem::path() : (folder / path).lexically_normal();
}

}  // namespace

HttpClientOptions ReadHttpOptions(sdk::ConfigSection section, const std::filesystem::path& folder,
                                  HttpClientOptions defaults) {
  HttpClientOptions options = std::move(defaults);
  HttpTimeouts& timeouts = options.timeouts;
  timeouts.connect = Milliseconds(section, "connect_timeout_ms", timeouts.connect);
  timeouts.first_byte = Milliseconds(section, "first_byte_timeout_ms", timeouts.first_byte);
  timeouts.idle = Milliseconds(section, "idle_timeout_ms", timeouts.idle);
  timeouts.whole = Milliseconds(section, "whole_timeout_ms", timeouts.whole);
  HttpRetries& retries = options.retries;
  retries.attempts_max = static_cast<int>(
      section.Integer("attempts_max", {.fallback = retries.attempts_max, .min = 1, .max = 20}));
  retries.pauses.initial = Milliseconds(section, "retry_initial_ms", retries.pauses.initial);
  retries.pauses.max = Milliseconds(section, "retry_max_ms", retries.pauses.max);
  retries.retry_after_max = Milliseconds(section, "retry_after_max_ms", retries.retry_after_max);
  retries.call_max = Milliseconds(section, "call_max_ms", retries.call_max);
  if (retries.pauses.max < retries.pauses.initial) {
    section.Refuse("retry_max_ms", "must not be less than retry_initial_ms");
  }
  options.rate.requests_per_s = static_cast<double>(section.Integer(
      "requests_per_s",
      {.fallback = static_cast<int64_t>(options.rate.requests_per_s), .min = 0, .max = 100'000}));
  options.rate.burst = static_cast<double>(section.Integer(
      "burst", {.fallback = static_cast<int64_t>(options.rate.burst), .min = 1, .max = 100'000}));
  options.limits.body_bytes_max = static_cast<size_t>(section.Integer(
      "body_bytes_max", {.fallback = static_cast<int64_t>(options.limits.body_bytes_max),
                         .min = 1024,
                         .max = int64_t{1024} * 1024 * 1024}));
  options.ca_file = Path(section, "ca_file", folder);
  options.client_certificate = Path(section, "client_certificate", folder);
  options.client_key = Path(section, "client_key", folder);
  if (options.client_certificate.empty() != options.client_key.empty()) {
    section.Refuse("client_certificate", "and client_key go together");
  }
  options.proxy = section.Text("proxy", "");
  options.no_proxy = section.Text("no_proxy", "");
  options.proxy_user = section.Text("proxy_user", "");
  options.proxy_password =
      ReadSecret(section, "proxy_password", folder, !options.proxy_user.empty());
  options.is_plain_http_allowed = section.Flag("plain_http", false);
  return options;
}

Secret ReadSecret(sdk::ConfigSection& section, std::string_view key,
                  const std::filesystem::path& folder, bool is_required) {
  const std::string file_key = fmt::format("{}_file", key);
  const std::string variable_key = fmt::format("{}_env", key);
  const std::filesystem::path file = Path(section, file_key, folder);
  const std::string variable = section.Text(variable_key, "");
  if (section.Has(key)) {
    (void)section.Text(key, "");
    section.Refuse(
        key, "does not belong in a configuration; put it into a file and name that as " + file_key);
    return {};
  }
  if (!file.empty() && !variable.empty()) {
    section.Refuse(file_key, fmt::format("and {} exclude each other", variable_key));
    return {};
  }
  if (file.empty() && variable.empty()) {
    if (is_required) {
      section.Refuse(file_key, fmt::format("or {} must say where it is", variable_key));
    }
    return {};
  }
  absl::StatusOr<Secret> secret =
      file.empty() ? SecretFromEnvironment(variable) : SecretFromFile(file);
  if (secret.ok()) return *std::move(secret);
  section.Refuse(file.empty() ? variable_key : file_key, std::string(secret.status().message()));
  return {};
}

}  // namespace stockd::http_client
