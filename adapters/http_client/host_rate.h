// How fast one host is called.
#pragma once

#include <chrono>
#include <optional>

#include "adapters/http_client/http_options.h"
#include "adapters/sdk/clock.h"

namespace stockd::http_client {

// A token bucket whose rate follows the host's 429s. Reads no clock. For one thread at a time.
class HostRate {
 public:
  HostRate(HttpRate rate, sdk::SteadyTime now);

  // Takes the next turn: how long to wait for it. Turns are given in the order of the calls. Unset:
  // it would come later than in `wait_max`, and is not taken.
  [[nodiscard]] std::optional<std::chrono::milliseconds> TakeTurn(
      sdk::SteadyTime now, std::chrono::milliseconds wait_max = std::chrono::hours(24));

  // The host answered 429 (or asked for patience) and may be asked again in `pause`.
  void SlowDown(sdk::SteadyTime now, std::chrono::milliseconds pause);
  // The host answered something else.
  void SpeedUp();

  double requests_per_s() const { return requests_per_s_; }  // 0: no limit.

 private:
  const HttpRate configured_;
  double requests_per_s_;
  double tokens_;  // Below zero: turns that were given ahead.
  sdk::SteadyTime filled_at_;
  sdk::SteadyTime quiet_until_;
};

}  // namespace stockd::http_client
