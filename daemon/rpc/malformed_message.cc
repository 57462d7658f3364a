#include "daemon/rpc/malformed_message.h"

#include "daemon/rpc/status.h"

namespace stockd::rpc {

grpc::Status MessageMalformed() {
  return MakeStatus(grpc::StatusCode::INVALID_ARGUMENT, "MESSAGE_MALFORMED",
                    "The bytes are not a message of this method, or a text in it is not UTF-8. "
                    "Check the caller's "
                    "protocol files and the encoding of its texts.",
                    {});
}

}  // namespace stockd::rpc
