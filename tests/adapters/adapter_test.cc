// An adapter on the SDK, against a scripted peer over a real connection.
#include "adapters/sdk/adapter.h"

#include <absl/synchronization/mutex.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <utility>
#include <vector>

#include "adapters/sdk/health_schedule.h"
#include "tests/adapters/scripted_daemon.h"
#include "tests/support/process_clock.h"
#include "tests/support/temp_directory.h"

namespace stockd::sdk {
namespace {

using adapters_test::MakeFact;
using adapters_test::ScriptedDaemon;
using std::chrono::milliseconds;
using support::kPatience;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Answers as it was told to, by SKU.
class FakeShop final : public LevelTarget, public SnapshotSource, public FactListener {
 public:
  LevelAnswer Take(const v1::Level& level) override {
    const absl::MutexLock lock(&mutex_);
    taken_.push_back(level.sku() + "=" + std::to_string(level.available()));
    const auto found = answers_.find(level.sku());
    return found == answers_.end() ? LevelAnswer::Applied() : found->second;
  }

  absl::Status Flush() override {
    const absl::MutexLock lock(&mutex_);
    return failures_ > 0 && failures_-- > 0 ? absl::UnavailableError("locked") : absl::OkStatus();
  }

  absl::StatusOr<Snapshot> Read(const v1::SnapshotRequest& request) override {
    if (request.snapshot_id() == "impossible") return absl::NotFoundError("no figures");
    class OneRow final : public SnapshotRows {
     public:
      absl::Status Rewind() override {
        is_read_ = false;
        return absl::OkStatus();
      }
      absl::StatusOr<bool> Next(v1::SnapshotRow* row) override {
        row->set_sku("A-1");
        row->set_location("S01");
        row->set_quantity(5);
        return !std::exchange(is_read_, true);
      }
      bool is_read_ = false;
    };
    return Snapshot{.as_of = Timestamp(std::chrono::seconds(1'300'000'000)),
                    .rows = std::make_unique<OneRow>()};
  }

  void OnSetAside(const SetAsideFact& fact) override {
    const absl::MutexLock lock(&mutex_);
    set_aside_.push_back(fact.event_id + ":" + fact.reason);
  }
  void OnDeviceMark(const v1::DeviceMark& mark) override {
    const absl::MutexLock lock(&mutex_);
    marks_[mark.device()] = mark.complete_until();
  }

  absl::Mutex mutex_;
  std::map<std::string, LevelAnswer> answers_;
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::string> taken_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> set_aside_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, uint64_t> marks_ ABSL_GUARDED_BY(mutex_);
};

class AdapterTest : public ::testing::Test {
 protected:
  void StartDaemon(ScriptedDaemon::Script script = {}) {
    daemon_ = std::make_unique<ScriptedDaemon>(std::move(script));
  }

  void StartAdapter() {
    auto opened = Adapter::Open({.source = "pos",
                                 .adapter = "test",
                                 .daemon = {.address = daemon_->address()},
                                 .state_file = folder_.path() / "state.sqlite",
                                 .facts_max = facts_max_,
                                 .backoff = {.initial = milliseconds(5), .max = milliseconds(50)}},
                                {.levels = &shop_, .snapshots = &shop_, .facts = &shop_});
    ASSERT_TRUE(opened.ok()) << opened.status();
    adapter_ = *std::move(opened);
    adapter_->Start();
    ASSERT_TRUE(daemon_->Observe(
        [this](const auto& log) { return static_cast<int>(log.hellos.size()) > hellos_; }));
    hellos_ = static_cast<int>(daemon_->log().hellos.size());
  }

  bool WaitForAll() { return adapter_->WaitUntilAcknowledged(kPatience, {}).value_or(false); }

  static v1::LevelUpdate Update(uint64_t cursor, const std::string& sku) {
    v1::LevelUpdate update;
    update.set_cursor(cursor);
    v1::Level& level = *update.add_levels();
    level.set_sku(sku);
    level.set_location("S01");
    level.set_available(7);
    level.set_version(cursor);
    return update;
  }

  support::TempDirectory folder_;
  FakeShop shop_;
  int64_t facts_max_ = 1000;
  int hellos_ = 0;
  std::unique_ptr<ScriptedDaemon> daemon_;
  std::unique_ptr<Adapter> adapter_;  // Ends before what it uses.
};

TEST_F(AdapterTest, AFactThatWasToldArrivesAfterARestartOfTheAdapter) {
  StartDaemon({.acknowledges = false});
  StartAdapter();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(adapter_->Tell(MakeFact(std::to_string(i))).ok());
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.facts.size() >= 1; }));
  adapter_.reset();
  StartDaemon();
  hellos_ = 0;
  StartAdapter();
  ASSERT_TRUE(WaitForAll());
  EXPECT_EQ(daemon_->log().facts.size(), 20u);
  EXPECT_EQ(adapter_->metrics().outbox_depth, 0);
  adapter_.reset();
  // Nothing is left over that would be sent again.
  StartAdapter();
  ASSERT_TRUE(adapter_->Tell(MakeFact("last")).ok());
  ASSERT_TRUE(WaitForAll());
  EXPECT_THAT(daemon_->log().repetitions, IsEmpty());
}

TEST_F(AdapterTest, AFullOutboxIsReportedAndTakesFactsAgainOnceTheDaemonHasTakenSome) {
  facts_max_ = 3;
  StartDaemon({.acknowledges = false});
  StartAdapter();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(adapter_->Tell(MakeFact(std::to_string(i))).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(adapter_->Tell(MakeFact("3"))));
  EXPECT_EQ(adapter_->metrics().facts_refused, 1);
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.unanswered > 0; }));
  daemon_->AcknowledgeAll();
  ASSERT_TRUE(WaitForAll());
  EXPECT_TRUE(adapter_->Tell(MakeFact("3")).ok());
}

