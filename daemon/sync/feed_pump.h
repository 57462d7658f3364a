#pragma once

#include <absl/synchronization/mutex.h>

#include <memory>
#include <thread>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/engine/change_log.h"

namespace stockd::sync {

// Someone who sends levels when there are new ones.
class Subscriber {
 public:
  virtual ~Subscriber() = default;

  // Called on the pump's thread when something may have changed and about once a second. Must not
  // block. Returns false when the subscriber is done and shall be forgotten.
  virtual bool Pump(Timestamp now) = 0;
};

// One thread that wakes the subscribers after each commit, so that the writer never waits for them.
// Thread-safe.
class FeedPump {
 public:
  explicit FeedPump(const Clock& clock) : clock_(clock) {}
  ~FeedPump() { Stop(); }
  FeedPump(const FeedPump&) = delete;
  FeedPump& operator=(const FeedPump&) = delete;

  // Listens to the log. Called before the engine starts.
  void Start(engine::ChangeLog& changes);
  void Stop();

  void Add(std::shared_ptr<Subscriber> subscriber);
  // Something other than a commit happened: a reader is ready again.
  void Kick();

  Timestamp Now() const { return clock_.Now(); }

 private:
  void Loop();

  const Clock& clock_;
  absl::Mutex mutex_;
  absl::CondVar changed_;
  bool kicked_ ABSL_GUARDED_BY(mutex_) = false;
  bool idle_ ABSL_GUARDED_BY(mutex_) = true;  // There is no subscriber whom a commit could concern.
  bool ends_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::shared_ptr<Subscriber>> added_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace stockd::sync
