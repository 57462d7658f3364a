#include "daemon/sync/feed_pump.h"

#include <absl/time/time.h>

#include <utility>

namespace stockd::sync {

void FeedPump::Start(engine::ChangeLog& changes) {
  changes.Listen([this] { Kick(); });
  thread_ = std::thread([this] { Loop(); });
}

void FeedPump::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    ends_ = true;
    changed_.Signal();
  }
  if (thread_.joinable()) thread_.join();
}

void FeedPump::Add(std::shared_ptr<Subscriber> subscriber) {
  const absl::MutexLock lock(&mutex_);
  added_.push_back(std::move(subscriber));
  idle_ = false;
  kicked_ = true;
  changed_.Signal();
}

void FeedPump::Kick() {
  const absl::MutexLock lock(&mutex_);
  if (kicked_ || idle_) return;
  kicked_ = true;
  changed_.Signal();
}

void FeedPump::Loop() {
  std::vector<std::shared_ptr<Subscriber>> subscribers;
  while (true) {
    {
      const absl::MutexLock lock(&mutex_);
      if (!kicked_ && !ends_) changed_.WaitWithTimeout(&mutex_, absl::Seconds(1));
      if (ends_) return;
      kicked_ = false;
      for (auto& subscriber : added_) subscribers.push_back(std::move(subscriber));
      added_.clear();
    }
    const Timestamp now = clock_.Now();
    std::erase_if(subscribers, [now](const auto& subscriber) { return !subscriber->Pump(now); });
    const absl::MutexLock lock(&mutex_);
    idle_ = subscribers.empty() && added_.empty();
  }
}

}  // namespace stockd::sync
