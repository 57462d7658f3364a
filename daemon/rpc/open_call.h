#pragma once

#include <absl/synchronization/mutex.h>
#include <grpcpp/support/server_callback.h>

#include <utility>

namespace stockd::rpc {

// A unary call that a long job answers, unless the daemon stops first. It is answered once: whoever
// comes second finds it gone. Thread-safe.
class OpenCall {
 public:
  explicit OpenCall(grpc::ServerUnaryReactor* reactor) : reactor_(reactor) {}

  // Answers; `fill` completes the response, which must not be touched in any other way. Does
  // nothing when the call was answered already.
  template <typename Fill>
  void Finish(const grpc::Status& status, Fill fill) {
    grpc::ServerUnaryReactor* reactor = nullptr;
    {
      const absl::MutexLock lock(&mutex_);
      reactor = std::exchange(reactor_, nullptr);
    }
    if (reactor == nullptr) return;
    fill();
    reactor->Finish(status);
  }
  void Finish(const grpc::Status& status) {
    Finish(status, [] {});
  }

 private:
  absl::Mutex mutex_;
  grpc::ServerUnaryReactor* reactor_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::rpc
