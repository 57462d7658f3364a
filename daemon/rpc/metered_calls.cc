#include "daemon/rpc/metered_calls.h"

#include <grpcpp/server_context.h>

#include <string>

namespace stockd::rpc {
namespace {

using grpc::experimental::InterceptionHookPoints;

// Callers from outside have an address; a channel within the process has none.
bool IsFromOutside(const std::string& peer) {
  return peer.starts_with("ipv4:") || peer.starts_with("ipv6:") || peer.starts_with("unix");
}

class Noting final : public grpc::experimental::Interceptor {
 public:
  Noting(CallMeter::Row& row, const Clock& clock)
      : row_(row), clock_(clock), began_at_(clock.Now()) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      row_.Note(methods->GetSendStatus().error_code(), clock_.Now() - began_at_);
    }
    methods->Proceed();
  }

 private:
  CallMeter::Row& row_;
  const Clock& clock_;
  const Timestamp began_at_;
};

class Factory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  Factory(CallMeter& meter, const Clock& clock) : meter_(meter), clock_(clock) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override {
    if (!IsFromOutside(info->server_context()->peer())) return nullptr;
    // gRPC takes ownership.
    return new Noting(meter_.RowOf(info->method(), "grpc"), clock_);
  }

 private:
  CallMeter& meter_;
  const Clock& clock_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MeteredCalls(
    CallMeter& meter, const Clock& clock) {
  return std::make_unique<Factory>(meter, clock);
}

}  // namespace stockd::rpc
