#pragma once

#include <absl/functional/any_invocable.h>
#include <absl/synchronization/mutex.h>

#include <cstddef>
#include <deque>
#include <thread>

namespace stockd::engine {

// Runs jobs one after the other on a thread of its own: what takes too long for the threads that
// answer everybody. Thread-safe.
class WorkQueue {
 public:
  explicit WorkQueue(size_t jobs_max);
  // Stops.
  ~WorkQueue() { Stop(); }
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  // False when too many wait already, or Stop() was called: the job will not run.
  [[nodiscard]] bool TryAdd(absl::AnyInvocable<void()> job);

  // Takes no more jobs, finishes those it has.
  void Stop();

 private:
  void Loop();

  const size_t jobs_max_;
  absl::Mutex mutex_;
  absl::CondVar changed_;
  std::deque<absl::AnyInvocable<void()>> jobs_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace stockd::engine
