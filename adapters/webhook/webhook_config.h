// The adapter's configuration. config/adapters/webhook.toml explains every key.
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "adapters/http_client/http_options.h"
#include "adapters/http_client/secret.h"
#include "adapters/sdk/backoff.h"
#include "adapters/sdk/daemon_channel.h"
#include "adapters/webhook/cloud_event.h"
#include "adapters/webhook/delivery_queue.h"
#include "adapters/webhook/delivery_rules.h"

namespace stockd::webhook {

// Who is told what, and how.
struct EndpointConfig {
  std::string name;  // Small letters, digits and '-'; 1 to 64.
  std::string url;
  std::vector<http_client::Secret> keys;  // The new one first; 1 or 2.
  http_client::Secret authorization;      // A header of this name; empty: none.
  bool starts_at_beginning = false;

  std::vector<std::string> locations;  // Empty: all.
  std::string channel;                 // Empty: all.
  std::vector<v1::OrderEventKind> kinds;
  bool include_codes = false;
  EventStyle style;

  QueueOptions queue;
  PatienceOptions patience;
  size_t backlog_max = 100'000;
  http_client::HttpClientOptions http;
};

struct WebhookConfig {
  std::filesystem::path state_file;
  std::filesystem::path letter_folder;
  std::string log_level = "info";
  std::chrono::seconds health_interval{60};
  sdk::ChannelOptions daemon;
  sdk::Backoff::Options retry;  // Of the connection to the daemon.
  std::vector<EndpointConfig> endpoints;
};

// Reads and checks everything; paths that are not absolute are meant from the configuration file's
// folder. INVALID_ARGUMENT with all problems, one a line; NOT_FOUND and the like when the file
// cannot be read.
[[nodiscard]] absl::StatusOr<WebhookConfig> LoadWebhookConfig(const std::filesystem::path& path);

}  // namespace stockd::webhook