TEST_F(AdapterTest, AFactWithoutAnEventIdIsRefusedAtOnce) {
  StartDaemon();
  StartAdapter();
  EXPECT_TRUE(absl::IsInvalidArgument(adapter_->Tell(v1::Fact())));
}

// The daemon ends the stream at such a fact; those behind it would never get through.
TEST_F(AdapterTest, AFactWithTextThatIsNotUtf8IsRefusedAtOnce) {
  StartDaemon();
  StartAdapter();
  v1::Fact fact = MakeFact("a");
  fact.set_reference("Caf\xe9");
  EXPECT_TRUE(absl::IsInvalidArgument(adapter_->Tell(fact)));
  EXPECT_TRUE(adapter_->Tell(MakeFact("b")).ok());
  EXPECT_TRUE(WaitForAll());
}

TEST_F(AdapterTest, TheAdapterHearsOfFactsSetAsideAndOfDevices) {
  StartDaemon();
  StartAdapter();
  ASSERT_TRUE(
      adapter_->Tell({MakeFact("bad", "unknown"), MakeFact("good")}, {.device = "till-1"}).ok());
  ASSERT_TRUE(WaitForAll());
  const absl::MutexLock lock(&shop_.mutex_);
  EXPECT_THAT(shop_.set_aside_, ElementsAre("bad:SKU_UNKNOWN"));
  EXPECT_EQ(shop_.marks_["till-1"], 1u);
}

TEST_F(AdapterTest, EveryLevelIsAnsweredForAndOnlyTheExceptionsAreNamed) {
  shop_.answers_ = {{"B", LevelAnswer::Conflict(16, "sold meanwhile")},
                    {"C", LevelAnswer::Retry("throttled")},
                    {"D", LevelAnswer::Refused(std::string(600, 'x'))}};
  StartDaemon();
  StartAdapter();
  v1::LevelUpdate update = Update(7, "A");
  for (const std::string sku : {"B", "C", "D"}) *update.add_levels() = Update(7, sku).levels(0);
  ASSERT_TRUE(daemon_->SendLevels(update));
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return !log.level_acks.empty(); }));
  const auto results = daemon_->log().level_results;
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(results[0].outcome(), v1::LEVEL_OUTCOME_CONFLICT);
  EXPECT_EQ(results[0].found(), 16);
  EXPECT_EQ(results[0].version(), 7u);
  EXPECT_EQ(results[1].outcome(), v1::LEVEL_OUTCOME_RETRY);
  EXPECT_EQ(results[2].outcome(), v1::LEVEL_OUTCOME_REFUSED);
  EXPECT_EQ(results[2].reason().size(), 512u);
  EXPECT_EQ(adapter_->metrics().levels.applied, 1);
  EXPECT_EQ(adapter_->metrics().levels.refused, 1);
}

TEST_F(AdapterTest, LevelsGoOnFromTheDurableCursorAfterARestart) {
  StartDaemon();
  StartAdapter();
  EXPECT_EQ(daemon_->log().hellos.back().level_cursor(), 0u);
  ASSERT_TRUE(daemon_->SendLevels(Update(7, "A")));
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return !log.level_acks.empty(); }));
  adapter_.reset();
  StartAdapter();
  EXPECT_EQ(daemon_->log().hellos.back().level_cursor(), 7u);
}

