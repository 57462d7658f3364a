// Rows of a CSV file with a header.
#pragma once

#include <absl/status/statusor.h>

#include <filesystem>
#include <memory>

#include "adapters/files/row_reader.h"

namespace stockd::files {

// INVALID_ARGUMENT without a readable header. Rows with more or fewer fields than the header are
// bad.
[[nodiscard]] absl::StatusOr<std::unique_ptr<RowReader>> OpenCsvRows(
    const std::filesystem::path& path, const AdapterConfig& config);

}  // namespace stockd::files
