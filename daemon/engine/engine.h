#pragma once

#include <absl/synchronization/mutex.h>

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/engine/measures.h"
#include "daemon/engine/task.h"
#include "daemon/engine/task_queue.h"
#include "daemon/engine/unit_of_work.h"
#include "daemon/ledger/fact.h"

namespace stockd::engine {

struct EngineOptions {
  // Commands of callers that wait, and as many of streams; beyond it they are told kBusy at once.
  size_t queue_max = 4096;
  size_t batch_max = 1024;  // Weight of the commands in one commit.
  int expiries_per_batch_max =
      512;  // Lapsed holds cleared in one commit. They stop counting at their deadline anyway.
  ledger::FactLimits fact_limits;
  Duration keep_requests = std::chrono::hours(24 * 30);
  PickupCodes::Key pickup_key{};  // Secret.
};

// Whether a full queue refuses a command. kAlways is for the daemon's own work, of which only a few
// are ever waiting.
enum class Admission : uint8_t { kUnlessFull, kAlways };

enum class WriterState : uint8_t { kRunning, kStopping, kFailed };

// The one writer. Takes the commands that wait, in the order of TaskQueue, runs them one after the
// other, writes everything in one commit, publishes to the index, then completes every command.
// Many callers share one sync.
//
//   callers --Submit()--> queue --> writer thread: run, commit, publish --> completion thread:
//   Task::Complete()
//
// A failed commit is final: nothing of the batch is acknowledged, the writer takes nothing more
// until a restart, and reads go on from the last commit. All public members are thread-safe.
class Engine {
 public:
  // `clock` and `store` outlive the engine. The store was not used before.
  Engine(storage::Store& store, const Clock& clock, EngineOptions options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Reads the store into memory. Called once, before Start(). `others` are the callbacks of parts
  // above the engine that keep rows of their own in memory; those that the engine needs itself are
  // not called.
  storage::Status Load(storage::LoadVisitor others = {});
  // Calls `observer` on the writer's thread, before a batch is committed, for each order that it
  // changed. What the observer changes belongs to the batch and is observed too. Called once,
  // between Load() and Start().
  void ObserveOrders(UnitOfWork::OrderObserver observer) {
    unit_->ObserveOrders(std::move(observer));
  }
  void Start();

  // Hands a command to the writer. Its Complete() is called exactly once, also when it is refused.
  void Submit(std::unique_ptr<Task> task, Admission admission = Admission::kUnlessFull,
              Lane lane = Lane::kCallers);
  // The same for commands that follow one another in their lane, all of them or none.
  void Submit(std::vector<std::unique_ptr<Task>> tasks, Admission admission, Lane lane);

  // Lets the writer look at the clock again; for clocks that are moved by hand.
  void Wake();

  // Takes nothing new, finishes what was accepted, moves the log into the database file.
  // Idempotent.
  storage::Status Stop();

  // The instant for reads: the clock, but never before an instant that the writer has decided at.
  Timestamp Now() const;

  const AvailabilityIndex& index() const { return memory_.index; }
  const Catalogue& catalogue() const { return memory_.catalogue; }
  const Mappings& mappings() const { return memory_.mappings; }
  const Bundles& bundles() const { return memory_.bundles; }
  Names names() const { return {.catalogue = memory_.catalogue, .mappings = memory_.mappings}; }
  const SupplyBook& supplies() const { return memory_.supplies; }
  ChangeLog& changes() { return memory_.changes; }
  OrderLog& order_events() { return memory_.orders.log; }
  const BookedPicks& booked_picks() const { return memory_.orders.booked; }
  const PickupCodes& pickup_codes() const { return pickup_codes_; }
  const EngineOptions& options() const { return options_; }

  WriterState state() const { return state_.load(std::memory_order_acquire); }
  // Why the writer failed; empty when it did not.
  std::string failure() const;
  size_t queue_depth() const;
  uint64_t commit_count() const { return commit_count_.load(std::memory_order_relaxed); }
  const Measures& measures() const { return measures_; }
  uint64_t command_count() const { return command_count_.load(std::memory_order_relaxed); }
  int64_t quarantine_count() const {
    return memory_.quarantine_count.load(std::memory_order_relaxed);
  }
  int64_t open_order_count() const {
    return memory_.orders.open_count.load(std::memory_order_relaxed);
  }
  int64_t open_count() const { return memory_.open_count.load(std::memory_order_relaxed); }

  // Called on the writer thread when the writer fails. Set before Start().
  void OnFailure(std::function<void(const std::string&)> callback) {
    on_failure_ = std::move(callback);
  }

 private:
  using Batch = std::vector<std::unique_ptr<Task>>;
  struct Completed {
    Batch tasks;
    CommitOutcome outcome;
  };

  // Why so many commands are not taken; empty when they are.
  std::optional<CommitOutcome> Refusal(size_t count, Admission admission, Lane lane) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(queue_mutex_);
  void WriterLoop();
  void CompletionLoop();
  // Waits for commands, a deadline or the end. False at the end.
  bool NextBatch(Batch& batch);
  void RunBatch(Batch batch);
  void TidyUp();
  void Measure(size_t commands, Duration commit_took);
  void Fail(const std::string& error);
  void HandOver(Batch tasks, CommitOutcome outcome);
  Timestamp AdvanceNow();

  storage::Store& store_;
  const Clock& clock_;
  const EngineOptions options_;
  const PickupCodes pickup_codes_;
  Memory memory_;
  storage::Counters counters_;
  std::unique_ptr<UnitOfWork> unit_;  // The writer thread's.
  std::function<void(const std::string&)> on_failure_;

  std::atomic<WriterState> state_{WriterState::kRunning};
  std::atomic<int64_t> now_micros_{INT64_MIN};  // Latest instant decided at.
  Measures measures_;
  std::atomic<uint64_t> commit_count_{0};
  std::atomic<uint64_t> command_count_{0};
  Timestamp tidy_at_ = kTimestampMin;  // The writer thread's.

  mutable absl::Mutex queue_mutex_;
  absl::CondVar queue_changed_;
  TaskQueue queue_ ABSL_GUARDED_BY(queue_mutex_);
  bool writer_waits_ ABSL_GUARDED_BY(queue_mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(queue_mutex_) = false;
  bool woken_ ABSL_GUARDED_BY(queue_mutex_) = false;
  std::string failure_ ABSL_GUARDED_BY(queue_mutex_);

  absl::Mutex completed_mutex_;
  absl::CondVar completed_changed_;
  std::deque<Completed> completed_ ABSL_GUARDED_BY(completed_mutex_);
  bool completion_ends_ ABSL_GUARDED_BY(completed_mutex_) = false;

  std::thread writer_;
  std::thread completer_;
};

}  // namespace stockd::engine
