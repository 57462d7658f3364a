// The connection to the daemon, and what its answers mean to an adapter.
#pragma once

#include <absl/status/status.h>

#include <chrono>
#include <memory>
#include <string>

namespace grpc {
class Channel;
class Status;
}  // namespace grpc

namespace stockd::sdk {

// Opens a connection in the background; nothing is wrong yet when the daemon is not there.
// `address` is host:port or unix:/path. `retry_max` bounds the time between two tries to connect.
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
