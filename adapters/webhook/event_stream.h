// OrderService.WatchOrderEvents without gRPC's types.
#pragma once

#include <absl/status/status.h>

#include <memory>

#include "stockd/v1/order_service.pb.h"

namespace grpc {
class Channel;
}

namespace stockd::webhook {

// One stream. One thread reads; Cancel() may come from any.
class EventStream {
 public:
  virtual ~EventStream() = default;

  // Blocks until a message came. False: the stream is over, Finish() says why.
  virtual bool Read(v1::WatchOrderEventsResponse* message) = 0;
  virtual void Cancel() = 0;
  // How the stream ended. Called once, after Read() returned false.
  virtual absl::Status Finish() = 0;
};

// Begins a stream; errors show at the first Read().
[[nodiscard]] std::unique_ptr<EventStream> OpenEventStream(
    const std::shared_ptr<grpc::Channel>& channel, const v1::WatchOrderEventsRequest& request);

}  // namespace stockd::webhook
