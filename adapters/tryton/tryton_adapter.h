// The adapter at work.
#pragma once

#include <absl/status/status.h>

#include <stop_token>

#include "adapters/tryton/adapter_config.h"

namespace stockd::tryton {

// Serves until a stop is requested or SIGTERM comes. OK: it ended in good order; else why it cannot
// go on: the state cannot be opened, the daemon refuses the source.
[[nodiscard]] absl::Status RunTrytonAdapter(const AdapterConfig& config, std::stop_source stop);

}  // namespace stockd::tryton
