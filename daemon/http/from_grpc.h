#pragma once

#include <grpcpp/support/status.h>

#include "daemon/http/call_status.h"

namespace stockd::http {

// The codes are numbered alike.
inline CallStatus FromGrpc(const grpc::Status& status) {
  return {.code = static_cast<Code>(status.error_code()),
          .message = status.error_message(),
          .details = status.error_details()};
}

}  // namespace stockd::http
