// Checks a daemon, as an adapter that does everything wrong.
#pragma once

#include <chrono>
#include <string>

#include "adapters/check/report.h"

namespace stockd::check {

struct DaemonCheckOptions {
  std::string address;
  // A source that the daemon is configured with, whose absolute quantities count.
  std::string source;
  // For each check.
  std::chrono::milliseconds patience{15'000};
};

// Puts an item and a location of its own (CHECK-ITEM, CHECK-PLACE), and changes their stock: for a
// daemon that serves nobody else. Takes about 12 seconds, because a hello may be missing for 10.
[[nodiscard]] Report CheckDaemonAt(const DaemonCheckOptions& options);

}  // namespace stockd::check
