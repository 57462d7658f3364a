// What an answer means for a message.
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "adapters/http_client/http_message.h"
#include "adapters/sdk/timestamp_text.h"

namespace stockd::webhook {

enum class Verdict {
  kDelivered,
  kRefused,   // The receiver does not want this message: 400, 409, 413, 415, 422.
  kEndpoint,  // Nothing about the message: no connection, a time-out, 429, any other reply.
  kGone,      // 410: the endpoint wants no messages any more.
  kCutOff,    // We are stopping.
};

[[nodiscard]] Verdict Judge(const absl::StatusOr<http_client::HttpReply>& reply);

// For people, for example "status 503" or what the client says.
[[nodiscard]] std::string ErrorOf(const absl::StatusOr<http_client::HttpReply>& reply);

struct PatienceOptions {
  std::chrono::milliseconds retry_initial{1000};
  std::chrono::milliseconds retry_max{600'000};
  // A message is given up after so many attempts, and not before so much time.
  int attempts_max = 20;
  std::chrono::hours give_up_after{72};
  // One that the receiver refuses is given up sooner.
  int refused_attempts_max = 5;
};

// Whether a message is given up that was tried `attempts` times, this one among them.
[[nodiscard]] bool IsGivenUp(const PatienceOptions& options, Verdict verdict, int attempts,
                             sdk::Timestamp first_attempt, sdk::Timestamp now);

// The pause after so many attempts: doubles up to the bound; between half and the whole of that, by
// `chance`.
[[nodiscard]] std::chrono::milliseconds PauseAfter(const PatienceOptions& options, int attempts,
                                                   uint64_t chance);

}  // namespace stockd::webhook
