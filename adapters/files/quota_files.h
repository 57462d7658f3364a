// Quotas of tills, asked for and given back by files.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>

#include "adapters/files/file_context.h"
#include "adapters/files/file_report.h"

namespace stockd::files {

// Sends a claimed file of quotas, row by row: each asks for one, or gives one back. What the daemon
// refuses is set aside with its reason. Sent again as a whole after a crash, which changes nothing.
//   INVALID_ARGUMENT   the file is of no use as a whole: no header, columns missing.
//   CANCELLED          a stop was requested.
//   any other          the daemon cannot be asked, or the disk refuses; the file goes on later.
[[nodiscard]] absl::StatusOr<FileReport> SendQuotaFile(const FileContext& context,
                                                       const std::string& name);

// Replaces the quota file by the quotas that are open now, of this source and its tills.
[[nodiscard]] absl::Status WriteQuotaFile(const FileContext& context);

}  // namespace stockd::files
