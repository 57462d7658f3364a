#pragma once

#include <absl/synchronization/mutex.h>

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "daemon/base/ids.h"
#include "daemon/base/time.h"

namespace stockd::engine {

// A position and the version it got by a commit.
struct Change {
  Sequence sequence = 0;
  PositionKey position;
};

// The latest changes in the order of their sequence numbers, in a ring of fixed size. Every reader
// keeps its own cursor, so a slow one costs no memory: when the ring has overtaken it, it reads the
// index anew instead. Thread-safe.
class ChangeLog {
 public:
  explicit ChangeLog(size_t capacity = size_t{1} << 18);

  // Sets where the log begins; what came before is only in the index. Called once, before
  // everything else.
  void Start(Sequence sequence);

  // Adds the changes of one commit, ordered by sequence, with the instant it was decided at, and
  // wakes the listeners. Called by the writer.
  void Append(std::span<const Change> changes, Timestamp now);

  // Appends at most `limit` changes after `cursor` to `changes`. False when some of them are not in
  // the ring any more.
  bool Read(Sequence cursor, size_t limit, std::vector<Change>& changes) const;

  // Sequence of the newest change.
  Sequence newest() const;

  // When the commit was decided that brought this sequence; empty when it is not among the last
  // kCommitsKept, or from before the start.
  std::optional<Timestamp> DecidedAt(Sequence sequence) const;

  // Calls `listener` after each Append() and each WakeListeners(), on the caller's thread: it must
  // be quick and must not come back here. Listeners are never removed; they live as long as the
  // log. Called before the writer starts.
  void Listen(std::function<void()> listener);

 private:
  mutable absl::Mutex mutex_;
  std::vector<Change> ring_ ABSL_GUARDED_BY(mutex_);
  size_t appended_ ABSL_GUARDED_BY(mutex_) =
      0;  // Changes ever appended; the newest is at (appended_ - 1) % size.
  Sequence forgotten_ ABSL_GUARDED_BY(mutex_) = 0;  // Changes up to here are not in the ring.
  Sequence newest_ ABSL_GUARDED_BY(mutex_) = 0;
  Sequence begin_ ABSL_GUARDED_BY(mutex_) = 0;  // What came up to here is from before the start.
  // The last commits, as a ring, by the newest sequence of each.
  static constexpr size_t kCommitsKept = 4096;
  struct Commit {
    Sequence newest = 0;
    Timestamp at{};
  };
  std::array<Commit, kCommitsKept> commits_ ABSL_GUARDED_BY(mutex_){};
  size_t commit_count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::function<void()>> listeners_;  // Constant once the writer runs.
};

}  // namespace stockd::engine
