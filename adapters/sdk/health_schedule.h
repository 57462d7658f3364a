// When the adapter tells the daemon how it fares.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/sdk/clock.h"

namespace stockd::sdk {

// At the beginning of a stream, then once in each interval, and at once when the trouble changes.
// Reads no clock. For one thread at a time.
class HealthSchedule {
 public:
  explicit HealthSchedule(std::chrono::milliseconds interval) : interval_(interval) {}

  // A stream begins.
  void Restart() { sent_at_.reset(); }

  bool IsDue(SteadyTime now, std::string_view trouble) const {
    return !sent_at_ || now - *sent_at_ >= interval_ || trouble != sent_trouble_;
  }

  void NoteSent(SteadyTime now, std::string_view trouble) {
    sent_at_ = now;
    sent_trouble_ = trouble;
  }

 private:
  const std::chrono::milliseconds interval_;
  std::optional<SteadyTime> sent_at_;
  std::string sent_trouble_;
};

}  // namespace stockd::sdk
