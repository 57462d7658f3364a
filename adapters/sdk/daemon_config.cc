#include "adapters/sdk/daemon_config.h"

#include <chrono>

namespace stockd::sdk {

using std::chrono::milliseconds;

DaemonConfig ReadDaemonConfig(ConfigSection daemon, ConfigSection tls,
                              const std::filesystem::path& folder) {
  DaemonConfig config;
  config.channel.address = daemon.Text("address", "127.0.0.1:7450");
  config.retry.initial = milliseconds(daemon.Integer(
      "retry_initial_ms", {.fallback = config.retry.initial.count(), .min = 10, .max = 60'000}));
  config.retry.max = milliseconds(daemon.Integer(
      "retry_max_ms", {.fallback = config.retry.max.count(), .min = 10, .max = 600'000}));
  if (config.retry.max < config.retry.initial) {
    daemon.Refuse("retry_max_ms", "must not be less than retry_initial_ms");
  }
  config.channel.retry_max = config.retry.max;
  config.channel.authority_file = PathFrom(folder, tls.Text("daemon_ca", ""));
  config.channel.certificate_file = PathFrom(folder, tls.Text("certificate", ""));
  config.channel.key_file = PathFrom(folder, tls.Text("key", ""));
  if (config.channel.certificate_file.empty() != config.channel.key_file.empty()) {
    tls.Refuse("certificate", "and tls.key go together");
  }
  return config;
}

milliseconds ReadAnswerTimeout(ConfigSection daemon) {
  return milliseconds(
      daemon.Integer("answer_timeout_ms", {.fallback = 60'000, .min = 1000, .max = 3'600'000}));
}

std::filesystem::path PathFrom(const std::filesystem::path& folder, const std::string& path) {
  return path.empty() ? std::filesystem::path() : (folder / path).lexically_normal();
}

}  // namespace stockd::sdk
