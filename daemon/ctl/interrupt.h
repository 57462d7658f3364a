#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace stockd::ctl {

// While it lives, Ctrl-C and SIGTERM call `on_interrupt` (once, on another thread) instead of
// ending the process. At most one may live at a time.
class InterruptGuard {
 public:
  explicit InterruptGuard(std::function<void()> on_interrupt);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  bool interrupted() const { return interrupted_.load(std::memory_order_acquire); }

 private:
  void Wait();

  std::function<void()> on_interrupt_;
  std::atomic<bool> interrupted_ = false;
  std::thread waiter_;  // Last: it uses the others.
};

}  // namespace stockd::ctl
