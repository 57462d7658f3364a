// How the gateway calls the services, without a word of gRPC.
#pragma once

#include <absl/functional/any_invocable.h>
#include <google/protobuf/message.h>

#include <chrono>
#include <memory>
#include <optional>

#include "daemon/http/call_status.h"
#include "daemon/http/methods.h"

namespace stockd::http {

// A call with one answer. Thread-compatible until it is started.
class UnaryCall {
 public:
  virtual ~UnaryCall() = default;

  // To be filled before Start().
  virtual google::protobuf::Message& request() = 0;
  // Valid once `done` was called with OK; as long as the call lives.
  virtual const google::protobuf::Message& response() const = 0;

  // Begins. `done` is called exactly once, on any thread, perhaps before this returns. The call
  // keeps itself alive until then.
  using Done = absl::AnyInvocable<void(CallStatus)>;
  virtual void Start(Done done) = 0;

  // Nobody waits for the answer any more; `done` is called all the same. Thread-safe.
  virtual void Cancel() {}
};

// A call with a stream of answers, one at a time: nothing is read ahead.
class StreamCall {
 public:
  virtual ~StreamCall() = default;

  virtual google::protobuf::Message& request() = 0;
  // Begins to read the next answer; `done` is called once, on any thread: true with a message in
  // response(), false at the end. REQUIRES: the one before was called. The call keeps itself alive
  // until then.
  virtual void Next(absl::AnyInvocable<void(bool)> done) = 0;
  virtual const google::protobuf::Message& response() const = 0;
  // How it ended. REQUIRES: Next() said false.
  virtual const CallStatus& status() const = 0;
  // Ends it early. Thread-safe, and harmless when it has ended.
  virtual void Cancel() = 0;
};

// Thread-safe.
class Calls {
 public:
  virtual ~Calls() = default;

  using Timeout = std::optional<std::chrono::milliseconds>;
  // The method streams neither way.
  virtual std::shared_ptr<UnaryCall> NewUnary(const Method& method, Timeout timeout) = 0;
  // The server streams.
  virtual std::shared_ptr<StreamCall> NewStream(const Method& method, Timeout timeout) = 0;
};

}  // namespace stockd::http
