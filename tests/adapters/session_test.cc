// The session against a scripted peer over a real connection.
#include "adapters/sdk/session.h"

#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <vector>

#include "adapters/sdk/daemon_channel.h"
#include "tests/adapters/scripted_daemon.h"
#include "tests/support/process_clock.h"

namespace stockd::sdk {
namespace {

using adapters_test::MakeFact;
using adapters_test::ScriptedDaemon;
using std::chrono::milliseconds;
using support::kPatience;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Keeps the cursors it is told.
class RecordingSink final : public LevelSink {
 public:
  explicit RecordingSink(uint64_t durable = 0) : durable_(durable) {}

  uint64_t BeginLevels() override { return durable_; }
  void OnLevels(const v1::LevelUpdate& update) override {
    const absl::MutexLock lock(&mutex_);
    told_.push_back(update.cursor());
  }

  // False when they do not come.
  bool WaitFor(const std::vector<uint64_t>& cursors) {
    const absl::MutexLock lock(&mutex_);
    const auto are_told = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return told_ == cursors; };
    return mutex_.AwaitWithTimeout(absl::Condition(&are_told), absl::FromChrono(kPatience));
  }

 private:
  const uint64_t durable_;
  absl::Mutex mutex_;
  std::vector<uint64_t> told_ ABSL_GUARDED_BY(mutex_);
};

// Rows from memory.
class FixedRows final : public SnapshotRows {
 public:
  explicit FixedRows(int count) : count_(count) {}
  absl::Status Rewind() override {
    next_ = 0;
    ++rewinds_;
    return absl::OkStatus();
  }
  absl::StatusOr<bool> Next(v1::SnapshotRow* row) override {
    if (next_ == fails_at_) return absl::DataLossError("the file is gone");
    if (next_ == count_) return false;
    row->set_sku("A-" + std::to_string(next_++));
    row->set_location("S01");
    row->set_quantity(5);
    return true;
  }

  int count_;
  int next_ = 0;
  int rewinds_ = 0;
  int fails_at_ = -1;
};

class SessionTest : public ::testing::Test {
 protected:
  void Begin(ScriptedDaemon::Script script, uint64_t durable_cursor = 0) {
    sink_.emplace(durable_cursor);
    daemon_ = std::make_unique<ScriptedDaemon>(std::move(script));
    const auto channel = OpenChannel(daemon_->address(), milliseconds(100));
    options_.source = "pos";
    options_.adapter = "test";
    options_.wants_levels = true;
    options_.backoff = {.initial = milliseconds(5), .max = milliseconds(50)};
    session_ = std::make_unique<Session>(
        options_, [channel] { return OpenConnectStream(channel); }, &*sink_);
    session_->Start();
  }

  void Send(int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(session_->SendFact(MakeFact(std::to_string(++sent_)), {}).ok());
    }
  }

  bool WaitForAll() {
    return session_->WaitForAcknowledgement(static_cast<uint64_t>(sent_), kPatience, {})
        .value_or(false);
  }

  std::optional<RecordingSink> sink_;
  SessionOptions options_;
  std::unique_ptr<ScriptedDaemon> daemon_;
  std::unique_ptr<Session> session_;  // Ends before what it uses.
  int sent_ = 0;
};

TEST(DaemonChannel, ACertificateWithoutItsKeyIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      OpenChannel({.address = "127.0.0.1:1", .certificate_file = "some.pem"}).status()));
  EXPECT_TRUE(absl::IsNotFound(
      OpenChannel({.address = "127.0.0.1:1", .authority_file = "/nowhere.pem"}).status()));
}

TEST_F(SessionTest, HelloSaysWhoConnectsAndFromWhere) {
  Begin({}, /*durable_cursor=*/41);
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.hellos.size() == 1; }));
  const v1::Hello hello = daemon_->log().hellos[0];
  EXPECT_EQ(hello.source(), "pos");
  EXPECT_EQ(hello.adapter(), "test");
  EXPECT_TRUE(hello.wants_levels());
  EXPECT_EQ(hello.level_cursor(), 41u);
  EXPECT_EQ(hello.level_updates_in_flight_max(), 64);
}

TEST_F(SessionTest, FactsArriveOnceAndAreAcknowledged) {
  Begin({.batch_size_max = 10});
  Send(1000);
  ASSERT_TRUE(WaitForAll());
  const Acknowledged acknowledged = session_->TakeAcknowledged();
  EXPECT_EQ(acknowledged.up_to, 1000u);
  EXPECT_EQ(acknowledged.applied, 1000);
  EXPECT_EQ(acknowledged.duplicates, 0);
  const ScriptedDaemon::Log log = daemon_->log();
  EXPECT_EQ(log.facts.size(), 1000u);
  EXPECT_THAT(log.repetitions, IsEmpty());
  for (const v1::FactBatch& batch : log.batches) EXPECT_LE(batch.facts_size(), 10);
}

