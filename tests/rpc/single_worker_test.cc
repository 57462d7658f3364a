#include "daemon/rpc/single_worker.h"

#include <absl/synchronization/notification.h>
#include <gtest/gtest.h>

namespace stockd::rpc {
namespace {

TEST(SingleWorker, TakesOneJobAtATime) {
  absl::Notification may_end;
  absl::Notification reported;
  SingleWorker worker;
  ASSERT_TRUE(worker.TryStart([&] { may_end.WaitForNotification(); }, [&] { reported.Notify(); }));
  EXPECT_TRUE(worker.busy());
  EXPECT_FALSE(worker.TryStart([] { FAIL() << "ran"; }, [] { FAIL() << "reported"; }));
  may_end.Notify();
  reported.WaitForNotification();
}

// Whoever is told that a job is done must be able to start the next one.
TEST(SingleWorker, IsFreeWhenItReports) {
  SingleWorker worker;
  for (int i = 0; i < 100; ++i) {
    absl::Notification reported;
    ASSERT_TRUE(worker.TryStart([] {}, [&] { reported.Notify(); }));
    reported.WaitForNotification();
  }
}

TEST(SingleWorker, TakesNothingOnceItIsStopped) {
  SingleWorker worker;
  worker.Stop();
  EXPECT_FALSE(worker.TryStart([] {}, [] {}));
  EXPECT_FALSE(worker.busy());
}

TEST(SingleWorker, WaitsForItsJobAtTheEnd) {
  bool done = false;
  {
    SingleWorker worker;
    ASSERT_TRUE(worker.TryStart([&] { done = true; }, [] {}));
  }
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace stockd::rpc
