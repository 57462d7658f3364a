#include "daemon/engine/work_queue.h"

#include <utility>

namespace stockd::engine {

WorkQueue::WorkQueue(size_t jobs_max) : jobs_max_(jobs_max), thread_([this] { Loop(); }) {}

bool WorkQueue::TryAdd(absl::AnyInvocable<void()> job) {
  const absl::MutexLock lock(&mutex_);
  if (stopped_ || jobs_.size() >= jobs_max_) return false;
  jobs_.push_back(std::move(job));
  changed_.Signal();
  return true;
}

void WorkQueue::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopped_ = true;
    changed_.Signal();
  }
  if (thread_.joinable()) thread_.join();
}

void WorkQueue::Loop() {
  while (true) {
    absl::AnyInvocable<void()> job;
    {
      const absl::MutexLock lock(&mutex_);
      while (jobs_.empty() && !stopped_) changed_.Wait(&mutex_);
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    job();
  }
}

}  // namespace stockd::engine
