// Rows of a JSON lines file: one object a line.
#pragma once

#include <absl/status/statusor.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "adapters/files/row_reader.h"

namespace stockd::files {

// Of each object the members named by `columns` are read: texts as they are, numbers and flags as
// they are written, null as nothing. A line that is not an object, or where one of the members is
// an object or array, is bad.
[[nodiscard]] absl::StatusOr<std::unique_ptr<RowReader>> OpenJsonRows(
    const std::filesystem::path& path, std::vector<std::string> columns);

}  // namespace stockd::files
