#pragma once

#include <grpcpp/support/status.h>

namespace stockd::rpc {

// Whatever cannot be read as the message of its method (bytes that are no message, text that is not
// UTF-8) never reaches a service: gRPC answers it itself, as if the method did not exist. This is
// the answer that the caller gets instead: INVALID_ARGUMENT (MESSAGE_MALFORMED).
grpc::Status MessageMalformed();

}  // namespace stockd::rpc
