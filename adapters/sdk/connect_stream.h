// AdapterService.Connect without gRPC's types, so that the session's logic does not need gRPC's
// headers.
#pragma once

#include <absl/status/status.h>

#include <memory>

#include "stockd/v1/adapter_service.pb.h"

namespace grpc {
class Channel;
}

namespace stockd::sdk {

// One stream. One thread may read while another writes; Cancel() may come from any.
class ConnectStream {
 public:
  virtual ~ConnectStream() = default;

  // Blocks until the message is handed to the transport. False: the stream is over, Finish() says
  // why.
  virtual bool Write(const v1::ConnectRequest& request) = 0;
  // Says that nothing more will be written.
  virtual void WritesDone() = 0;
  // Blocks until a message came. False: the stream is over, Finish() says why.
  virtual bool Read(v1::ConnectResponse* response) = 0;
  // Ends the stream from this side; blocked calls return false.
  virtual void Cancel() = 0;
  // How the stream ended. Called once, when nobody reads or writes any more.
  virtual absl::Status Finish() = 0;
};

// Begins a stream; errors show at the first Read().
[[nodiscard]] std::unique_ptr<ConnectStream> OpenConnectStream(
    const std::shared_ptr<grpc::Channel>& channel);

}  // namespace stockd::sdk
