#include "daemon/rpc/metered_calls.h"

#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/server_context.h>

#include <string>

#include "daemon/rpc/malformed_message.h"

namespace stockd::rpc {
namespace {

using grpc::experimental::InterceptionHookPoints;

// Callers from outside have an address; a channel within the process has none.
bool IsFromOutside(const std::string& peer) {
  return peer.starts_with("ipv4:") || peer.starts_with("ipv6:") || peer.starts_with("unix");
}

class Watch final : public grpc::experimental::Interceptor {
 public:
  // `row` is null for calls that are not noted here.
  Watch(bool is_unary, CallMeter::Row* row, const Clock& clock)
      : is_unary_(is_unary), row_(row), clock_(clock) {
    if (row_ != nullptr) began_at_ = clock_.Now();
  }

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      ExplainStatus(*methods);
      if (row_ != nullptr) {
        row_->Note(methods->GetSendStatus().error_code(), clock_.Now() - began_at_);
      }
    }
    methods->Proceed();
  }

 private:
  // No service of ours answers UNIMPLEMENTED: a method that exists was called with something
  // unreadable.
  void ExplainStatus(grpc::experimental::InterceptorBatchMethods& methods) const {
    if (is_unary_ && methods.GetSendStatus().error_code() == grpc::StatusCode::UNIMPLEMENTED) {
      methods.ModifySendStatus(MessageMalformed());
    }
  }

  const bool is_unary_;
  CallMeter::Row* const row_;
  const Clock& clock_;
  Timestamp began_at_{};
};

// One object for each call does both: gRPC asks each of them at every step of a call.
class Factory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  Factory(CallMeter& meter, const Clock& clock) : meter_(meter), clock_(clock) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override {
    const bool is_unary = info->type() == grpc::experimental::ServerRpcInfo::Type::UNARY;
    const bool is_noted = IsFromOutside(info->server_context()->peer());
    if (!is_unary && !is_noted) return nullptr;
    // gRPC takes ownership.
    return new Watch(is_unary, is_noted ? &RowOf(info->method()) : nullptr, clock_);
  }

 private:
  // The meter makes a text to look one up.
  CallMeter::Row& RowOf(absl::string_view method) {
    {
      const absl::ReaderMutexLock lock(&mutex_);
      if (const auto found = rows_.find(method); found != rows_.end()) return *found->second;
    }
    CallMeter::Row& row = meter_.RowOf({method.data(), method.size()}, "grpc");
    const absl::MutexLock lock(&mutex_);
    rows_.emplace(std::string(method), &row);
    return row;
  }

  CallMeter& meter_;
  const Clock& clock_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, CallMeter::Row*> rows_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> WatchedCalls(
    CallMeter& meter, const Clock& clock) {
  return std::make_unique<Factory>(meter, clock);
}

}  // namespace stockd::rpc