// The results exist only in the acknowledgement: until the daemon has shown that it read it, a
// cursor behind it would hide them for ever.
TEST_F(AdapterTest, ACursorWithResultsIsKeptOnlyOnceTheDaemonHasGoneOn) {
  shop_.answers_ = {{"B", LevelAnswer::Retry("throttled")}};
  StartDaemon();
  StartAdapter();
  ASSERT_TRUE(daemon_->SendLevels(Update(7, "B")));
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.level_acks.size() == 1; }));
  adapter_.reset();
  StartAdapter();
  EXPECT_EQ(daemon_->log().hellos.back().level_cursor(), 0u);
  ASSERT_TRUE(daemon_->SendLevels(Update(7, "B")));
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.level_acks.size() == 2; }));
  ASSERT_TRUE(daemon_->SendLevels(Update(8, "B")));
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.level_acks.size() == 3; }));
  adapter_.reset();
  StartAdapter();
  EXPECT_EQ(daemon_->log().hellos.back().level_cursor(), 7u);
}

TEST_F(AdapterTest, LevelsThatCannotBeMadeDurableAreTriedAgainAndTheTroubleIsTold) {
  const auto fail = [this](int times) {
    const absl::MutexLock lock(&shop_.mutex_);
    shop_.failures_ = times;
  };
  fail(1'000'000);
  StartDaemon();
  StartAdapter();
  ASSERT_TRUE(daemon_->SendLevels(Update(7, "A")));
  ASSERT_TRUE(daemon_->Observe([](const auto& log) {
    return !log.healths.empty() && log.healths.back().trouble().find("locked") != std::string::npos;
  }));
  EXPECT_THAT(daemon_->log().level_acks, IsEmpty());
  fail(0);
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return !log.level_acks.empty(); }));
  EXPECT_TRUE(
      daemon_->Observe([](const auto& log) { return log.healths.back().trouble().empty(); }));
}

TEST_F(AdapterTest, ARequestForASnapshotIsAnsweredUnderItsIdOrIgnored) {
  StartDaemon();
  StartAdapter();
  v1::SnapshotRequest request;
  request.set_snapshot_id("impossible");
  ASSERT_TRUE(daemon_->SendSnapshotRequest(request));
  request.set_snapshot_id("evening");
  request.set_compare_only(true);
  ASSERT_TRUE(daemon_->SendSnapshotRequest(request));
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.snapshots_complete == 1; }));
  const ScriptedDaemon::Log log = daemon_->log();
  EXPECT_EQ(log.snapshot_begins[0].snapshot_id(), "evening");
  EXPECT_TRUE(log.snapshot_begins[0].compare_only());
  EXPECT_EQ(log.snapshot_rows.size(), 1u);
}

