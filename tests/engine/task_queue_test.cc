#include "daemon/engine/task_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace stockd::engine {
namespace {

using ::testing::ElementsAre;

constexpr Lane kErp = LaneOf(SourceId{1});
constexpr Lane kTill = LaneOf(SourceId{2});
constexpr Lane kShop = LaneOf(SourceId{3});
constexpr size_t kWeightMax = 1000;

class NamedTask final : public Task {
 public:
  NamedTask(std::string name, size_t weight) : name_(std::move(name)), weight_(weight) {}
  void Run(UnitOfWork&) override {}
  void Complete(CommitOutcome) override {}
  size_t weight() const override { return weight_; }
  const std::string& name() const { return name_; }

 private:
  const std::string name_;
  const size_t weight_;
};

class Queue : public testing::Test {
 protected:
  void Push(Lane lane, const std::string& name, size_t weight = 1) {
    queue_.Push(std::make_unique<NamedTask>(name, weight), lane);
  }
  // The names of the next commit's commands.
  std::vector<std::string> Take(size_t weight_max = kWeightMax) {
    std::vector<std::unique_ptr<Task>> batch;
    queue_.Take(weight_max, batch);
    std::vector<std::string> names;
    for (const auto& task : batch) names.push_back(static_cast<const NamedTask&>(*task).name());
    return names;
  }
  // So many commits go by without a caller.
  void BecomeQuiet() {
    for (int i = 0; i < 4; ++i) Take();
  }

  TaskQueue queue_;
};

TEST_F(Queue, CallersGoFirstInTheirOrder) {
  Push(kErp, "bulk");
  Push(Lane::kCallers, "first");
  Push(Lane::kBackground, "replay");
  Push(Lane::kCallers, "second");
  EXPECT_EQ(queue_.size(), 4U);
  EXPECT_EQ(queue_.callers(), 2U);
  EXPECT_THAT(Take(), ElementsAre("first", "second", "bulk", "replay"));
  EXPECT_TRUE(queue_.empty());
}

// A till that tells one sale must not wait for a morning's load of the ERP.
TEST_F(Queue, LanesTakeTurnsAndKeepTheirOrder) {
  for (const char* name : {"e1", "e2", "e3"}) Push(kErp, name);
  Push(kTill, "t1");
  for (const char* name : {"s1", "s2"}) Push(kShop, name);
  EXPECT_THAT(Take(), ElementsAre("e1", "t1", "s1", "e2", "s2", "e3"));
}

// Whoever was last in one commit does not begin the next.
TEST_F(Queue, TheTurnGoesOnFromCommitToCommit) {
  BecomeQuiet();
  for (const char* name : {"e1", "e2"}) Push(kErp, name, 600);
  for (const char* name : {"t1", "t2"}) Push(kTill, name, 600);
  EXPECT_THAT(Take(300), ElementsAre("e1"));
  EXPECT_THAT(Take(300), ElementsAre("t1"));
  EXPECT_THAT(Take(300), ElementsAre("e2"));
  EXPECT_THAT(Take(300), ElementsAre("t2"));
}

TEST_F(Queue, WhileCallersComeLittleElseGoesIntoOneCommit) {
  BecomeQuiet();
  for (int i = 1; i <= 5; ++i) Push(kErp, "e" + std::to_string(i), TaskQueue::kWeightBesideCallers);
  Push(Lane::kCallers, "call");
  EXPECT_THAT(Take(), ElementsAre("call", "e1"));
  // The caller's next command is on its way.
  EXPECT_THAT(Take(), ElementsAre("e2"));
  BecomeQuiet();
  Push(kErp, "e6", TaskQueue::kWeightBesideCallers);
  EXPECT_EQ(queue_.size(), 1U);
}

TEST_F(Queue, WithoutCallersStreamsHaveACommitOfTwiceTheWeight) {
  BecomeQuiet();
  for (int i = 1; i <= 5; ++i) Push(kErp, "e" + std::to_string(i), 250);
  EXPECT_THAT(Take(500), ElementsAre("e1", "e2", "e3", "e4"));
}

TEST_F(Queue, CallersThatFillACommitLeaveRoomForOneOther) {
  for (int i = 0; i < 20; ++i) Push(Lane::kCallers, "call");
  Push(kErp, "bulk", 5000);
  EXPECT_THAT(Take(3), ElementsAre("call", "call", "call", "bulk"));
  EXPECT_EQ(queue_.size(), 17U);
}

TEST_F(Queue, AHeavyCallIsBackgroundWork) {
  EXPECT_EQ(LaneOfCall(1), Lane::kCallers);
  EXPECT_EQ(LaneOfCall(10'000), Lane::kBackground);
}

}  // namespace
}  // namespace stockd::engine
