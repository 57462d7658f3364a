// The adapter put together.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <stop_token>

#include "adapters/poslog/poslog_config.h"

namespace stockd::poslog {

struct AdapterOutcome {
  int64_t files_done = 0;
  int64_t files_failed = 0;
};

// Serves until a stop is requested, by `stop` or by SIGTERM or SIGINT. With `once`: until every
// file that waits is acknowledged; nothing is taken over HTTP then.
//   FAILED_PRECONDITION   the drop folder or the state file is in use, or a file is from a newer
//                         version.
//   any other             the disk's failure, that of the address, or the daemon's refusal.
[[nodiscard]] absl::StatusOr<AdapterOutcome> RunPoslogAdapter(const PoslogConfig& config, bool once,
                                                              std::stop_source stop);

}  // namespace stockd::poslog
