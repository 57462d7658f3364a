// What is tried again, and when.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "adapters/http_client/transfer.h"
#include "adapters/sdk/timestamp_text.h"

namespace stockd::http_client {

// Whether a further attempt may do what this one did not, and cannot do it twice.
[[nodiscard]] bool MayTryAgain(const AttemptOutcome& outcome, bool is_repeatable);

// How long a Retry-After asks to wait: seconds, or a date in one of HTTP's three forms. Not below
// zero, at most `max`. Unset: it cannot be read.
[[nodiscard]] std::optional<std::chrono::milliseconds> RetryAfter(std::string_view value,
                                                                  sdk::Timestamp now,
                                                                  std::chrono::milliseconds max);

}  // namespace stockd::http_client
