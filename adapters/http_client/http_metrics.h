// What became of calls.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace stockd::http_client {

// Why an attempt brought no reply that the caller may see.
enum class HttpFailure {
  kNone,
  kInvalid,      // The request itself.
  kResolve,      // The host's name is unknown.
  kConnect,      // Refused, unreachable.
  kTls,          // No understanding on encryption.
  kCertificate,  // The server is not who it should be. Never tried again.
  kConnectTimeout,
  kFirstByteTimeout,
  kIdleTimeout,
  kWholeTimeout,
  kConnectionLost,  // Reset or closed before a reply.
  kTruncated,       // Closed in the middle of a reply.
  kTooLarge,        // Body or headers beyond the limits. Never tried again.
  kMalformed,       // Not HTTP, or what was packed cannot be unpacked. Never tried again.
  kTurnTooLate,     // The host's rate gives no turn within the time of the call.
  kStopped,
};
inline constexpr size_t kHttpFailureCount = static_cast<size_t>(HttpFailure::kStopped) + 1;

// "connect_timeout" and the like, for logs and metrics.
[[nodiscard]] std::string_view NameOf(HttpFailure failure);

// Since the start of the process.
struct HttpMetrics {
  int64_t calls = 0;
  int64_t attempts = 0;
  int64_t retries = 0;
  int64_t replies_2xx = 0;
  int64_t replies_3xx = 0;
  int64_t replies_4xx = 0;  // 429 among them.
  int64_t replies_5xx = 0;
  int64_t replies_429 = 0;
  int64_t waits = 0;  // Of calls for their turn, by the rate.
  // Failed attempts by reason.
  std::array<int64_t, kHttpFailureCount> failures{};

  int64_t failed(HttpFailure failure) const { return failures[static_cast<size_t>(failure)]; }
};

// One line of named values for the log.
[[nodiscard]] std::string ToLogLine(const HttpMetrics& metrics);

}  // namespace stockd::http_client
