#pragma once

#include <cstdint>

#include "tests/support/grpc_client.h"

namespace stockd::system_test {

// Whether an answer leaves open what became of the call, or says that it was not taken: then the
// same call, with the same ids, is made again.
[[nodiscard]] inline bool IsOpen(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED: return true;
    default: return false;
  }
}

// Makes a call as a caller does who has to know: until it is answered, through any number of
// crashes of the daemon. Gives up, with the last status, after kPatience. `repeated` counts the
// calls that were made again.
template <typename Stub, typename Request, typename Response>
grpc::Status CallUntilAnswered(support::GrpcClient& client, Stub& stub,
                               grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                            Response*),
                               const Request& request, Response& response, int64_t& repeated) {
  const support::SteadyTime give_up = support::In();
  for (;;) {
    response.Clear();
    grpc::Status status = client.Call(stub, method, request, response, std::chrono::seconds(5));
    if (!IsOpen(status) || support::SteadyNow() > give_up) return status;
    ++repeated;
  }
}

}  // namespace stockd::system_test
