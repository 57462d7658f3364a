#include "adapters/sdk/retry.h"

#include <spdlog/spdlog.h>

#include <condition_variable>
#include <mutex>

#include "adapters/sdk/daemon_channel.h"
#include "adapters/sdk/random_seed.h"

namespace stockd::sdk {

absl::Status Retry(std::string_view what, Backoff::Options pauses, std::stop_token stop,
                   const std::function<absl::Status()>& attempt) {
  Backoff backoff(pauses, RandomSeed());
  for (;;) {
    if (stop.stop_requested()) return absl::CancelledError("stop was requested");
    const absl::Status status = attempt();
    if (status.ok() || !IsWorthRetrying(status.code())) return status;
    const std::chrono::milliseconds pause = backoff.Next();
    spdlog::warn("call failed, trying again call={} retry_in_ms={} {}", what, pause.count(),
                 status.ToString());
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any stopped;
    stopped.wait_for(lock, stop, pause, [] { return false; });
  }
}

}  // namespace stockd::sdk
