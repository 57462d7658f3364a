#pragma once

#include <atomic>

#include "daemon/base/time.h"

namespace stockd {

// Where the time comes from. Everything below main.cc is handed one, so that a test owns the time.
// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  // May step backwards when the machine's clock is set; callers that need order keep their own
  // maximum.
  virtual Timestamp Now() const = 0;

  // How long a thread may wait in real time for an instant that is `from_now` away on this clock. A
  // clock that only moves by hand answers "for ever": whoever moves it wakes the waiters.
  virtual Duration WaitFor(Duration from_now) const = 0;
};

// The machine's UTC clock.
class SystemClock final : public Clock {
 public:
  Timestamp Now() const override;
  Duration WaitFor(Duration from_now) const override { return from_now; }
};

// A clock that stands still until it is moved. For tests and simulation.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start) : micros_(ToMicros(start)) {}

  Timestamp Now() const override { return FromMicros(micros_.load(std::memory_order_acquire)); }
  Duration WaitFor(Duration) const override { return Duration::max(); }

  void Advance(Duration by) { micros_.fetch_add(by.count(), std::memory_order_acq_rel); }
  void Set(Timestamp time) { micros_.store(ToMicros(time), std::memory_order_release); }

 private:
  std::atomic<int64_t> micros_;
};

}  // namespace stockd
