// stockd-webhook with the real daemon and a real receiver: what its README promises.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "adapters/http_client/http_client.h"
#include "adapters/webhook/signature.h"
#include "tests/support/process_clock.h"
#include "tests/support/random.h"
#include "tests/system/seed.h"
#include "tests/webhook/webhook_fixture.h"

namespace stockd::webhook {
namespace {

using std::chrono::milliseconds;
using support::In;
using support::SteadyNow;
using support::WaitUntil;
using testing::HasSubstr;
using testing::IsEmpty;

class Webhook : public WebhookFixture {
 protected:
  static bool IsOf(const Message& message, const std::string& order) {
    return message.order == order;
  }
};

TEST_F(Webhook, TellsEverythingFromTheBeginningSigned) {
  Receiver receiver(kSecret);
  AddEndpoint("crm", receiver.url());
  PlaceAndPick("before");
  StartAdapter();
  PlaceAndPick("after");
  ExpectAllArrive(receiver);
  EXPECT_EQ(receiver.duplicates(), 0);
  StopAdapter();
}

// Neither a receiver that fails in every way, nor kill -9 of the adapter and restarts of the daemon
// at any moment, lose a message, change it or put it out of order.
TEST_F(Webhook, NothingIsLostWhateverFails) {
  const uint64_t seed = system_test::AnnouncedSeed();
  support::Random random(seed);
  Receiver receiver(kSecret);
  std::mutex mutex;
  receiver.Do([&](const Message&) {
    const std::scoped_lock lock(mutex);
    constexpr int kAnswers[] = {500, 503, 429, 404, 302, kHang, kReset, kTakeAndReset};
    return random.Percent(70) ? 200 : kAnswers[random.Below(std::size(kAnswers))];
  });
  AddEndpoint("crm", receiver.url());
  StartAdapter();
  std::jthread staff([this] {
    for (int i = 0; i < 60; ++i) PlaceAndPick("order-" + std::to_string(i));
  });
  for (int kill = 0; kill < 6; ++kill) {
    const size_t goal = receiver.taken_count() + 15;
    ASSERT_TRUE(WaitUntil(In(), [&] { return receiver.taken_count() >= goal; })) << AdapterLog();
    KillAdapter();
    if (kill == 3) {
      daemon_.Kill();
      ASSERT_TRUE(daemon_.Start());
    }
    StartAdapter();
  }
  staff.join();
  receiver.Do(nullptr);
  ExpectAllArrive(receiver);
  std::printf("%lld calls for %zu messages, %lld of them repeated\n",
              static_cast<long long>(receiver.calls()), receiver.taken_count(),
              static_cast<long long>(receiver.duplicates()));
  StopAdapter();
}

TEST_F(Webhook, AReceiverThatIsAwayForLongGetsEverythingAfterwards) {
  Receiver receiver(kSecret);
  AddEndpoint("crm", receiver.url());
  StartAdapter();
  PlaceAndPick("first");
  ASSERT_TRUE(WaitUntil(In(), [&] { return receiver.taken_count() == 4; })) << AdapterLog();
  receiver.GoAway();
  for (int i = 0; i < 30; ++i) PlaceAndPick("order-" + std::to_string(i));
  ASSERT_TRUE(WaitUntil(In(), [&] { return AdapterLog().find("is down") != std::string::npos; }));
  KillAdapter();
  StartAdapter();
  PlaceAndPick("last");
  receiver.ComeBack();
  ExpectAllArrive(receiver);
  StopAdapter();
}

// A message that is refused is given up visibly; its order stands still, the others do not.
TEST_F(Webhook, ARefusedMessageWaitsForAPersonAndHoldsItsOrderOnly) {
  Receiver receiver(kSecret);
  receiver.Do([](const Message& message) {
    return IsOf(message, "bad") && message.type != "stockd.order.placed" ? 422 : 200;
  });
  AddEndpoint("crm", receiver.url(), "refused_attempts_max = 3\n");
  StartAdapter();
  PlaceAndPick("bad");
  for (int i = 0; i < 10; ++i) PlaceAndPick("good-" + std::to_string(i));
  const std::set<uint64_t> bad = AllEvents("bad");
  const size_t all = AllEvents().size();
  const std::string letter = "crm-" + std::to_string(*std::next(bad.begin()));
  ASSERT_TRUE(WaitUntil(In(), [&] {
    return receiver.taken_count() == all - bad.size() + 1 &&
           Command({"--list-letters"}).find(letter) != std::string::npos;
  })) << AdapterLog();
  EXPECT_THAT(Command({"--list-letters"}), HasSubstr("status 422"));

  // Over a restart, too.
  KillAdapter();
  StartAdapter();
  PlaceAndPick("another");
  ASSERT_TRUE(WaitUntil(In(), [&] { return receiver.taken_count() == all - bad.size() + 5; }));
  EXPECT_THAT(Command({"--list-letters"}), HasSubstr(letter));

  EXPECT_EQ(Command({"--send-again", letter}), "1 to be sent again\n");
  ASSERT_TRUE(WaitUntil(In(), [&] {
    return Command({"--list-letters"}).find(letter) != std::string::npos;  // Refused anew.
  }));
  receiver.Do(nullptr);
  EXPECT_EQ(Command({"--send-again", "all"}), "1 to be sent again\n");
  ExpectAllArrive(receiver);
  EXPECT_EQ(Command({"--list-letters"}), "nothing was given up\n");
  StopAdapter();
}

TEST_F(Webhook, ADroppedMessageLetsTheOnesBehindItGo) {
  Receiver receiver(kSecret);
  receiver.Do([](const Message& message) {
    return message.type == "stockd.order.picking_started" ? 400 : 200;
  });
  AddEndpoint("crm", receiver.url(), "refused_attempts_max = 1\n");
  StartAdapter();
  PlaceAndPick("bad");
  ASSERT_TRUE(WaitUntil(In(), [&] {
    return Command({"--list-letters"}).find("crm-") != std::string::npos;
  })) << AdapterLog();
  EXPECT_EQ(receiver.taken_count(), 1);
  EXPECT_EQ(Command({"--drop", "all"}), "1 to be dropped\n");
  EXPECT_TRUE(WaitUntil(In(), [&] { return receiver.taken_count() == 3; })) << AdapterLog();
  StopAdapter();
}

TEST_F(Webhook, AnEndpointThatIsGoneIsLeftAloneAndTheOtherIsServed) {
  Receiver gone(kSecret);
  gone.Do([](const Message&) { return 410; });
  Receiver other(kSecret);
  AddEndpoint("gone", gone.url(), "calls_in_flight_max = 1\n");
  AddEndpoint("other", other.url());
  StartAdapter();
  PlaceAndPick("first");
  ASSERT_TRUE(WaitUntil(In(), [&] {
    return Command({"--list-letters"}).find("gone-closed") != std::string::npos;
  })) << AdapterLog();
  KillAdapter();
  StartAdapter();
  PlaceAndPick("second");
  ExpectAllArrive(other);
  EXPECT_EQ(gone.calls(), 1);
  gone.Do(nullptr);
  EXPECT_EQ(Command({"--send-again", "gone-closed"}), "1 to be sent again\n");
  ExpectAllArrive(gone);
  StopAdapter();
}

// The bound of the README, with this test's settings: 500 ms for a call and 200 ms between probes.
TEST_F(Webhook, AnOrderWhoseCallsHangDelaysOthersWithinTheBoundOnly) {
  Receiver receiver(kSecret);
  receiver.Do([](const Message& message) { return IsOf(message, "hangs") ? kHang : 200; });
  AddEndpoint("crm", receiver.url());
  StartAdapter();
  Place("hangs");
  ASSERT_TRUE(WaitUntil(In(), [&] { return receiver.calls() >= 8; }));  // Down, by its failures.
  milliseconds slowest{0};
  for (int i = 0; i < 10; ++i) {
    const size_t before = receiver.taken_count();
    const auto begin = SteadyNow();
    Place("good-" + std::to_string(i));
    ASSERT_TRUE(WaitUntil(In(), [&] { return receiver.taken_count() > before; }));
    slowest = std::max(slowest, std::chrono::duration_cast<milliseconds>(SteadyNow() - begin));
  }
  std::printf("slowest beside a hanging order: %lld ms\n", static_cast<long long>(slowest.count()));
  EXPECT_LT(slowest, milliseconds(5000));  // 700 and a busy machine.
  EXPECT_THAT(receiver.complaints(), IsEmpty());
  receiver.Do(nullptr);
  ExpectAllArrive(receiver);
  StopAdapter();
}

// The receiver must notice what it is there to notice.
TEST(Receivers, CanaryBrokenPromisesAreSeen) {
  const std::string secret = WebhookFixture::kSecret;
  Receiver receiver(secret);
  http_client::HttpClientOptions options;
  options.proxy = "none";
  const auto client = http_client::HttpClient::Make(options);
  const auto send = [&](const std::string& id, const std::string& key, const std::string& more) {
    const std::string body = R"({"id":")" + id + R"(","subject":"order","more":")" + more + "\"}";
    EXPECT_TRUE((*client)
                    ->Call({.method = "POST",
                            .url = receiver.url(),
                            .headers = {{"Webhook-Id", id},
                                        {"Webhook-Timestamp", "5"},
                                        {"Webhook-Signature",
                                         SignatureOf({http_client::Secret(key)}, id, 5, body)}},
                            .body = body,
                            .name = "send"})
                    .ok());
    return receiver.complaints().size();
  };
  receiver.Do([](const Message&) { return 500; });
  EXPECT_EQ(send("1", secret, ""), 0);
  receiver.Do(nullptr);
  EXPECT_EQ(send("2", secret, ""), 1);            // Before 1 was taken.
  EXPECT_EQ(send("1", secret, ""), 1);            // As it should be.
  EXPECT_EQ(send("1", secret, "x"), 2);           // Another body.
  EXPECT_EQ(send("3", "another secret", ""), 3);  // Not signed by us.
}

TEST_F(Webhook, ManyEndpointsGetWhatTheyAskedFor) {
  Receiver all(kSecret);
  Receiver ready(kSecret);
  AddEndpoint("all", all.url());
  AddEndpoint("ready", ready.url(), "kinds = [\"ready\"]\nlocations = [\"L0\"]\n");
  StartAdapter();
  for (int i = 0; i < 3; ++i) PlaceAndPick("order-" + std::to_string(i));
  ExpectAllArrive(all);
  EXPECT_TRUE(WaitUntil(In(), [&] { return ready.taken_count() == 3; })) << AdapterLog();
  StopAdapter();
}

}  // namespace
}  // namespace stockd::webhook
