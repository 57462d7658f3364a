// How a sample begins.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>

#include "adapters/sample/sample_directory.h"

namespace stockd::sample {

// Makes the retailer of this seed (1 when unset), with its opening files in the ERP's drop folder;
// or finds the one that is there. Returns a sentence about it.
//   FAILED_PRECONDITION   there is one of another seed, or one so old that its next facts would be
//   refused; the message
//                         says what to do.
[[nodiscard]] absl::StatusOr<std::string> OpenSample(const SampleDirectory& directory,
                                                     std::optional<uint64_t> seed);

}  // namespace stockd::sample
