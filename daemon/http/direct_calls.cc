#include "daemon/http/direct_calls.h"

#include <google/protobuf/arena.h>
#include <grpcpp/server_context.h>

#include "daemon/http/from_grpc.h"

namespace stockd::http {
namespace {

using google::protobuf::Message;

// Stands where gRPC's own half of a unary call stands: takes the reactor that the method returns,
// and its status.
class DirectUnary final : public UnaryCall,
                          public grpc::ServerCallbackUnary,
                          public std::enable_shared_from_this<DirectUnary> {
 public:
  DirectUnary(const DirectCalls::Function& function, const Method& method)
      : function_(function),
        request_(method.request->New(&arena_)),
        response_(method.response->New(&arena_)) {}

  Message& request() override { return *request_; }
  const Message& response() const override { return *response_; }

  void Start(Done done) override {
    done_ = std::move(done);
    self_ = shared_from_this();
    // Finish() may come from another thread while this one is still binding.
    const auto keep = self_;
    reactor_ = function_(&context_, request_, response_);
    BindReactor(reactor_);
  }

  void Finish(grpc::Status status) override {
    const auto keep = std::move(self_);
    Done done = std::move(done_);
    done(FromGrpc(status));
  }

  // Never asked for: nothing counts the steps of this call.
  void SendInitialMetadata() override {}

 private:
  grpc::internal::ServerReactor* reactor() override { return reactor_; }
  void CallOnDone() override {}

  const DirectCalls::Function& function_;
  google::protobuf::Arena arena_;
  Message* const request_;
  Message* const response_;
  grpc::CallbackServerContext context_;
  grpc::ServerUnaryReactor* reactor_ = nullptr;
  Done done_;
  std::shared_ptr<DirectUnary> self_;  // From the start until Finish().
};

}  // namespace

// The caller keeps the deadline: a command that waits for the writer cannot be taken back, here or
// in gRPC.
std::shared_ptr<UnaryCall> DirectCalls::NewUnary(const Method& method, Timeout timeout) {
  const auto found = functions_.find(method.request->GetDescriptor());
  if (found == functions_.end()) return rest_->NewUnary(method, timeout);
  return std::make_shared<DirectUnary>(found->second, method);
}

std::shared_ptr<StreamCall> DirectCalls::NewStream(const Method& method, Timeout timeout) {
  return rest_->NewStream(method, timeout);
}

}  // namespace stockd::http
