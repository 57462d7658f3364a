#include "daemon/engine/task_queue.h"

#include <algorithm>
#include <utility>

namespace stockd::engine {
namespace {

// Commits after which nobody calls any more. One caller's next command comes while the commit after
// its answer is under way.
constexpr int kTakesUntilQuiet = 4;
// Commits of streams while nobody calls are so many times as large: pages that many facts change
// are written once. The first caller after that waits some 25 ms.
constexpr size_t kQuietFactor = 2;

}  // namespace

void TaskQueue::Push(std::unique_ptr<Task> task, Lane lane) {
  ++size_;
  Tasks& tasks = lane == Lane::kCallers ? callers_ : lanes_[lane];
  tasks.push_back(std::move(task));
}

size_t TaskQueue::TakeFirst(Tasks& tasks, std::vector<std::unique_ptr<Task>>& batch) {
  const size_t weight = tasks.front()->weight();
  batch.push_back(std::move(tasks.front()));
  tasks.pop_front();
  --size_;
  return weight;
}

void TaskQueue::Take(size_t weight_max, std::vector<std::unique_ptr<Task>>& batch) {
  takes_since_callers_ =
      callers_.empty() ? std::min(takes_since_callers_ + 1, kTakesUntilQuiet) : 0;
  size_t weight = 0;
  while (!callers_.empty() && weight < weight_max) weight += TakeFirst(callers_, batch);
  const bool is_quiet = takes_since_callers_ == kTakesUntilQuiet;
  const size_t limit =
      is_quiet ? kQuietFactor * weight_max : weight + std::min(weight_max, kWeightBesideCallers);
  bool is_first = true;
  while (!lanes_.empty() && (is_first || weight < limit)) {
    is_first = false;
    auto lane = lanes_.upper_bound(last_);
    if (lane == lanes_.end()) lane = lanes_.begin();
    last_ = lane->first;
    weight += TakeFirst(lane->second, batch);
    if (lane->second.empty()) lanes_.erase(lane);
  }
}

}  // namespace stockd::engine
