// Calls that are repeated until the daemon answers.
#pragma once

#include <absl/status/status.h>

#include <functional>
#include <stop_token>
#include <string_view>

#include "adapters/sdk/backoff.h"

namespace stockd::sdk {

// Calls `attempt` until it succeeds or fails in a way that repetition cannot mend, with pauses that
// grow. CANCELLED when `stop` is requested. `what` names the call in the log.
[[nodiscard]] absl::Status Retry(std::string_view what, Backoff::Options pauses,
                                 std::stop_token stop,
                                 const std::function<absl::Status()>& attempt);

}  // namespace stockd::sdk
