#include "daemon/rpc/watch_reactor.h"

#include <absl/synchronization/mutex.h>

#include <memory>
#include <utility>

#include "daemon/rpc/convert.h"
#include "daemon/rpc/wire_driver.h"

namespace stockd::rpc {
namespace {

constexpr size_t kLevelsPerMessage = 1000;
constexpr Duration kIdleNoteEvery = std::chrono::seconds(15);

class WatchReactor final : public grpc::ServerWriteReactor<v1::WatchAvailabilityResponse>,
                           public sync::Subscriber,
                           public std::enable_shared_from_this<WatchReactor> {
 public:
  WatchReactor(engine::Engine& engine, sync::FeedPump& pump, sync::LevelCursor cursor)
      : engine_(engine), pump_(pump), cursor_(std::move(cursor)), written_at_(pump.Now()) {}

  void KeepUntilDone() { self_ = shared_from_this(); }

  bool Pump(Timestamp now) override {
    {
      const absl::MutexLock lock(&mutex_);
      if (finished_) return false;
      if (!writing_ && !cancelled_ && !has_message_) has_message_ = Fill(now);
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

  void OnDone() override { self_.reset(); }

 private:
  // Starts what may be started now.
  void Drive() {
    const auto keep = shared_from_this();
    driver_.Ask([this] {
      bool write = false;
      bool finish = false;
      {
        const absl::MutexLock lock(&mutex_);
        if (finished_ || writing_) return;
        finish = finished_ = cancelled_;
        write = writing_ = !finish && std::exchange(has_message_, false);
      }
      if (finish) Finish(grpc::Status::CANCELLED);
      if (write) StartWrite(&message_);
    });
  }

  // Puts the next levels into the message. False when there is nothing to say.
  bool Fill(Timestamp now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    sync::LevelCursor::Levels next;
    if (!cursor_.Next(kLevelsPerMessage, next) && now < written_at_ + kIdleNoteEvery) return false;
    message_.Clear();
    for (const engine::Level& level : next.levels)
      ToProto(level, engine_, *message_.add_availabilities());
    message_.set_cursor(next.cursor);
    message_.set_caught_up(next.caught_up);
    written_at_ = now;
    return true;
  }

  engine::Engine& engine_;
  sync::FeedPump& pump_;
  std::shared_ptr<WatchReactor> self_;
  WireDriver driver_;
  absl::Mutex mutex_;
  sync::LevelCursor cursor_ ABSL_GUARDED_BY(mutex_);
  Timestamp written_at_ ABSL_GUARDED_BY(mutex_);
  bool has_message_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  v1::WatchAvailabilityResponse
      message_;  // Filled under the lock while not writing, read by gRPC while writing.
};

}  // namespace

grpc::ServerWriteReactor<v1::WatchAvailabilityResponse>* StartWatch(engine::Engine& engine,
                                                                    sync::FeedPump& pump,
                                                                    sync::LevelCursor cursor) {
  auto reactor = std::make_shared<WatchReactor>(engine, pump, std::move(cursor));
  reactor->KeepUntilDone();
  pump.Add(reactor);
  return reactor.get();
}

}  // namespace stockd::rpc
