// What stockd has to come to.
#pragma once

#include <absl/status/status.h>

#include <cstdint>

#include "adapters/sample/sample_directory.h"

namespace stockd::sample {

// Prints sku, location and on_hand (in the smallest unit) of every position of an item that the ERP
// has told about in the first `minutes` of the directory's story, as CSV on standard output,
// ordered by SKU and location.
[[nodiscard]] absl::Status PrintExpectedLevels(const SampleDirectory& directory, int64_t minutes);

}  // namespace stockd::sample
