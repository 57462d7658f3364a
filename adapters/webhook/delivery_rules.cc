#include "adapters/webhook/delivery_rules.h"

#include <absl/status/status.h>
#include <fmt/format.h>

#include <algorithm>

namespace stockd::webhook {

Verdict Judge(const absl::StatusOr<http_client::HttpReply>& reply) {
  if (absl::IsCancelled(reply.status())) return Verdict::kCutOff;
  if (!reply.ok()) return Verdict::kEndpoint;
  if (reply->is_success()) return Verdict::kDelivered;
  switch (reply->status) {
    case 410: return Verdict::kGone;
    case 400:
    case 409:
    case 413:
    case 415:
    case 422: return Verdict::kRefused;
    default: return Verdict::kEndpoint;  // Of some hundred numbers.
  }
}

std::string ErrorOf(const absl::StatusOr<http_client::HttpReply>& reply) {
  if (reply.ok()) return fmt::format("status {}", reply->status);
  return std::string(reply.status().message());
}

bool IsGivenUp(const PatienceOptions& options, Verdict verdict, int attempts,
               sdk::Timestamp first_attempt, sdk::Timestamp now) {
  if (verdict == Verdict::kRefused) return attempts >= options.refused_attempts_max;
  return attempts >= options.attempts_max && now - first_attempt >= options.give_up_after;
}

std::chrono::milliseconds PauseAfter(const PatienceOptions& options, int attempts,
                                     uint64_t chance) {
  std::chrono::milliseconds step = options.retry_initial;
  for (int i = 1; i < attempts && step < options.retry_max; ++i) step *= 2;
  step = std::min(step, options.retry_max);
  const int64_t half = step.count() / 2;
  return std::chrono::milliseconds(step.count() - half +
                                   static_cast<int64_t>(chance % static_cast<uint64_t>(half + 1)));
}

}  // namespace stockd::webhook
