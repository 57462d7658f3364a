#pragma once

#include <absl/container/btree_map.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "daemon/base/ids.h"
#include "daemon/engine/task.h"

namespace stockd::engine {

// Commands that keep their order among themselves.
enum class Lane : uint32_t {
  kCallers = 0,              // Callers who wait for their answer.
  kBackground = 0xFFFFFFFF,  // Long work that nobody waits for by the second.
  // Every other number is the source's whose stream it is.
};

// What comes over the stream of a source.
constexpr Lane LaneOf(SourceId source) { return Lane{ToNumber(source)}; }

// A call of so many commands.
constexpr Lane LaneOfCall(size_t weight) {
  return weight > 256 ? Lane::kBackground : Lane::kCallers;
}

// Commands that wait for the writer. Callers go first. All other lanes take turns, one command
// each, so that a till does not wait for what the ERP sends in bulk; while callers come, little of
// that goes into one commit, so that neither do they. Thread-compatible.
class TaskQueue {
 public:
  // What goes from other lanes into one commit while callers come.
  static constexpr size_t kWeightBesideCallers = 256;

  void Push(std::unique_ptr<Task> task, Lane lane);

  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }
  size_t callers() const { return callers_.size(); }

  // Moves the commands of the next commit to the end of `batch`: up to `weight_max`, twice as much
  // of other lanes when no caller came lately, and of each kind at least one, so that nobody waits
  // for ever.
  void Take(size_t weight_max, std::vector<std::unique_ptr<Task>>& batch);

 private:
  using Tasks = std::deque<std::unique_ptr<Task>>;

  size_t TakeFirst(Tasks& tasks, std::vector<std::unique_ptr<Task>>& batch);

  size_t size_ = 0;
  Tasks callers_;
  absl::btree_map<Lane, Tasks> lanes_;  // None of them is empty.
  Lane last_{};                         // Whose turn it was.
  int takes_since_callers_ = 0;
};

}  // namespace stockd::engine
