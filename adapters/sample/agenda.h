// What will happen, in order of time.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

namespace stockd::sample {

// Actions at instants; those of the same instant run in the order in which they were put.
// Thread-compatible.
class Agenda {
 public:
  // The instant of the action that runs, or of the last one.
  int64_t now_ms() const { return now_ms_; }

  // `at_ms` is not before now_ms().
  void Put(int64_t at_ms, std::function<void()> action) {
    entries_.push({.at_ms = at_ms, .sequence = next_sequence_++, .action = std::move(action)});
  }

  // Runs everything before `end_ms`, also what is put meanwhile.
  void RunUntil(int64_t end_ms) {
    while (!entries_.empty() && entries_.top().at_ms < end_ms) {
      const Entry entry = entries_.top();
      entries_.pop();
      now_ms_ = entry.at_ms;
      entry.action();
    }
    now_ms_ = end_ms;
  }

 private:
  struct Entry {
    int64_t at_ms = 0;
    int64_t sequence = 0;
    std::function<void()> action;

    // The queue's top is the largest.
    bool operator<(const Entry& other) const {
      return std::pair(at_ms, sequence) > std::pair(other.at_ms, other.sequence);
    }
  };

  int64_t now_ms_ = 0;
  int64_t next_sequence_ = 0;
  std::priority_queue<Entry> entries_;
};

inline constexpr int64_t kMsPerMinute = 60'000;

}  // namespace stockd::sample
