#pragma once

#include <atomic>

namespace stockd::rpc {

// Lets several threads ask one stream to move without two of them moving it at once, and without
// recursion when gRPC calls back from inside a start: the first asker drives, the others only leave
// a note. Thread-safe.
class WireDriver {
 public:
  // Calls `step` on this thread at least once after this call began, unless another thread is
  // driving: then that thread calls it once more.
  template <typename Step>
  void Ask(Step step) {
    if (asked_.fetch_add(1, std::memory_order_acq_rel) != 0) return;
    int seen = 1;
    while (true) {
      step();
      // Notes that arrived meanwhile are served by one more step; without any, the next asker
      // drives.
      if (asked_.compare_exchange_strong(seen, 0, std::memory_order_acq_rel)) return;
    }
  }

 private:
  std::atomic<int> asked_{0};
};

}  // namespace stockd::rpc
