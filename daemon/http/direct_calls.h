#pragma once

#include <absl/container/flat_hash_map.h>
#include <google/protobuf/descriptor.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <utility>

#include "daemon/http/calls.h"

namespace stockd::http {

// Calls some methods of the services as functions, on the caller's thread, and leaves all others to
// `rest`. For methods that are called most and never block: the way through gRPC costs several
// times what they do. Filled before the first call; thread-safe from then on.
class DirectCalls final : public Calls {
 public:
  explicit DirectCalls(std::unique_ptr<Calls> rest) : rest_(std::move(rest)) {}

  // A method of a service, which outlives this. It answers through its context's default reactor
  // and asks the context for nothing else. A message of the contract belongs to one method, so the
  // request names it.
  template <typename Service, typename Request, typename Response>
  void Add(Service& service,
           grpc::ServerUnaryReactor* (Service::*method)(grpc::CallbackServerContext*,
                                                        const Request*, Response*)) {
    functions_[Request::descriptor()] = [&service, method](grpc::CallbackServerContext* context,
                                                           const Message* request,
                                                           Message* response) {
      return (service.*method)(context, static_cast<const Request*>(request),
                               static_cast<Response*>(response));
    };
  }

  std::shared_ptr<UnaryCall> NewUnary(const Method& method, Timeout timeout) override;
  std::shared_ptr<StreamCall> NewStream(const Method& method, Timeout timeout) override;

  using Message = google::protobuf::Message;
  using Function = std::function<grpc::ServerUnaryReactor*(grpc::CallbackServerContext*,
                                                           const Message*, Message*)>;

 private:
  const std::unique_ptr<Calls> rest_;
  absl::flat_hash_map<const google::protobuf::Descriptor*, Function> functions_;
};

}  // namespace stockd::http
