#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace stockd::engine {

class UnitOfWork;

// What became of a task's batch.
enum class CommitOutcome : uint8_t {
  kCommitted,  // On disk. The task's result stands.
  kBusy,       // The queue was full: the task did not run. Try again after a pause.
  kStopping,   // The daemon is shutting down: the task did not run.
  kFailed,     // The commit failed, or an earlier one did: whether the effect is on disk is known
               // after a restart.
};

// One command for the writer.
class Task {
 public:
  virtual ~Task() = default;

  // Decides and changes, on the writer thread, inside a batch. Must not block.
  virtual void Run(UnitOfWork& unit) = 0;

  // Called exactly once, after the batch is durable or refused: on the completion thread, or on the
  // submitting thread when the task was refused at once.
  virtual void Complete(CommitOutcome outcome) = 0;

  // About how many single commands this one is worth; bounds the size of a batch.
  virtual size_t weight() const { return 1; }
};

// A task from two callables: `run(UnitOfWork&) -> Result` and `complete(CommitOutcome, Result&&)`.
// The result is only meaningful with kCommitted; it is default-constructed when the task did not
// run.
template <typename RunIt, typename CompleteIt>
std::unique_ptr<Task> MakeTask(RunIt run, CompleteIt complete, size_t weight = 1) {
  using Result = std::invoke_result_t<RunIt&, UnitOfWork&>;
  class CallableTask final : public Task {
   public:
    CallableTask(RunIt run, CompleteIt complete, size_t weight)
        : run_(std::move(run)), complete_(std::move(complete)), weight_(weight) {}

    void Run(UnitOfWork& unit) override { result_ = run_(unit); }
    void Complete(CommitOutcome outcome) override { complete_(outcome, std::move(result_)); }
    size_t weight() const override { return weight_; }

   private:
    RunIt run_;
    CompleteIt complete_;
    size_t weight_;
    Result result_{};
  };
  return std::make_unique<CallableTask>(std::move(run), std::move(complete), weight);
}

}  // namespace stockd::engine
