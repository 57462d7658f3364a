#pragma once

#include <absl/functional/any_invocable.h>
#include <absl/synchronization/mutex.h>

#include <thread>

namespace stockd::rpc {

// Runs one long job at a time on a thread of its own. Thread-safe.
class SingleWorker {
 public:
  SingleWorker() = default;
  // Waits for the job that runs.
  ~SingleWorker();
  SingleWorker(const SingleWorker&) = delete;
  SingleWorker& operator=(const SingleWorker&) = delete;

  // Starts `work`; when it is done and the next job may start, calls `report` on the same thread.
  // False when another one works or Stop() was called; then nothing happened.
  [[nodiscard]] bool TryStart(absl::AnyInvocable<void()> work, absl::AnyInvocable<void()> report);

  // Takes no more jobs.
  void Stop();
  bool busy() const;

 private:
  mutable absl::Mutex mutex_;
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::rpc
