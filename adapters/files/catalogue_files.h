// Files of what the catalogue keeps: items, locations, groups, channels, safety stocks, supplies.
#pragma once

#include <absl/status/statusor.h>

#include <string>

#include "adapters/files/file_context.h"
#include "adapters/files/file_kind.h"
#include "adapters/files/file_report.h"

namespace stockd::files {

// Puts the rows of a claimed file, up to 1000 at once. A row that the daemon refuses (an unknown
// SKU, a changed scale) is set aside with the daemon's reason, the others go on. Records are whole
// replacements, so after a crash the file is simply sent again.
//   INVALID_ARGUMENT   the file is of no use as a whole: no header, columns missing. Nothing was
//   sent. CANCELLED          a stop was requested. any other          the daemon refuses this
//   adapter, or the disk failed.
[[nodiscard]] absl::StatusOr<FileReport> SendCatalogueFile(const FileContext& context,
                                                           FileKind kind, const std::string& name);

}  // namespace stockd::files
