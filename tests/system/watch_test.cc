// A watcher that is slow gets the latest levels instead of a backlog.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>

#include "tests/system/daemon_fixture.h"

namespace stockd::system_test {
namespace {

using std::chrono::seconds;
using support::Describe;
using support::GrpcClient;

class Watch : public DaemonFixture {};

TEST_F(Watch, OneThatStallsForAHundredThousandChangesGetsTheLatestLevelsOnly) {
  constexpr int kRounds = 100;
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  const std::vector<PositionName> positions = PutNames(500, 2);
  ASSERT_NO_FATAL_FAILURE(Deliver(positions, 1));

  grpc::ClientContext context;
  context.set_deadline(support::CalendarNow() + 2 * support::kPatience);
  GrpcClient slow(daemon_.address(), support::Intake::kSmall);
  const auto watch =
      slow.availability().WatchAvailability(&context, v1::WatchAvailabilityRequest());
  v1::WatchAvailabilityResponse message;
  ASSERT_TRUE(watch->Read(&message));
  const int64_t before = daemon_.process().resident_bytes();
  for (int round = 0; round < kRounds; ++round) {
    ASSERT_NO_FATAL_FAILURE(Deliver(positions, 1));
  }
  const int64_t grown = daemon_.process().resident_bytes() - before;

  const uint64_t newest = DaemonStatus().sequence();
  std::map<PositionName, v1::Availability> seen;
  int64_t rows = 0;
  uint64_t cursor = 0;
  for (;;) {
    EXPECT_GE(message.cursor(), cursor);
    cursor = message.cursor();
    for (const v1::Availability& row : message.availabilities()) {
      v1::Availability& known = seen[{row.sku(), row.location()}];
      EXPECT_GE(row.version(), known.version());
      known = row;
      ++rows;
    }
    if (cursor >= newest) break;
    ASSERT_TRUE(watch->Read(&message)) << Describe(watch->Finish());
  }
  context.TryCancel();
  for (const PositionName& position : positions) {
    EXPECT_EQ(seen[position].quantities().on_hand(), kRounds + 1) << position.first;
  }
  std::printf("%zu changes, %lld rows arrived, the daemon grew by %lld KB\n",
              positions.size() * kRounds, static_cast<long long>(rows),
              static_cast<long long>(grown / 1000));
  // Some messages were on their way when it stalled; everything else is the latest.
  EXPECT_LT(rows, static_cast<int64_t>(15 * positions.size()));
}

// Without gaps: what changed while nobody watched, also over a crash, comes from the cursor on.
TEST_F(Watch, AfterACrashItGoesOnFromItsCursor) {
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  const std::vector<PositionName> positions = PutNames(10, 1);
  ASSERT_NO_FATAL_FAILURE(Deliver(positions, 1));
  const uint64_t cursor = DaemonStatus().sequence();
  ASSERT_NO_FATAL_FAILURE(Deliver({positions[3], positions[7]}, 5));
  daemon_.Kill();
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  const uint64_t newest = DaemonStatus().sequence();

  grpc::ClientContext context;
  context.set_deadline(support::CalendarNow() + support::kPatience);
  v1::WatchAvailabilityRequest request;
  request.set_cursor(cursor);
  const auto watch = client_.availability().WatchAvailability(&context, request);
  std::map<PositionName, int64_t> seen;
  v1::WatchAvailabilityResponse message;
  while (message.cursor() < newest && watch->Read(&message)) {
    for (const v1::Availability& row : message.availabilities()) {
      seen[{row.sku(), row.location()}] = row.quantities().on_hand();
    }
  }
  context.TryCancel();
  EXPECT_EQ(seen, (std::map<PositionName, int64_t>{{positions[3], 6}, {positions[7], 6}}));
}

}  // namespace
}  // namespace stockd::system_test