TEST_F(AdapterTest, HealthTellsWhatWaitsOnTheDisk) {
  StartDaemon({.acknowledges = false});
  StartAdapter();
  ASSERT_TRUE(adapter_->Tell({MakeFact("a"), MakeFact("b")}, {}).ok());
  adapter_->ReportTrouble("the till does\nnot answer");
  ASSERT_TRUE(daemon_->Observe([](const auto& log) {
    return !log.healths.empty() && !log.healths.back().trouble().empty();
  }));
  const v1::AdapterHealth health = daemon_->log().healths.back();
  EXPECT_EQ(health.trouble(),
            "the till does not answer");  // In one line: the contract asks for it.
  EXPECT_EQ(health.outbox_depth(), 2);
  EXPECT_EQ(health.oldest_waiting_time().seconds(), 1'300'000'000);
}

class QuotaTest : public AdapterTest {
 protected:
  static v1::GrantQuotaRequest Wish(const std::string& id, int64_t quantity, int64_t ttl_s = 3600) {
    v1::GrantQuotaRequest request;
    request.set_quota_id(id);
    request.set_holder("pos/till-1");
    request.mutable_position()->set_sku("A-1");
    request.mutable_position()->set_location("S01");
    request.set_quantity(quantity);
    request.mutable_ttl()->set_seconds(ttl_s);
    return request;
  }
  static v1::Fact Sale(const std::string& id, int64_t quantity) {
    v1::Fact sale = MakeFact(id);
    sale.set_quantity(quantity);
    return sale;
  }
};

// The point of it: the daemon is away, and still nobody can sell one unit twice.
TEST_F(QuotaTest, IsSoldFromWhileTheDaemonIsAwayAndNeverBeyondIt) {
  StartDaemon();
  StartAdapter();
  const auto quota = adapter_->TakeQuota(Wish("q", 4));
  ASSERT_TRUE(quota.ok()) << quota.status();
  EXPECT_EQ(quota->left(), 4);
  daemon_.reset();
  EXPECT_EQ(adapter_->SellFromQuota(Sale("s1", 3), {.device = "till-1"}).value_or(""), "q");
  EXPECT_TRUE(absl::IsFailedPrecondition(adapter_->SellFromQuota(Sale("s2", 2), {}).status()));
  EXPECT_TRUE(
      absl::IsFailedPrecondition(adapter_->SellFromQuota(MakeFact("other", "B-1"), {}).status()));
  // A crash of the till gives it no unit back.
  adapter_.reset();
  StartDaemon();
  hellos_ = 0;
  StartAdapter();
  ASSERT_EQ(adapter_->quotas()->size(), 1u);
  EXPECT_EQ(adapter_->quotas()->front().left(), 1);
  EXPECT_TRUE(absl::IsFailedPrecondition(adapter_->SellFromQuota(Sale("s2", 2), {}).status()));
  EXPECT_EQ(adapter_->SellFromQuota(Sale("s3", 1), {}).value_or(""), "q");
  ASSERT_TRUE(WaitForAll());
  EXPECT_EQ(daemon_->log().facts.at("s1").reservation_id(), "q");
  EXPECT_EQ(daemon_->log().facts.at("s1").device_sequence(), 1u);
}

TEST_F(QuotaTest, GoesBackOnceAllItsSalesAreToldAndIsNotSoldFromMeanwhile) {
  StartDaemon({.acknowledges = false});
  StartAdapter();
  ASSERT_TRUE(adapter_->TakeQuota(Wish("q", 4)).ok());
  ASSERT_TRUE(adapter_->SellFromQuota(Sale("s1", 1), {}).ok());
  EXPECT_EQ(adapter_->ReturnQuota("q").value_or(true), false);
  EXPECT_TRUE(absl::IsFailedPrecondition(adapter_->SellFromQuota(Sale("s2", 1), {}).status()));
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.facts.size() == 1; }));
  daemon_->AcknowledgeAll();
  ASSERT_TRUE(WaitForAll());
  EXPECT_EQ(adapter_->ReturnQuota("q").value_or(false), true);
  EXPECT_EQ(daemon_->log().quotas.at("q").state(), v1::QUOTA_STATE_SETTLED);
  EXPECT_TRUE(adapter_->quotas()->empty());
  EXPECT_EQ(adapter_->ReturnQuota("q").value_or(false), true) << "again is fine";
}

TEST_F(QuotaTest, EndsByTheClockOfTheTill) {
  StartDaemon();
  StartAdapter();
  ASSERT_TRUE(adapter_->TakeQuota(Wish("q", 4, /*ttl_s=*/0)).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(adapter_->SellFromQuota(Sale("s1", 1), {}).status()));
}

TEST_F(QuotaTest, WhatTheDaemonRefusesIsNotHeld) {
  StartDaemon();
  StartAdapter();
  const auto refused = adapter_->TakeQuota(Wish("q", 6));
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status())) << refused.status();
  EXPECT_TRUE(adapter_->quotas()->empty());
  v1::GrantQuotaRequest some = Wish("q", 6);
  some.set_allow_partial(true);
  EXPECT_EQ(adapter_->TakeQuota(some)->quantity, 5);
  EXPECT_EQ(adapter_->TakeQuota(some)->quantity, 5) << "again is the same";
}

TEST(HealthSchedule, HealthIsToldAtTheBeginningEveryIntervalAndWhenTroubleChanges) {
  HealthSchedule schedule(std::chrono::seconds(10));
  const SteadyTime begin;
  const auto at = [&](int seconds) { return begin + std::chrono::seconds(seconds); };
  EXPECT_TRUE(schedule.IsDue(at(0), ""));
  schedule.NoteSent(at(0), "");
  EXPECT_FALSE(schedule.IsDue(at(9), ""));
  EXPECT_TRUE(schedule.IsDue(at(9), "no paper"));
  EXPECT_TRUE(schedule.IsDue(at(10), ""));
  schedule.NoteSent(at(10), "no paper");
  EXPECT_FALSE(schedule.IsDue(at(11), "no paper"));
  EXPECT_TRUE(schedule.IsDue(at(11), ""));
  schedule.Restart();
  EXPECT_TRUE(schedule.IsDue(at(11), "no paper"));
}

}  // namespace
}  // namespace stockd::sdk
