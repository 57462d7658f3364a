// SIGTERM: what was accepted is finished, what was acknowledged is on disk.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>

#include "tests/system/daemon_fixture.h"

namespace stockd::system_test {
namespace {

using std::chrono::seconds;
using support::Connect;
using support::Describe;
using support::ExitStatus;
using support::GrpcClient;
using support::In;
using support::WaitUntil;

constexpr int kCallers = 8;

class Shutdown : public DaemonFixture {};

TEST_F(Shutdown, UnderLoadEveryCallIsAnsweredAndAcknowledgedOnesAreThereAfterARestart) {
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  const std::vector<PositionName> positions = PutNames(20, 1);
  ASSERT_NO_FATAL_FAILURE(Deliver(positions, 1'000'000));

  std::mutex mutex;
  std::vector<std::string> acknowledged;
  std::vector<std::string> surprises;
  std::atomic<int64_t> count = 0;
  std::vector<std::jthread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&, caller] {
      GrpcClient client(daemon_.address());
      for (int i = 0;; ++i) {
        const std::string id = std::to_string(caller) + "-" + std::to_string(i);
        v1::CreateReservationResponse response;
        const grpc::Status status = client.Call(
            client.reservation(), &GrpcClient::Reservation::CreateReservation,
            Wish(id, positions[static_cast<size_t>(i) % positions.size()], 1, seconds(3600)),
            response, support::kPatience, Connect::kNow);
        const std::scoped_lock lock(mutex);
        if (status.ok()) {
          acknowledged.push_back(id);
          ++count;
          continue;
        }
        // A call that reaches a closing connection may be cancelled by gRPC itself.
        if (status.error_code() != grpc::StatusCode::UNAVAILABLE &&
            status.error_code() != grpc::StatusCode::CANCELLED) {
          surprises.push_back(Describe(status));
        }
        return;
      }
    });
  }
  ASSERT_TRUE(WaitUntil(In(), [&] { return count > 500; }));
  const auto exit = daemon_.Terminate();
  callers.clear();  // Waits for them: none hangs.
  EXPECT_EQ(exit, ExitStatus{}) << daemon_.log();
  EXPECT_EQ(surprises, std::vector<std::string>{});
  EXPECT_NE(daemon_.log().find("stopped"), std::string::npos) << daemon_.log();
  // The log was moved into the database, which a copy of one file then holds.
  const std::filesystem::path wal = daemon_.database().string() + "-wal";
  EXPECT_TRUE(!std::filesystem::exists(wal) || std::filesystem::file_size(wal) == 0);

  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  for (const std::string& id : acknowledged) {
    v1::Reservation reservation;
    const grpc::Status status = Get(id, reservation);
    ASSERT_TRUE(status.ok()) << id << ": " << Describe(status);
    EXPECT_EQ(reservation.lines(0).held(), 1);
  }
  ExpectNoDrift();
}

// Streams go on for ever; they must not keep the daemon from stopping.
TEST_F(Shutdown, OpenStreamsAreEnded) {
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  PutNames(1, 1);
  support::AdapterStream adapter(client_);
  ASSERT_TRUE(adapter.Open("till"));
  grpc::ClientContext context;
  context.set_deadline(support::CalendarNow() + support::kPatience);
  const auto watch =
      client_.availability().WatchAvailability(&context, v1::WatchAvailabilityRequest());
  v1::WatchAvailabilityResponse first;
  ASSERT_TRUE(watch->Read(&first));
  const support::SteadyTime began = support::SteadyNow();
  ASSERT_EQ(daemon_.Terminate(), ExitStatus{}) << daemon_.log();
  EXPECT_LT(support::SteadyNow() - began, support::kPatience / 2) << "they ended by themselves";
  EXPECT_EQ(adapter.Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  while (watch->Read(&first)) {
  }
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(Shutdown, ASecondSignalEndsItAtOnceAndLosesNothingAcknowledged) {
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  const std::vector<PositionName> positions = PutNames(1, 1);
  ASSERT_NO_FATAL_FAILURE(Deliver(positions, 10));
  ASSERT_TRUE(Reserve(Wish("r", positions[0], 4, seconds(60))).ok());
  support::AdapterStream adapter(client_);
  ASSERT_TRUE(adapter.Open("till"));  // Keeps the first signal busy for a while.
  daemon_.process().Signal(SIGTERM);
  ASSERT_TRUE(WaitUntil(In(), [&] { return daemon_.log().find("stopping") != std::string::npos; }));
  daemon_.process().Signal(SIGTERM);
  ASSERT_TRUE(daemon_.process().WaitForExit(In()));
  ASSERT_NO_FATAL_FAILURE(StartDaemon());
  EXPECT_EQ(Read(positions[0]).available(), 6);
  ExpectNoDrift();
}

}  // namespace
}  // namespace stockd::system_test
