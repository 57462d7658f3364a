#include "daemon/rpc/malformed_message.h"

#include "daemon/rpc/status.h"

namespace stockd::rpc {
namespace {

using grpc::experimental::InterceptionHookPoints;

class Explanation final : public grpc::experimental::Interceptor {
 public:
  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    // No service of ours answers UNIMPLEMENTED: a method that exists was called with something
    // unreadable.
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS) &&
        methods->GetSendStatus().error_code() == grpc::StatusCode::UNIMPLEMENTED) {
      methods->ModifySendStatus(MessageMalformed());
    }
    methods->Proceed();
  }
};

class Factory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override {
    // gRPC takes ownership.
    return info->type() == grpc::experimental::ServerRpcInfo::Type::UNARY ? new Explanation
                                                                          : nullptr;
  }
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> ExplainMalformedMessages() {
  return std::make_unique<Factory>();
}

grpc::Status MessageMalformed() {
  return MakeStatus(grpc::StatusCode::INVALID_ARGUMENT, "MESSAGE_MALFORMED",
                    "The bytes are not a message of this method, or a text in it is not UTF-8. "
                    "Check the caller's "
                    "protocol files and the encoding of its texts.",
                    {});
}

}  // namespace stockd::rpc
