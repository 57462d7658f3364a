#pragma once

#include <grpcpp/channel.h>

#include <memory>

#include "daemon/http/calls.h"
#include "daemon/http/in_process_gate.h"

namespace stockd::http {

// Calls any method of the gRPC server in this process, over a channel that never leaves it: the
// service runs on gRPC's threads, where it may block, and passes the same interceptors and limits
// as a caller from outside. Behind a closed gate, which must be closed before that server shuts
// down, calls are answered with UNAVAILABLE (STOPPING).
std::unique_ptr<Calls> InProcessCalls(std::shared_ptr<grpc::Channel> channel,
                                      std::shared_ptr<InProcessGate> gate);

}  // namespace stockd::http
