// Checks an adapter, whatever it is written in.
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "adapters/check/report.h"

namespace stockd::check {

struct AdapterCheckOptions {
  // `{daemon}` in it becomes the address to connect to, `{config}` the path of the configuration
  // made from `config_template`. The address is in the environment too: STOCKD_DAEMON.
  std::vector<std::string> command;
  // A file in which `{daemon}` becomes the address; empty: none.
  std::filesystem::path config_template;
  // For everything up to SIGTERM.
  std::chrono::milliseconds patience{40'000};
  // Between the end of a stream and the beginning of the next.
  std::chrono::milliseconds reconnect_max{15'000};
  // After SIGTERM.
  std::chrono::milliseconds stop_max{10'000};
  std::chrono::milliseconds half_open{2000};
  // Nothing but health for so long: the adapter has nothing more to tell.
  std::chrono::milliseconds quiet{1000};
  // What is tried on a stream waits so long for its occasion: facts, or levels.
  std::chrono::milliseconds act_patience{2000};
  // For the answer to a request for a snapshot, which need not come.
  std::chrono::milliseconds snapshot_patience{2000};
  // Where the conversation is written to; empty: nowhere.
  std::filesystem::path recording;
};

// Starts the adapter, plays a daemon with all its bad days to it, ends it with SIGTERM.
// NOT_FOUND and the like when the adapter cannot be started or a file not be read or written.
[[nodiscard]] absl::StatusOr<Report> CheckAdapter(const AdapterCheckOptions& options);

}  // namespace stockd::check
