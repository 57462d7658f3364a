// How a command follows a stream of the daemon.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <utility>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/interrupt.h"

namespace stockd::ctl {

// A daemon that ends stream after stream at once is not one to go on with.
inline constexpr int kEndsInARowMax = 5;

// The call that is open now, for whoever wants to end it from another thread.
class OpenCall {
 public:
  void Set(grpc::ClientContext* context) {
    const std::lock_guard lock(mutex_);
    context_ = context;
    if (cancelled_ && context_ != nullptr) context_->TryCancel();
  }
  void Cancel() {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    if (context_ != nullptr) context_->TryCancel();
  }

 private:
  std::mutex mutex_;
  grpc::ClientContext* context_ = nullptr;  // Guarded by mutex_.
  bool cancelled_ = false;                  // Guarded by mutex_.
};

// Follows a feed until enough was read, somebody ends it, or the daemon is gone for good. `Feed`
// has
//   Request, Response;
//   std::unique_ptr<grpc::ClientReader<Response>> Open(channel, context, const Request&);
//   void Begin(); void Print(const Response&); int Rows(const Response&);
//   void ResumeAt(Request&, uint64_t cursor).
template <typename Feed>
class FeedWatcher {
 public:
  using Request = typename Feed::Request;
  using Response = typename Feed::Response;

  // `messages_max` below 0: without end. Messages without rows do not count.
  FeedWatcher(Session& session, Feed feed, Request request, int64_t messages_max)
      : session_(session),
        request_(std::move(request)),
        messages_rest_(messages_max),
        feed_(std::move(feed)) {
    if (session.client.timeout()) deadline_ = Client::Deadline(*session.client.timeout());
  }

  ExitCode Run() {
    const InterruptGuard guard([this] { open_call_.Cancel(); });
    feed_.Begin();
    while (true) {
      const grpc::Status status = Stream();
      const bool late = status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
      const bool enough = messages_rest_ == 0 || !session_.out || (late && Connected());
      if (enough || guard.interrupted()) break;
      const bool hopeless = !received_ || ++ends_in_a_row_ > kEndsInARowMax;
      if (!IsGone(status) || hopeless || !Reconnect(guard)) throw CallFailed(status);
      if (guard.interrupted()) break;
    }
    const uint64_t cursor = request_.cursor();
    if (cursor != 0) session_.err << "Resume with --cursor " << cursor << "\n";
    return ExitCode::kOk;
  }

 private:
  // Whether the stream ended for a reason that a restart of the daemon explains.
  static bool IsGone(const grpc::Status& status) {
    return status.ok() || status.error_code() == grpc::StatusCode::UNAVAILABLE ||
           status.error_code() == grpc::StatusCode::CANCELLED;
  }

  // A quiet feed is no sign of a daemon that does not answer.
  bool Connected() const {
    return received_ || session_.client.channel()->GetState(false) == GRPC_CHANNEL_READY;
  }

  // Reads until the stream ends, enough was read, or nobody reads what is printed.
  grpc::Status Stream() {
    grpc::ClientContext context;
    if (deadline_) context.set_deadline(*deadline_);
    open_call_.Set(&context);
    const auto reader = feed_.Open(session_.client.channel(), context, request_);
    Response message;
    while (messages_rest_ != 0 && session_.out && reader->Read(&message)) {
      feed_.Print(message);
      received_ = true;
      ends_in_a_row_ = 0;
      if (message.cursor() != 0) feed_.ResumeAt(request_, message.cursor());
      if (messages_rest_ > 0 && feed_.Rows(message) > 0) --messages_rest_;
    }
    if (messages_rest_ == 0 || !session_.out) context.TryCancel();
    const grpc::Status status = reader->Finish();
    open_call_.Set(nullptr);
    return status;
  }

  // Waits up to a minute for the daemon to come back, or until somebody ends the watch.
  bool Reconnect(const InterruptGuard& guard) {
    session_.err << "The daemon is gone; waiting for it to come back.\n";
    constexpr int kTries = 120;
    constexpr std::chrono::milliseconds kPatience{500};
    for (int i = 0; i < kTries && !guard.interrupted(); ++i) {
      if (session_.client.channel()->WaitForConnected(Client::Deadline(kPatience))) return true;
    }
    return guard.interrupted();
  }

  Session& session_;
  Request request_;
  int64_t messages_rest_;  // Below 0: without end.
  Feed feed_;
  OpenCall open_call_;
  std::optional<gpr_timespec> deadline_;  // Of the whole watch.
  bool received_ = false;
  int ends_in_a_row_ = 0;  // Streams that ended without a message.
};

}  // namespace stockd::ctl
