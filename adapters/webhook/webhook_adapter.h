// Follows the daemon's order events and sends them to every endpoint.
#pragma once

#include <absl/status/status.h>

#include <stop_token>

#include "adapters/webhook/webhook_config.h"

namespace stockd::webhook {

// Runs until `stop` is requested, or SIGTERM or SIGINT comes: OK. Else what cannot go on by itself:
// the state file or the folder of letters cannot be used.
[[nodiscard]] absl::Status RunWebhookAdapter(const WebhookConfig& config, std::stop_source stop);

}  // namespace stockd::webhook
