// The configuration of stockd and of the three adapters, for the sample.
#pragma once

#include <absl/status/status.h>

#include <string>

#include "adapters/sample/sample_directory.h"

namespace stockd::sample {

// Writes config/stockd.toml. `listen` is host:port; port 0 takes any free one.
[[nodiscard]] absl::Status WriteDaemonConfig(const SampleDirectory& directory,
                                             const std::string& listen);

// Writes config/{erp,pos,web}.toml for a daemon at `address`.
[[nodiscard]] absl::Status WriteAdapterConfigs(const SampleDirectory& directory,
                                               const std::string& address);

}  // namespace stockd::sample
