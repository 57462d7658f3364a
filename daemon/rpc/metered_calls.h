#pragma once

#include <grpcpp/support/server_interceptor.h>

#include <memory>

#include "daemon/base/clock.h"
#include "daemon/rpc/call_meter.h"

namespace stockd::rpc {

// Notes every call from outside; those that come through a channel of this process are noted where
// they came in. Both outlive the server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MeteredCalls(
    CallMeter& meter, const Clock& clock);

}  // namespace stockd::rpc
