#pragma once

#include <grpcpp/support/server_interceptor.h>

#include <memory>

#include "daemon/base/clock.h"
#include "daemon/rpc/call_meter.h"

namespace stockd::rpc {

// Notes every call from outside; those that come through a channel of this process are noted where
// they came in. Makes the answer to a unary call with an unreadable message MessageMalformed().
// Both outlive the server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> WatchedCalls(
    CallMeter& meter, const Clock& clock);

}  // namespace stockd::rpc
