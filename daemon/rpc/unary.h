#pragma once

#include <grpcpp/support/server_callback.h>

#include "daemon/rpc/status.h"
#include "daemon/storage/reader.h"

namespace stockd::rpc {

// Answers a unary call on the spot.
inline grpc::ServerUnaryReactor* FinishNow(grpc::CallbackServerContext* context,
                                           const grpc::Status& status) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(status);
  return reactor;
}

// The status of `read() -> grpc::Status`, or UNAVAILABLE (STORAGE_READ_FAILED) when the database
// could not be read.
template <typename Read>
grpc::Status ReadOrExplain(Read read) {
  try {
    return read();
  } catch (const storage::ReadError& error) {
    return MakeStatus(grpc::StatusCode::UNAVAILABLE, "STORAGE_READ_FAILED", error.what(), {});
  }
}

}  // namespace stockd::rpc
