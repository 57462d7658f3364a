#include "daemon/engine/work_queue.h"

#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace stockd::engine {
namespace {

TEST(WorkQueue, RunsWhatWaitsInOrderBeforeItEnds) {
  std::vector<int> ran;
  {
    WorkQueue queue(100);
    for (int job = 0; job < 50; ++job) {
      ASSERT_TRUE(queue.TryAdd([&ran, job] { ran.push_back(job); }));
    }
  }
  ASSERT_EQ(ran.size(), 50U);
  for (int job = 0; job < 50; ++job) EXPECT_EQ(ran[static_cast<size_t>(job)], job);
}

TEST(WorkQueue, RefusesMoreThanMayWait) {
  std::promise<void> gate;
  std::promise<void> began;
  WorkQueue queue(2);
  ASSERT_TRUE(queue.TryAdd([&] {
    began.set_value();
    gate.get_future().wait();
  }));
  began.get_future().wait();
  EXPECT_TRUE(queue.TryAdd([] {}));
  EXPECT_TRUE(queue.TryAdd([] {}));
  EXPECT_FALSE(queue.TryAdd([] {}));
  gate.set_value();
}

TEST(WorkQueue, AQueueThatWasNeverUsedEnds) { const WorkQueue queue(1); }

}  // namespace
}  // namespace stockd::engine
