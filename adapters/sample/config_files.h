// The configuration of stockd and of the three adapters, for the sample.
#pragma once

#include <absl/status/status.h>

#include <string>

#include "adapters/sample/sample_directory.h"

namespace stockd::sample {

// Where the daemon shall listen, as host:port; port 0 takes any free one.
struct ListenAddresses {
  std::string grpc = "127.0.0.1:0";
  std::string http = "127.0.0.1:0";
};

// Writes config/stockd.toml.
[[nodiscard]] absl::Status WriteDaemonConfig(const SampleDirectory& directory,
                                             const ListenAddresses& listen);

// Writes config/{erp,pos,web}.toml for a daemon at `address`.
[[nodiscard]] absl::Status WriteAdapterConfigs(const SampleDirectory& directory,
                                               const std::string& address);

}  // namespace stockd::sample
