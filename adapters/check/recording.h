// The conversation of an adapter and a daemon, written down.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sdk/clock.h"
#include "stockd/v1/adapter_service.pb.h"

namespace stockd::check {

// One thing that happened, seen at the daemon's end.
struct Event {
  enum class Kind { kOpened, kFromAdapter, kFromDaemon, kClosed };

  int stream = 0;     // The first is 0.
  int64_t at_ms = 0;  // Since the beginning of the recording.
  Kind kind = Kind::kOpened;
  v1::ConnectRequest request;    // kFromAdapter.
  v1::ConnectResponse response;  // kFromDaemon.
  std::string end;               // kClosed: how, for people.
};

// Collects events in the order in which they happen. Thread-safe.
class Recorder {
 public:
  Recorder() : began_at_(sdk::SteadyNow()) {}

  void Add(Event event);
  std::vector<Event> events() const;

 private:
  const sdk::SteadyTime began_at_;
  mutable std::mutex mutex_;
  std::vector<Event> events_;
};

// A recording is a text file of JSON lines:
//   {"stream":0,"at_ms":3,"event":"opened"}
//   {"stream":0,"at_ms":4,"direction":"from_adapter","message":{"hello":{"source":"pos"}}}
//   {"stream":0,"at_ms":5,"direction":"from_daemon","message":{"welcome":{...}}}
//   {"stream":0,"at_ms":9,"event":"closed","end":"UNAVAILABLE"}
// Messages are ConnectRequest and ConnectResponse as protobuf JSON.
[[nodiscard]] absl::Status WriteRecording(const std::vector<Event>& events,
                                          const std::filesystem::path& path);
// INVALID_ARGUMENT with the line's number when a line is not of this form.
[[nodiscard]] absl::StatusOr<std::vector<Event>> ReadRecording(const std::filesystem::path& path);

}  // namespace stockd::check
