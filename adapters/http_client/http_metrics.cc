#include "adapters/http_client/http_metrics.h"

#include <fmt/format.h>

namespace stockd::http_client {

std::string_view NameOf(HttpFailure failure) {
  switch (failure) {
    case HttpFailure::kNone: return "none";
    case HttpFailure::kInvalid: return "invalid";
    case HttpFailure::kResolve: return "resolve";
    case HttpFailure::kConnect: return "connect";
    case HttpFailure::kTls: return "tls";
    case HttpFailure::kCertificate: return "certificate";
    case HttpFailure::kConnectTimeout: return "connect_timeout";
    case HttpFailure::kFirstByteTimeout: return "first_byte_timeout";
    case HttpFailure::kIdleTimeout: return "idle_timeout";
    case HttpFailure::kWholeTimeout: return "whole_timeout";
    case HttpFailure::kConnectionLost: return "connection_lost";
    case HttpFailure::kTruncated: return "truncated";
    case HttpFailure::kTooLarge: return "too_large";
    case HttpFailure::kMalformed: return "malformed";
    case HttpFailure::kTurnTooLate: return "turn_too_late";
    case HttpFailure::kStopped: return "stopped";
  }
  return "unknown";
}

std::string ToLogLine(const HttpMetrics& metrics) {
  std::string line = fmt::format(
      "calls={} attempts={} retries={} replies_2xx={} replies_3xx={} replies_4xx={} replies_5xx={} "
      "replies_429={} waits={}",
      metrics.calls, metrics.attempts, metrics.retries, metrics.replies_2xx, metrics.replies_3xx,
      metrics.replies_4xx, metrics.replies_5xx, metrics.replies_429, metrics.waits);
  for (size_t i = 1; i < kHttpFailureCount; ++i) {
    if (metrics.failures[i] == 0) continue;
    line += fmt::format(" failed_{}={}", NameOf(static_cast<HttpFailure>(i)), metrics.failures[i]);
  }
  return line;
}

}  // namespace stockd::http_client
