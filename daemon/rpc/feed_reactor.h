#pragma once

#include <absl/synchronization/mutex.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <utility>

#include "daemon/rpc/wire_driver.h"
#include "daemon/sync/feed_pump.h"

namespace stockd::rpc {

// Ends a stream at once.
template <typename Response>
class RefusedFeed final : public grpc::ServerWriteReactor<Response> {
 public:
  explicit RefusedFeed(const grpc::Status& status) { this->Finish(status); }
  void OnDone() override { delete this; }
};

// A stream of messages that are made when the reader is ready for them: the next message is filled
// only after the last one was taken, so a stalled reader holds one message and nothing else. The
// stream deletes itself when it is done.
template <typename Response>
class FeedReactor final : public grpc::ServerWriteReactor<Response>,
                          public sync::Subscriber,
                          public std::enable_shared_from_this<FeedReactor<Response>> {
 public:
  // Fills the (empty) message with what is new; false when there is nothing to say. Called on the
  // pump's thread, never twice at once.
  using Fill = std::function<bool(Timestamp now, Response& message)>;

  // `ended` is called when the stream is gone.
  static FeedReactor* Start(sync::FeedPump& pump, Fill fill, std::function<void()> ended = {}) {
    auto reactor = std::make_shared<FeedReactor>(pump, std::move(fill), std::move(ended));
    reactor->self_ = reactor;
    pump.Add(reactor);
    return reactor.get();
  }

  FeedReactor(sync::FeedPump& pump, Fill fill, std::function<void()> ended)
      : pump_(pump), ended_(std::move(ended)), fill_(std::move(fill)) {}

  bool Pump(Timestamp now) override {
    {
      const absl::MutexLock lock(&mutex_);
      if (finished_) return false;
      if (!writing_ && !cancelled_ && !has_message_) {
        message_.Clear();
        has_message_ = fill_(now, message_);
      }
    }
    Drive();
    return true;
  }

  void OnWriteDone(bool ok) override {
    {
      const absl::MutexLock lock(&mutex_);
      writing_ = false;
      if (!ok) cancelled_ = true;
    }
    pump_.Kick();
    Drive();
  }

  void OnCancel() override {
    {
      const absl::MutexLock lock(&mutex_);
      cancelled_ = true;
    }
    Drive();
  }

  void OnDone() override {
    if (ended_) ended_();
    self_.reset();
  }

 private:
  // Starts what may be started now.
  void Drive() {
    const auto keep = this->shared_from_this();
    driver_.Ask([this] {
      bool write = false;
      bool finish = false;
      {
        const absl::MutexLock lock(&mutex_);
        if (finished_ || writing_) return;
        finish = finished_ = cancelled_;
        write = writing_ = !finish && std::exchange(has_message_, false);
      }
      if (finish) this->Finish(grpc::Status::CANCELLED);
      if (write) this->StartWrite(&message_);
    });
  }

  sync::FeedPump& pump_;
  const std::function<void()> ended_;
  std::shared_ptr<FeedReactor> self_;
  WireDriver driver_;
  absl::Mutex mutex_;
  Fill fill_ ABSL_GUARDED_BY(mutex_);
  bool has_message_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  Response message_;  // Filled under the lock while not writing, read by gRPC while writing.
};

}  // namespace stockd::rpc
