// How an adapter reaches the daemon: the tables [daemon] and [tls] of its configuration.
#pragma once

#include <filesystem>
#include <string>

#include "adapters/sdk/backoff.h"
#include "adapters/sdk/config_reader.h"
#include "adapters/sdk/daemon_channel.h"

namespace stockd::sdk {

struct DaemonConfig {
  ChannelOptions channel;
  Backoff::Options retry;  // Between two streams.
};

// Reads address and retry_*_ms of `daemon`, and daemon_ca, certificate and key of `tls`. Mistakes
// are noted in the sections; relative paths are meant from `folder`.
[[nodiscard]] DaemonConfig ReadDaemonConfig(ConfigSection daemon, ConfigSection tls,
                                            const std::filesystem::path& folder);

// answer_timeout_ms of the same table: how long an answer of the daemon is waited for.
[[nodiscard]] std::chrono::milliseconds ReadAnswerTimeout(ConfigSection daemon);

// A path of a configuration, meant from `folder` unless it is absolute. Empty stays empty.
[[nodiscard]] std::filesystem::path PathFrom(const std::filesystem::path& folder,
                                             const std::string& path);

}  // namespace stockd::sdk