TEST_F(SessionTest, WhatTheDaemonSetsAsideIsToldWithItsReason) {
  Begin({});
  ASSERT_TRUE(session_->SendFact(MakeFact("good"), {}).ok());
  const uint64_t sequence = *session_->SendFact(MakeFact("bad", "unknown"), {});
  ASSERT_TRUE(session_->WaitForAcknowledgement(sequence, kPatience, {}).value_or(false));
  const Acknowledged acknowledged = session_->TakeAcknowledged();
  ASSERT_EQ(acknowledged.set_aside.size(), 1u);
  EXPECT_EQ(acknowledged.set_aside[0].sequence, sequence);
  EXPECT_EQ(acknowledged.set_aside[0].event_id, "bad");
  EXPECT_EQ(acknowledged.set_aside[0].reason, "SKU_UNKNOWN");
}

// Beyond it the daemon stops reading, and the stream would stand still.
TEST_F(SessionTest, NoMoreBatchesAreUnderWayThanTheDaemonAllows) {
  Begin({.batch_size_max = 10, .batches_in_flight_max = 3, .acknowledges = false});
  Send(500);
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.unanswered == 3; }));
  // The writing thread answers levels, so it has had its chance to write a fourth batch.
  v1::LevelUpdate update;
  update.set_cursor(1);
  ASSERT_TRUE(daemon_->SendLevels(update));
  ASSERT_TRUE(sink_->WaitFor({1}));
  session_->AcknowledgeLevels(1);
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.level_acks.size() == 1; }));
  EXPECT_EQ(daemon_->log().unanswered, 3);
  daemon_->AcknowledgeAll();
  ASSERT_TRUE(WaitForAll());
  EXPECT_EQ(daemon_->log().unanswered_max, 3);
  EXPECT_EQ(daemon_->log().facts.size(), 500u);
}

TEST_F(SessionTest, ABrokenStreamRepeatsWhatWasNotAcknowledged) {
  Begin({.batch_size_max = 10, .break_after_batches = 4});
  Send(200);
  ASSERT_TRUE(WaitForAll());
  const ScriptedDaemon::Log log = daemon_->log();
  EXPECT_EQ(log.hellos.size(), 2u);
  EXPECT_EQ(log.facts.size(), 200u);
  // The fourth batch was taken but not answered: it came again and was recognised.
  EXPECT_FALSE(log.repetitions.empty());
  EXPECT_LE(log.repetitions.size(), 20u);
  const Acknowledged acknowledged = session_->TakeAcknowledged();
  EXPECT_EQ(acknowledged.applied + acknowledged.duplicates, 200);
  for (size_t i = 1; i < log.batches.size(); ++i) {
    EXPECT_GT(log.batches[i].batch(), log.batches[i - 1].batch());
  }
}

TEST_F(SessionTest, SendingBlocksWhileTooMuchIsUnacknowledgedAndEndsOnRequest) {
  options_.facts_waiting_max = 50;
  Begin({.batch_size_max = 10, .acknowledges = false});
  Send(50);
  std::stop_source stop;
  std::future<absl::Status> blocked = std::async(std::launch::async, [&] {
    return session_->SendFact(MakeFact("one more"), stop.get_token()).status();
  });
  EXPECT_EQ(blocked.wait_for(milliseconds(50)), std::future_status::timeout);
  stop.request_stop();
  EXPECT_TRUE(absl::IsCancelled(blocked.get()));
}

TEST_F(SessionTest, LevelsAreAcknowledgedOnlyOnceTheyAreDurable) {
  Begin({});
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return !log.hellos.empty(); }));
  v1::LevelUpdate update;
  update.set_cursor(7);
  ASSERT_TRUE(daemon_->SendLevels(update));
  update.set_cursor(8);
  ASSERT_TRUE(daemon_->SendLevels(update));
  ASSERT_TRUE(sink_->WaitFor({7, 8}));
  // A batch goes through in the meantime: nothing was held up, and still nothing acknowledged.
  Send(1);
  ASSERT_TRUE(WaitForAll());
  EXPECT_THAT(daemon_->log().level_acks, IsEmpty());
  session_->AcknowledgeLevels(8);
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return !log.level_acks.empty(); }));
  EXPECT_THAT(daemon_->log().level_acks, ElementsAre(8));
}

