#include "daemon/ctl/interrupt.h"

#include <absl/synchronization/notification.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/support/process_clock.h"

namespace stockd::ctl {
namespace {

TEST(InterruptGuard, ASignalCallsBackOnceInsteadOfEndingTheProcess) {
  absl::Notification called;  // A second Notify() would end the test.
  InterruptGuard guard([&called] { called.Notify(); });
  EXPECT_FALSE(guard.interrupted());
  raise(SIGINT);
  ASSERT_TRUE(called.WaitForNotificationWithTimeout(absl::FromChrono(support::kPatience)));
  EXPECT_TRUE(guard.interrupted());
  raise(SIGTERM);
}

TEST(InterruptGuard, AfterwardsSignalsMeanWhatTheyMeantBefore) {
  struct sigaction before = {};
  struct sigaction after = {};
  sigaction(SIGINT, nullptr, &before);
  {
    const InterruptGuard guard([] {});
  }
  {
    const InterruptGuard guard([] {});
  }
  sigaction(SIGINT, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
}

}  // namespace
}  // namespace stockd::ctl
