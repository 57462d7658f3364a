#pragma once

#include <absl/synchronization/mutex.h>

namespace stockd::http {

// Keeps calls away from the channel inside the process once its server shuts down: gRPC crashes
// when a call begins on a channel whose server is gone. Thread-safe.
class InProcessGate {
 public:
  // Waits for the calls that are just beginning; none begins afterwards. Idempotent.
  void Close() {
    const absl::MutexLock lock(&mutex_);
    is_open_ = false;
    mutex_.Await(absl::Condition(+[](int* beginning) { return *beginning == 0; }, &beginning_));
  }

  // Calls `begin` unless the gate is closed; returns whether it did. May be nested: nothing is
  // locked while `begin` runs.
  template <typename Begin>
  bool Pass(Begin&& begin) {
    {
      const absl::MutexLock lock(&mutex_);
      if (!is_open_) return false;
      ++beginning_;
    }
    begin();
    const absl::MutexLock lock(&mutex_);
    --beginning_;
    return true;
  }

 private:
  absl::Mutex mutex_;
  bool is_open_ = true;  // Guarded by mutex_.
  int beginning_ = 0;    // Guarded by mutex_.
};

}  // namespace stockd::http
