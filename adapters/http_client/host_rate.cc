#include "adapters/http_client/host_rate.h"

#include <algorithm>
#include <cmath>

namespace stockd::http_client {
namespace {

using std::chrono::milliseconds;

constexpr double kSlowest = 1.0 / 16;   // Of the configured rate.
constexpr double kRecovery = 1.0 / 64;  // Of the configured rate, with each reply.

}  // namespace

HostRate::HostRate(HttpRate rate, sdk::SteadyTime now)
    : configured_(rate),
      requests_per_s_(rate.requests_per_s),
      tokens_(std::max(1.0, rate.burst)),
      filled_at_(now),
      quiet_until_(now) {}

std::optional<milliseconds> HostRate::TakeTurn(sdk::SteadyTime now, milliseconds wait_max) {
  milliseconds wait =
      std::max(std::chrono::ceil<milliseconds>(quiet_until_ - now), milliseconds(0));
  if (requests_per_s_ <= 0) return wait <= wait_max ? std::optional(wait) : std::nullopt;
  const double elapsed_s = std::chrono::duration<double>(now - filled_at_).count();
  if (elapsed_s > 0) {
    tokens_ = std::min(std::max(1.0, configured_.burst), tokens_ + elapsed_s * requests_per_s_);
    filled_at_ = now;
  }
  const double missing = 1 - tokens_;
  if (missing > 0) {
    wait = std::max(
        wait, milliseconds(static_cast<int64_t>(std::ceil(missing / requests_per_s_ * 1000))));
  }
  if (wait > wait_max) return std::nullopt;
  tokens_ -= 1;
  return wait;
}

void HostRate::SlowDown(sdk::SteadyTime now, milliseconds pause) {
  quiet_until_ = std::max(quiet_until_, now + pause);
  requests_per_s_ = std::max(configured_.requests_per_s * kSlowest, requests_per_s_ / 2);
  tokens_ = std::min(tokens_, 1.0);  // No burst right after the pause.
}

void HostRate::SpeedUp() {
  requests_per_s_ = std::min(configured_.requests_per_s,
                             requests_per_s_ + configured_.requests_per_s * kRecovery);
}

}  // namespace stockd::http_client
