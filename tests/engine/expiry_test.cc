// A hold never counts from its deadline on, in any read or decision, whether or not the writer has
// got round to it.
#include <vector>

#include "tests/engine/engine_fixture.h"
#include "tests/support/process_clock.h"

namespace stockd::support {
namespace {

using engine::CommitOutcome;
using ledger::Reason;

class Expiry : public EngineFixture {};

TEST_F(Expiry, AReadAroundTheDeadlineIsExactToTheMicrosecond) {
  Stock(10);
  ASSERT_EQ(Reserve("r-1", 4, kMinute).outcome, CommitOutcome::kCommitted);
  const Timestamp deadline = kNoon + kMinute;
  const auto available_at = [&](Timestamp now) {
    return engine::LevelOf(engine(), kHere, kNoChannel, now).available;
  };
  EXPECT_EQ(available_at(deadline - kTick), 6);
  EXPECT_EQ(available_at(deadline), 10);
  EXPECT_EQ(available_at(deadline + kTick), 10);
}

// The writer sleeps here: nobody has told it that the clock was moved.
TEST_F(Expiry, AReadDoesNotWaitForTheWriter) {
  Stock(10);
  ASSERT_EQ(Reserve("r-1", 4, kMinute).outcome, CommitOutcome::kCommitted);
  clock.Set(kNoon + kMinute - kTick);
  EXPECT_EQ(available(), 6);
  clock.Advance(kTick);
  EXPECT_EQ(available(), 10);
  EXPECT_EQ(engine().open_count(), 1);
}

TEST_F(Expiry, ADecisionJustBeforeTheDeadlineStillCountsTheHold) {
  Stock(10);
  ASSERT_EQ(Reserve("r-1", 10, kMinute).outcome, CommitOutcome::kCommitted);
  clock.Set(kNoon + kMinute - kTick);
  EXPECT_EQ(ReasonOf(Reserve("r-2", 1).result), Reason::kInsufficientStock);
  clock.Advance(kTick);
  EXPECT_EQ(ReasonOf(Reserve("r-3", 10).result), Reason::kNone);
}

TEST_F(Expiry, ADecisionDoesNotCountALapsedHoldThatIsNotClearedYet) {
  options.expiries_per_batch_max = 1;
  Reopen();
  Stock(10, kHere);
  Stock(10, kThere);
  ASSERT_EQ(Reserve("first", 10, kMinute, kHere).outcome, CommitOutcome::kCommitted);
  ASSERT_EQ(Reserve("second", 10, kMinute + kTick, kThere).outcome, CommitOutcome::kCommitted);
  clock.Advance(2 * kMinute);
  struct Seen {
    Quantity reserved_in_row = 0;
    Reason reason = Reason::kNone;
  };
  const auto done = Do([](engine::UnitOfWork& unit) {
    Seen seen;
    seen.reserved_in_row = unit.position(kThere).row.reserved;
    seen.reason = ReasonOf(ledger::CreateReservation(unit, CreateOf("third", 10, kThere)));
    return seen;
  });
  EXPECT_EQ(done.result.reserved_in_row, 10);  // The batch had cleared only the first hold.
  EXPECT_EQ(done.result.reason, Reason::kNone);
  ASSERT_TRUE(WaitUntil(In(), [this] { return engine().open_count() == 1; }));
  EXPECT_EQ(available(kThere), 0);
  EXPECT_EQ(LevelAt(kThere).reserved, 10);
}

TEST_F(Expiry, TheWriterClearsAHoldWhenTheClockReachesItsDeadline) {
  Stock(10);
  ASSERT_EQ(Reserve("r-1", 4, kMinute).outcome, CommitOutcome::kCommitted);
  clock.Advance(kMinute);
  engine().Wake();
  ASSERT_TRUE(WaitUntil(In(), [this] { return engine().open_count() == 0; }));
  const auto expired = reader().FindReservation("r-1");
  ASSERT_TRUE(expired.has_value());
  EXPECT_EQ(expired->state, ledger::ReservationState::kExpired);
  EXPECT_EQ(LevelAt().reserved, 0);
}

// A storm must not hold up callers for one long commit.
TEST_F(Expiry, AStormIsClearedInChunksWhileCallersAreServed) {
  constexpr int kHolds = 200;
  options.expiries_per_batch_max = 10;
  Reopen();
  Stock(kHolds);
  for (int number = 0; number < kHolds; ++number) {
    ASSERT_EQ(Reserve("r-" + std::to_string(number), 1, kMinute).outcome,
              CommitOutcome::kCommitted);
  }
  ASSERT_EQ(available(), 0);
  const uint64_t commits = engine().commit_count();
  clock.Advance(kMinute);
  EXPECT_EQ(available(), kHolds);
  EXPECT_EQ(ReasonOf(Reserve("late", kHolds).result), Reason::kNone);
  ASSERT_TRUE(WaitUntil(In(), [this] { return engine().open_count() == 1; }));
  EXPECT_GE(engine().commit_count() - commits, static_cast<uint64_t>(kHolds / 10));
  EXPECT_EQ(available(), 0);
}

TEST_F(Expiry, TheFeedHasAnEntryForEveryClearedHold) {
  Stock(10);
  ASSERT_EQ(Reserve("r-1", 4, kMinute).outcome, CommitOutcome::kCommitted);
  const Sequence before = engine().changes().newest();
  clock.Advance(kMinute);
  engine().Wake();
  ASSERT_TRUE(WaitUntil(In(), [&] { return engine().changes().newest() > before; }));
  std::vector<engine::Change> changes;
  ASSERT_TRUE(engine().changes().Read(before, 100, changes));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].position, kHere);
}

// The machine's clock may be set back by hand or by NTP.
TEST_F(Expiry, AClockThatStepsBackDoesNotBringALapsedHoldBack) {
  Stock(10);
  ASSERT_EQ(Reserve("r-1", 10, kMinute).outcome, CommitOutcome::kCommitted);
  clock.Advance(kMinute);
  ASSERT_EQ(ReasonOf(Reserve("r-2", 10, kMinute).result),
            Reason::kNone);  // Decided after the first one lapsed.
  clock.Set(kNoon - kHour);
  EXPECT_EQ(engine().Now(), kNoon + kMinute);
  EXPECT_EQ(available(), 0);
  EXPECT_EQ(ReasonOf(Reserve("r-3", 1).result), Reason::kInsufficientStock);
  const auto decided_at = Do([](engine::UnitOfWork& unit) { return unit.now(); });
  EXPECT_EQ(decided_at.result, kNoon + kMinute);
}

TEST_F(Expiry, AClockThatStandsBackAfterARestartIsNotBelieved) {
  Stock(10);
  ASSERT_EQ(Reserve("r-1", 4, kHour).outcome, CommitOutcome::kCommitted);
  clock.Set(kNoon - 24 * kHour);
  Reopen();
  EXPECT_EQ(engine().Now(), kNoon);
  const auto decided_at = Do([](engine::UnitOfWork& unit) { return unit.now(); });
  EXPECT_GE(decided_at.result, kNoon);
}

}  // namespace
}  // namespace stockd::support
