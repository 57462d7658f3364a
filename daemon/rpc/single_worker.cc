#include "daemon/rpc/single_worker.h"

#include <utility>

namespace stockd::rpc {

SingleWorker::~SingleWorker() {
  std::thread thread;
  {
    const absl::MutexLock lock(&mutex_);
    stopped_ = true;
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

bool SingleWorker::TryStart(absl::AnyInvocable<void()> work, absl::AnyInvocable<void()> report) {
  const absl::MutexLock lock(&mutex_);
  if (busy_ || stopped_) return false;
  // The thread of the job before has done its work and only has to report.
  if (thread_.joinable()) thread_.join();
  busy_ = true;
  thread_ = std::thread([this, work = std::move(work), report = std::move(report)]() mutable {
    work();
    {
      const absl::MutexLock done(&mutex_);
      busy_ = false;
    }
    report();
  });
  return true;
}

void SingleWorker::Stop() {
  const absl::MutexLock lock(&mutex_);
  stopped_ = true;
}

bool SingleWorker::busy() const {
  const absl::MutexLock lock(&mutex_);
  return busy_;
}

}  // namespace stockd::rpc
