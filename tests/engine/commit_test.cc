// What a caller may rely on once it has, or has not, got its answer.
#include <vector>

#include "tests/engine/engine_fixture.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/process_clock.h"

namespace stockd::support {
namespace {

using engine::CommitOutcome;
using ledger::EntryKind;
using ledger::Reason;

class Commit : public EngineFixture {};

bool IsReady(const auto& future) {
  return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

TEST_F(Commit, NobodyIsAnsweredBeforeTheBatchIsOnDisk) {
  Stock(10);
  store().Close();
  const auto future = Submit(
      [](engine::UnitOfWork& unit) { return ledger::CreateReservation(unit, CreateOf("r-1", 4)); });
  ASSERT_TRUE(store().WaitForCommit());
  EXPECT_FALSE(IsReady(future));
  EXPECT_EQ(available(), 10);  // Nor does a reader see what may still be lost.
  store().Open();
  ASSERT_EQ(future.wait_for(kPatience), std::future_status::ready);
  EXPECT_EQ(available(), 6);
}

// Many callers share one sync; without it every caller would pay for its own.
TEST_F(Commit, CommandsThatWaitShareOneCommit) {
  constexpr int kCallers = 50;
  Stock(kCallers + 1);
  const uint64_t commits = engine().commit_count();
  store().Close();
  std::vector<std::future<Done<ledger::ReservationResult>>> futures;
  const auto reserve = [this](int number) {
    return Submit([number](engine::UnitOfWork& unit) {
      return ledger::CreateReservation(unit, CreateOf("r-" + std::to_string(number), 1));
    });
  };
  futures.push_back(reserve(0));
  ASSERT_TRUE(store().WaitForCommit());
  for (int number = 1; number <= kCallers; ++number) futures.push_back(reserve(number));
  store().Open();
  for (auto& future : futures) {
    ASSERT_EQ(future.wait_for(kPatience), std::future_status::ready);
    EXPECT_EQ(ReasonOf(future.get().result), Reason::kNone);
  }
  EXPECT_EQ(engine().commit_count() - commits, 2U);
  EXPECT_EQ(available(), 0);
}

TEST_F(Commit, ACallerReadsItsOwnWrites) {
  Stock(1000);
  for (int number = 0; number < 100; ++number) {
    ASSERT_EQ(Reserve("r-" + std::to_string(number), 1).outcome, CommitOutcome::kCommitted);
    ASSERT_EQ(available(), 999 - number);
    ASSERT_TRUE(reader().FindReservation("r-" + std::to_string(number)).has_value());
  }
}

TEST_F(Commit, ABatchNeverGrantsTheSameUnitTwice) {
  Stock(10);
  store().Close();
  (void)Submit([](engine::UnitOfWork&) { return true; });
  ASSERT_TRUE(store().WaitForCommit());
  std::vector<std::future<Done<ledger::ReservationResult>>> futures;
  for (int number = 0; number < 30; ++number) {
    futures.push_back(Submit([number](engine::UnitOfWork& unit) {
      return ledger::CreateReservation(unit, CreateOf("r-" + std::to_string(number), 1));
    }));
  }
  store().Open();
  int granted = 0;
  for (auto& future : futures) granted += ReasonOf(future.get().result) == Reason::kNone;
  EXPECT_EQ(granted, 10);
  EXPECT_EQ(LevelAt().reserved, 10);
}

TEST_F(Commit, ASmallerBatchMaximumOnlyMakesMoreCommits) {
  options.batch_max = 4;
  Reopen();
  const uint64_t commits = engine().commit_count();
  store().Close();
  (void)Submit([](engine::UnitOfWork&) { return true; });
  ASSERT_TRUE(store().WaitForCommit());
  std::vector<std::future<Done<bool>>> futures;
  for (int number = 0; number < 12; ++number)
    futures.push_back(Submit([](engine::UnitOfWork&) { return true; }));
  store().Open();
  for (auto& future : futures) EXPECT_EQ(future.get().outcome, CommitOutcome::kCommitted);
  EXPECT_EQ(engine().commit_count() - commits, 4U);
}

// Latency stays bounded under overload only when a full queue refuses at once.
TEST_F(Commit, AFullQueueRefusesAtOnce) {
  options.queue_max = 2;
  Reopen();
  store().Close();
  const auto running = Submit([](engine::UnitOfWork&) { return true; });
  ASSERT_TRUE(store().WaitForCommit());
  const auto first = Submit([](engine::UnitOfWork&) { return true; });
  const auto second = Submit([](engine::UnitOfWork&) { return true; });
  auto third = Submit([](engine::UnitOfWork&) { return true; });
  ASSERT_TRUE(IsReady(third));
  const Done<bool> refused = third.get();
  EXPECT_EQ(refused.outcome, CommitOutcome::kBusy);
  EXPECT_FALSE(refused.result);  // It did not run.
  EXPECT_EQ(engine().queue_depth(), 2U);
  store().Open();
  EXPECT_EQ(first.wait_for(kPatience), std::future_status::ready);
  EXPECT_EQ(second.wait_for(kPatience), std::future_status::ready);
  EXPECT_EQ(Do([](engine::UnitOfWork&) { return true; }).outcome, CommitOutcome::kCommitted);
}

TEST_F(Commit, AFailedCommitIsFinalButReadsGoOn) {
  Stock(10);
  ASSERT_EQ(Reserve("before", 3).outcome, CommitOutcome::kCommitted);
  store().FailWith("disk full");
  EXPECT_EQ(Reserve("during", 2).outcome, CommitOutcome::kFailed);
  EXPECT_EQ(Reserve("after", 1).outcome, CommitOutcome::kFailed);
  EXPECT_EQ(engine().state(), engine::WriterState::kFailed);
  ASSERT_TRUE(WaitUntil(In(), [this] { return !engine().failure().empty(); }));
  EXPECT_EQ(engine().failure(), "disk full");
  EXPECT_EQ(available(), 7);
  EXPECT_TRUE(reader().FindReservation("before").has_value());
  EXPECT_FALSE(reader().FindReservation("during").has_value());
}

TEST_F(Commit, AfterAFailureARestartFindsExactlyWhatWasAcknowledged) {
  Stock(10);
  ASSERT_EQ(Reserve("before", 3).outcome, CommitOutcome::kCommitted);
  store().FailWith("disk full");
  ASSERT_EQ(Reserve("during", 2).outcome, CommitOutcome::kFailed);
  Reopen();
  EXPECT_EQ(engine().state(), engine::WriterState::kRunning);
  EXPECT_EQ(available(), 7);
  EXPECT_EQ(Reserve("during", 2).outcome, CommitOutcome::kCommitted);
  EXPECT_EQ(available(), 5);
}

// The disk fails at the first, second, ... write or sync of a reservation, until one run gets
// through.
TEST_F(Commit, WhereverTheDiskFailsNothingAcknowledgedIsLostAndNothingElseIsServed) {
  FaultyVfs disk;
  Close();
  vfs_name = disk.name();
  Open();
  Stock(1000);
  Quantity acknowledged = 0;
  bool got_through = false;
  for (int64_t nth = 1; nth <= 50 && !got_through; ++nth) {
    disk.FailAt(nth, DiskFault::kAnyError, FaultLife::kForGood);
    const std::string id = "r-" + std::to_string(nth);
    const auto done = Reserve(id, 1);
    got_through = disk.fault_count() == 0;
    EXPECT_EQ(done.outcome, got_through ? CommitOutcome::kCommitted : CommitOutcome::kFailed);
    acknowledged += done.outcome == CommitOutcome::kCommitted;
    EXPECT_EQ(available(), 1000 - acknowledged);
    disk.Heal();
    Reopen();
    // A commit that was not acknowledged may have reached the disk, for example when only its sync
    // failed.
    if (!got_through && reader().FindReservation(id)) ++acknowledged;
    EXPECT_EQ(available(), 1000 - acknowledged);
    EXPECT_EQ(reader().Verify(10).drift_count, 0);
  }
  EXPECT_TRUE(got_through);
  EXPECT_GT(acknowledged, 0);
  Close();  // Before the disk goes away.
}

TEST_F(Commit, AStoppedEngineFinishesWhatItAcceptedAndTakesNothingNew) {
  Stock(10);
  store().Close();
  auto accepted = Submit(
      [](engine::UnitOfWork& unit) { return ledger::CreateReservation(unit, CreateOf("r-1", 4)); });
  ASSERT_TRUE(store().WaitForCommit());
  std::future<storage::Status> stopped =
      std::async(std::launch::async, [this] { return engine().Stop(); });
  ASSERT_TRUE(
      WaitUntil(In(), [this] { return engine().state() == engine::WriterState::kStopping; }));
  EXPECT_EQ(Reserve("r-2", 1).outcome, CommitOutcome::kStopping);
  store().Open();
  EXPECT_TRUE(stopped.get().ok());
  EXPECT_EQ(accepted.get().outcome, CommitOutcome::kCommitted);
  EXPECT_EQ(available(), 6);
  EXPECT_TRUE(engine().Stop().ok());  // Again is harmless.
}

}  // namespace
}  // namespace stockd::support
