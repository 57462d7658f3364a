#pragma once

#include <grpcpp/support/server_interceptor.h>

#include <memory>

namespace stockd::rpc {

// Whatever cannot be read as the message of its method (bytes that are no message, text that is not
// UTF-8) never reaches a service: gRPC answers it itself, as if the method did not exist. Makes
// that answer INVALID_ARGUMENT (MESSAGE_MALFORMED). For unary methods.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> ExplainMalformedMessages();

// That answer.
grpc::Status MessageMalformed();

}  // namespace stockd::rpc
