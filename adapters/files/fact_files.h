// Files of facts: sales, returns, counts, receipts, adjustments.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <string>

#include "adapters/files/file_context.h"
#include "adapters/files/file_kind.h"
#include "adapters/files/file_report.h"

namespace stockd::files {

// Rows of a file that are sent again at most after its adapter was killed, however fast they go: so
// many may lie between the place that the state store holds and the last row that was sent. Above
// the daemon's adapters.batch_size_max times batches_in_flight_max by default, so that it holds up
// nothing.
inline constexpr int64_t kRowsRepeatedMax = 10'000;

// Sends a claimed file, going on where an earlier run stopped, and waits until everything is
// acknowledged. The state store then holds the progress with its finished_name set; the caller
// finishes the file and removes the progress.
//   INVALID_ARGUMENT   the file is of no use as a whole: no header, columns missing. Nothing was
//                      sent.
//   CANCELLED          a stop was requested; the file goes on later.
//   any other          the session's failure, or the disk's; the file goes on later.
[[nodiscard]] absl::StatusOr<FileProgress> SendFactFile(const FileContext& context, FileKind kind,
                                                        const std::string& name);

}  // namespace stockd::files
