// The connection to the daemon, and what its answers mean to an adapter.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace grpc {
class Channel;
class Status;
}  // namespace grpc

namespace stockd::sdk {

// Where the daemon is, and how to prove who is who.
struct ChannelOptions {
  std::string address;  // host:port, or unix:/path.
  // Bounds the time between two tries to connect.
  std::chrono::milliseconds retry_max{10'000};
  // PEM files; any of them switches TLS on. Without an authority the system's ones count.
  std::filesystem::path authority_file;    // Who signed the daemon's certificate.
  std::filesystem::path certificate_file;  // This adapter's chain, together with its key.
  std::filesystem::path key_file;
};

// Opens a connection in the background; nothing is wrong yet when the daemon is not there.
// INVALID_ARGUMENT when only one of certificate and key is named, NOT_FOUND and the like when a
// file cannot be read.
[[nodiscard]] absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(
    const ChannelOptions& options);

// The same without encryption, for a daemon on this machine.
[[nodiscard]] std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address,
                                                         std::chrono::milliseconds retry_max);

// The status of a call, with the reason that the daemon gave in front of its message:
// "SOURCE_UNKNOWN: no source ...".
[[nodiscard]] absl::Status ToAbslStatus(const grpc::Status& status);

// The reason at the beginning of such a message; empty when there is none.
[[nodiscard]] std::string ReasonOf(const absl::Status& status);

// Whether the same call may succeed later: the daemon is away, busy, or another session took over.
// Anything else needs a person.
[[nodiscard]] bool IsWorthRetrying(absl::StatusCode code);

}  // namespace stockd::sdk
