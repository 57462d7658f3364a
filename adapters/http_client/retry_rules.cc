#include "adapters/http_client/retry_rules.h"

#include <absl/time/time.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "adapters/http_client/field_text.h"

namespace stockd::http_client {
namespace {

using std::chrono::milliseconds;

// IMF-fixdate, RFC 850 and asctime (RFC 9110, 5.6.7). A receiver takes all three.
constexpr const char* kDateForms[] = {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                                      "%a %b %e %H:%M:%S %Y"};

std::optional<absl::Time> ParseHttpDate(std::string_view value) {
  for (const char* form : kDateForms) {
    absl::Time time;
    std::string error;
    if (absl::ParseTime(form, std::string(value), absl::UTCTimeZone(), &time, &error)) return time;
  }
  return std::nullopt;
}

}  // namespace

bool MayTryAgain(const AttemptOutcome& outcome, bool is_repeatable) {
  switch (outcome.failure) {
    case HttpFailure::kNone:
      return is_repeatable && (outcome.reply.status == 429 || outcome.reply.status == 502 ||
                               outcome.reply.status == 503 || outcome.reply.status == 504);
    case HttpFailure::kResolve:
    case HttpFailure::kConnect:
    case HttpFailure::kTls:
    case HttpFailure::kConnectTimeout:
    case HttpFailure::kFirstByteTimeout:
    case HttpFailure::kIdleTimeout:
    case HttpFailure::kWholeTimeout:
    case HttpFailure::kConnectionLost:
    case HttpFailure::kTruncated: return is_repeatable || outcome.is_nothing_sent;
    case HttpFailure::kInvalid:
    case HttpFailure::kCertificate:
    case HttpFailure::kTooLarge:
    case HttpFailure::kMalformed:
    case HttpFailure::kTurnTooLate:
    case HttpFailure::kStopped: return false;
  }
  return false;
}

std::optional<milliseconds> RetryAfter(std::string_view value, sdk::Timestamp now,
                                       milliseconds max) {
  value = Trimmed(value);
  if (value.empty()) return std::nullopt;
  if (std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; })) {
    // More digits than a number has are a long time, too.
    const std::optional<int64_t> seconds = ParseDigits(value);
    return seconds && *seconds <= max.count() / 1000 ? milliseconds(*seconds * 1000) : max;
  }
  const std::optional<absl::Time> date = ParseHttpDate(value);
  if (!date) return std::nullopt;
  const int64_t wait_ms = absl::ToUnixMillis(*date) -
                          std::chrono::duration_cast<milliseconds>(now.time_since_epoch()).count();
  return milliseconds(std::clamp<int64_t>(wait_ms, 0, max.count()));
}

}  // namespace stockd::http_client
