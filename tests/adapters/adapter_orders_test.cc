// An adapter that takes orders and tells what happened to them, against a scripted peer.
#include <absl/synchronization/mutex.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "adapters/sdk/adapter.h"
#include "tests/adapters/scripted_daemon.h"
#include "tests/support/process_clock.h"
#include "tests/support/temp_directory.h"

namespace stockd::sdk {
namespace {

using adapters_test::ScriptedDaemon;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A till that shows what to pick.
class FakeTill final : public OrderTarget, public FactListener {
 public:
  absl::Status Take(const v1::OrderUpdate& update) override {
    const absl::MutexLock lock(&mutex_);
    if (failures_ > 0) {
      --failures_;
      return absl::UnavailableError("no paper");
    }
    taken_.push_back(update.order().order_id());
    return absl::OkStatus();
  }
  void OnOrderFactWaits(const WaitingOrderFact& waiting) override {
    const absl::MutexLock lock(&mutex_);
    waiting_.push_back(waiting.fact.event_id() + ":" + waiting.reason);
  }

  void Fail(int times) {
    const absl::MutexLock lock(&mutex_);
    failures_ = times;
  }
  std::vector<std::string> taken() {
    const absl::MutexLock lock(&mutex_);
    return taken_;
  }
  std::vector<std::string> waiting() {
    const absl::MutexLock lock(&mutex_);
    return waiting_;
  }

 private:
  absl::Mutex mutex_;
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::string> taken_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> waiting_ ABSL_GUARDED_BY(mutex_);
};

class AdapterOrdersTest : public ::testing::Test {
 protected:
  void StartDaemon(ScriptedDaemon::Script script = {}) {
    daemon_ = std::make_unique<ScriptedDaemon>(std::move(script));
    hellos_ = 0;
  }

  void StartAdapter(bool orders_anew = false) {
    auto opened = Adapter::Open({.source = "pos",
                                 .adapter = "test",
                                 .daemon = {.address = daemon_->address()},
                                 .state_file = folder_.path() / "state.sqlite",
                                 .backoff = {.initial = milliseconds(5), .max = milliseconds(50)},
                                 .orders_anew = orders_anew},
                                {.facts = &till_, .orders = &till_});
    ASSERT_TRUE(opened.ok()) << opened.status();
    adapter_ = *std::move(opened);
    adapter_->Start();
    ASSERT_TRUE(daemon_->Observe([this](const auto& log) { return log.hellos.size() > hellos_; }));
    hellos_ = daemon_->log().hellos.size();
  }

  static v1::OrderUpdate Update(uint64_t cursor, const std::string& order_id) {
    v1::OrderUpdate update;
    update.set_cursor(cursor);
    update.mutable_order()->set_order_id(order_id);
    return update;
  }

  static v1::OrderFact Picked(const std::string& event_id, const std::string& order_id = "web-1") {
    v1::OrderFact fact;
    fact.set_event_id(event_id);
    fact.set_order_id(order_id);
    fact.set_kind(v1::ORDER_FACT_KIND_PICKED);
    fact.mutable_occurred_at()->set_seconds(1'300'000'000);
    return fact;
  }

  bool WaitForFacts(size_t count) {
    return daemon_->Observe([count](const auto& log) { return log.order_facts.size() >= count; });
  }

  support::TempDirectory folder_;
  FakeTill till_;
  size_t hellos_ = 0;
  std::unique_ptr<ScriptedDaemon> daemon_;
  std::unique_ptr<Adapter> adapter_;  // Ends before what it uses.
};

TEST_F(AdapterOrdersTest, EachOrderIsTakenOnceAndThenAcknowledged) {
  StartDaemon();
  StartAdapter();
  EXPECT_TRUE(daemon_->log().hellos.back().wants_orders());
  EXPECT_FALSE(daemon_->log().hellos.back().has_order_cursor())
      << "the daemon knows what was acknowledged";
  ASSERT_TRUE(daemon_->SendOrder(Update(7, "web-1")));
  ASSERT_TRUE(daemon_->SendOrder(Update(9, "web-2")));
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.order_acks.size() == 2; }));
  EXPECT_THAT(daemon_->log().order_acks, ElementsAre(7u, 9u));
  EXPECT_THAT(till_.taken(), ElementsAre("web-1", "web-2"));
  EXPECT_EQ(adapter_->metrics().orders.taken, 2);
}