TEST_F(SessionTest, LevelsOfAnEarlierStreamAreNotAcknowledgedOnALaterOne) {
  Begin({.break_after_batches = 1});
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return !log.hellos.empty(); }));
  v1::LevelUpdate update;
  update.set_cursor(7);
  ASSERT_TRUE(daemon_->SendLevels(update));
  ASSERT_TRUE(sink_->WaitFor({7}));
  Send(1);  // Breaks the stream.
  ASSERT_TRUE(WaitForAll());
  session_->AcknowledgeLevels(7);
  Send(1);
  ASSERT_TRUE(WaitForAll());
  EXPECT_THAT(daemon_->log().level_acks, IsEmpty());
}

TEST_F(SessionTest, ASnapshotIsSentInPiecesAndAnswered) {
  Begin({.batch_size_max = 100});
  FixedRows rows(1050);
  const auto ack =
      session_->SendSnapshot("morning", Timestamp(std::chrono::seconds(1'300'000'000)), &rows, {});
  ASSERT_TRUE(ack.ok()) << ack.status();
  EXPECT_EQ(ack->changed(), 1050);
  const ScriptedDaemon::Log log = daemon_->log();
  ASSERT_EQ(log.snapshot_begins.size(), 1u);
  EXPECT_EQ(log.snapshot_begins[0].snapshot_id(), "morning");
  EXPECT_EQ(log.snapshot_begins[0].as_of().seconds(), 1'300'000'000);
  ASSERT_EQ(log.snapshot_rows.size(), 1050u);
  EXPECT_EQ(log.snapshot_rows[1049].sku(), "A-1049");
}

// A snapshot that was begun cannot be taken back, so its stream has to go.
TEST_F(SessionTest, ASnapshotWhoseRowsFailIsGivenUpWithItsStream) {
  Begin({.batch_size_max = 100});
  FixedRows rows(1000);
  rows.fails_at_ = 500;
  const auto ack = session_->SendSnapshot("broken", Timestamp(), &rows, {});
  EXPECT_EQ(ack.status().code(), absl::StatusCode::kDataLoss);
  Send(1);
  ASSERT_TRUE(WaitForAll());
  EXPECT_EQ(daemon_->log().snapshots_complete, 0);
  EXPECT_EQ(daemon_->log().hellos.size(), 2u);
}

TEST_F(SessionTest, ARefusalThatRepetitionCannotMendEndsTheSession) {
  Begin({.refusal = grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "no such source")});
  const auto sent = session_->WaitForAcknowledgement(1, kPatience, {});
  EXPECT_TRUE(absl::IsPermissionDenied(sent.status())) << sent.status();
  EXPECT_TRUE(absl::IsPermissionDenied(session_->failure()));
  EXPECT_THAT(session_->health().last_error, HasSubstr("no such source"));
  EXPECT_EQ(daemon_->log().hellos.size(), 1u);
}

TEST_F(SessionTest, ABusyDaemonIsTriedAgain) {
  Begin({.refusal = grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "busy")});
  EXPECT_TRUE(daemon_->Observe([](const auto& log) { return log.hellos.size() >= 3; }));
  EXPECT_TRUE(session_->failure().ok());
}

TEST_F(SessionTest, CatchingUpWaitsForTheLevelsOfANewStream) {
  Begin({});
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return !log.hellos.empty(); }));
  v1::LevelUpdate update;
  update.set_cursor(12);
  daemon_->CatchUpNewStreamsWith(update);
  const auto is_caught_up = session_->CatchUpWithLevels(kPatience, {});
  EXPECT_TRUE(is_caught_up.value_or(false)) << is_caught_up.status();
  EXPECT_TRUE(sink_->WaitFor({12}));
  EXPECT_EQ(daemon_->log().hellos.size(), 2u);
}

TEST_F(SessionTest, StoppingStillAcknowledgesLevelsThatAreDurable) {
  Begin({});
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return !log.hellos.empty(); }));
  v1::LevelUpdate update;
  update.set_cursor(7);
  ASSERT_TRUE(daemon_->SendLevels(update));
  ASSERT_TRUE(sink_->WaitFor({7}));
  session_->AcknowledgeLevels(7);
  session_->Stop();
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.streams_ended == 1; }));
  EXPECT_THAT(daemon_->log().level_acks, ElementsAre(7));
}

TEST_F(SessionTest, StoppingEndsTheStreamInOrder) {
  Begin({});
  Send(10);
  ASSERT_TRUE(WaitForAll());
  session_->Stop();
  EXPECT_TRUE(daemon_->Observe([](const auto& log) { return log.streams_ended == 1; }));
  EXPECT_TRUE(absl::IsCancelled(session_->SendFact(MakeFact("late"), {}).status()));
}

}  // namespace
}  // namespace stockd::sdk