TEST_F(AdapterOrdersTest, AnOrderThatCannotBeTakenIsTriedAgainAndTheTroubleIsTold) {
  till_.Fail(2);
  StartDaemon();
  StartAdapter();
  ASSERT_TRUE(daemon_->SendOrder(Update(7, "web-1")));
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.order_acks.size() == 1; }));
  EXPECT_EQ(adapter_->metrics().orders.failures, 2);
  const auto healths = daemon_->log().healths;
  EXPECT_TRUE(std::ranges::any_of(healths, [](const v1::AdapterHealth& health) {
    return health.trouble().find("no paper") != std::string::npos;
  }));
  EXPECT_TRUE(
      daemon_->Observe([](const auto& log) { return log.healths.back().trouble().empty(); }));
}

// After the system behind the adapter has lost its orders.
TEST_F(AdapterOrdersTest, AllOpenOrdersComeAgainOnceOnRequest) {
  StartDaemon();
  StartAdapter(/*orders_anew=*/true);
  EXPECT_TRUE(daemon_->log().hellos.back().has_order_cursor());
  EXPECT_EQ(daemon_->log().hellos.back().order_cursor(), 0u);
  ASSERT_TRUE(daemon_->SendOrder(Update(0, "web-1")));
  ASSERT_TRUE(daemon_->SendOrder(Update(0, "web-2")));
  ASSERT_TRUE(daemon_->SendOrder(Update(9, "web-3")));
  ASSERT_TRUE(daemon_->Observe([](const auto& log) { return log.order_acks.size() == 3; }));
  EXPECT_THAT(daemon_->log().order_acks, ElementsAre(0u, 0u, 9u));
}

TEST_F(AdapterOrdersTest, WhatWasToldOfAnOrderArrivesAfterARestartOfTheAdapter) {
  StartDaemon({.acknowledges = false});
  StartAdapter();
  ASSERT_TRUE(adapter_->TellOrders({Picked("a"), Picked("b")}).ok());
  ASSERT_TRUE(WaitForFacts(2));
  adapter_.reset();
  StartDaemon();
  StartAdapter();
  ASSERT_TRUE(WaitForFacts(2));
  ASSERT_TRUE(adapter_->TellOrder(Picked("c")).ok());
  ASSERT_TRUE(WaitForFacts(3));
  ASSERT_TRUE(support::WaitUntil(support::In(),
                                 [this] { return adapter_->metrics().order_facts_waiting == 0; }));
  adapter_.reset();
  // Nothing is left over that would be sent again.
  StartAdapter();
  ASSERT_TRUE(adapter_->TellOrder(Picked("d")).ok());
  ASSERT_TRUE(WaitForFacts(4));
  EXPECT_THAT(daemon_->log().repetitions, IsEmpty());
}

TEST_F(AdapterOrdersTest, TheAdapterHearsOfFactsThatWait) {
  StartDaemon();
  StartAdapter();
  ASSERT_TRUE(adapter_->TellOrders({Picked("good"), Picked("early", "unknown")}).ok());
  ASSERT_TRUE(WaitForFacts(2));
  ASSERT_TRUE(adapter_->TellOrder(Picked("later")).ok());
  ASSERT_TRUE(WaitForFacts(3));  // So the answer to the first ones has been read.
  EXPECT_THAT(till_.waiting(), ElementsAre("early:ORDER_UNKNOWN"));
}

TEST_F(AdapterOrdersTest, FactsGoInBatchesOfTheSizeThatTheDaemonTakes) {
  StartDaemon({.batch_size_max = 3});
  StartAdapter();
  std::vector<v1::OrderFact> facts;
  for (int i = 0; i < 10; ++i) {
    facts.push_back(Picked(std::to_string(i), i == 8 ? "unknown" : "web-1"));
  }
  ASSERT_TRUE(adapter_->TellOrders(facts).ok());
  ASSERT_TRUE(WaitForFacts(10));
  EXPECT_THAT(daemon_->log().order_batches, SizeIs(4));
  EXPECT_THAT(daemon_->log().repetitions, IsEmpty());
  ASSERT_TRUE(adapter_->TellOrder(Picked("later")).ok());
  ASSERT_TRUE(WaitForFacts(11));
  EXPECT_THAT(till_.waiting(), ElementsAre("8:ORDER_UNKNOWN"))
      << "the ninth of all, not of its batch";
}

TEST_F(AdapterOrdersTest, AFactThatNoDaemonWouldTakeIsRefusedAtOnce) {
  StartDaemon();
  StartAdapter();
  EXPECT_TRUE(absl::IsInvalidArgument(adapter_->TellOrder(v1::OrderFact())));
  v1::OrderFact fact = Picked("a");
  fact.set_note("Caf\xe9");
  const absl::Status refused = adapter_->TellOrder(fact);
  EXPECT_TRUE(absl::IsInvalidArgument(refused));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("UTF-8"));
  ASSERT_TRUE(adapter_->TellOrder(Picked("b")).ok());
  EXPECT_TRUE(WaitForFacts(1));
}

}  // namespace
}  // namespace stockd::sdk
