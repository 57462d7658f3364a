// The parts without a daemon or a network.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/sdk/timestamp_text.h"
#include "adapters/webhook/cloud_event.h"
#include "adapters/webhook/delivery_rules.h"
#include "adapters/webhook/delivery_store.h"
#include "adapters/webhook/letter_folder.h"
#include "adapters/webhook/signature.h"
#include "adapters/webhook/webhook_config.h"
#include "tests/support/process.h"
#include "tests/support/temp_directory.h"

namespace stockd::webhook {
namespace {

using http_client::Secret;
using std::chrono::hours;
using std::chrono::milliseconds;
using support::ReadFile;
using support::TempDirectory;
using support::WriteFile;
using testing::HasSubstr;
using testing::Not;

// The example that the README gives to receivers, run by Python as they would.
class ReadmeExample {
 public:
  ReadmeExample() {
    const std::string readme = ReadFile("adapters/webhook/README.md");
    const size_t begin = readme.find("```python\n");
    const size_t end = readme.find("```", begin + 10);
    if (begin != std::string::npos) code_ = readme.substr(begin + 10, end - begin - 10);
  }
  bool exists() const { return !code_.empty(); }

  struct Case {
    std::string secret;
    int64_t timestamp_s = 0;
    std::string signatures;
    std::string body;
    bool is_right = false;
  };
  // What it says to each, at second 1,700,000,000.
  std::string Verify(const std::vector<Case>& cases) const {
    nlohmann::json rows;
    for (const Case& one : cases) {
      rows.push_back({one.secret, std::to_string(one.timestamp_s), one.signatures, one.body});
    }
    const auto result = support::RunCommand(
        "/usr/bin/env",
        {"python3", "-c",
         code_ +
             "\nimport json, sys\nfor secret, sent, signatures, body in json.loads(sys.argv[1]):"
             "\n  headers = {'webhook-id': '42', 'webhook-timestamp': sent,"
             " 'webhook-signature': signatures}"
             "\n  print(verify(secret, headers, body.encode(), now=1700000000))",
         rows.dump()});
    return result.output + result.error_output;
  }

 private:
  std::string code_;
};

TEST(Signature, IsWhatTheReadmesExampleVerifies) {
  constexpr int64_t kNow = 1'700'000'000;
  const ReadmeExample example;
  ASSERT_TRUE(example.exists());
  const std::string body = R"({"id":"42","note":"Żółw"})";
  std::vector<ReadmeExample::Case> cases;
  for (const std::string secret :
       {"sixteen bytes at least", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}) {
    const auto key = SigningKey(Secret(secret));
    ASSERT_TRUE(key.ok()) << key.status();
    const std::string good = SignatureOf({*key}, "42", kNow, body);
    const int64_t long_ago = kNow - 10'000;
    cases.push_back({secret, kNow, good, body, true});
    cases.push_back({secret, kNow, "v1,b2xk " + good, body, true});
    cases.push_back({secret, kNow, good, body + " ", false});
    cases.push_back({secret, kNow + 1, good, body, false});
    cases.push_back({secret, long_ago, SignatureOf({*key}, "42", long_ago, body), body, false});
    cases.push_back({"another secret of length", kNow, good, body, false});
  }
  std::string expected;
  for (const auto& one : cases) expected += one.is_right ? "True\n" : "False\n";
  EXPECT_EQ(example.Verify(cases), expected);
}

// The vector that the specification "Standard Webhooks" gives.
TEST(Signature, IsThatOfStandardWebhooks) {
  const auto key = SigningKey(Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(
      SignatureOf({*key}, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"),
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Signature, RefusesWhatCouldBeGuessed) {
  EXPECT_FALSE(SigningKey(Secret("short")).ok());
  EXPECT_FALSE(SigningKey(Secret("whsec_c2hvcnQ=")).ok());
  EXPECT_FALSE(SigningKey(Secret("whsec_***")).ok());
}

v1::WatchedOrderEvent ReadyEvent() {
  v1::WatchedOrderEvent watched;
  v1::OrderEvent& event = *watched.mutable_event();
  event.set_number(42);
  event.set_order_id("web-\"1\"");
  event.set_fulfilment(1);
  event.set_kind(v1::ORDER_EVENT_KIND_READY);
  event.set_state(v1::ORDER_STATE_READY);
  event.set_location("S01");
  event.set_note("for Jane Roe");
  event.mutable_occur_time()->set_seconds(1'700'000'000);
  watched.set_customer_reference("c-77");
  watched.set_pickup_code("123456");
  return watched;
}

TEST(CloudEvent, HasTheAttributesOfTheSpecificationAndTheContractsData) {
  const auto event = nlohmann::json::parse(CloudEventOf(ReadyEvent(), {.source = "//shop/stockd"}));
  EXPECT_EQ(event["specversion"], "1.0");
  EXPECT_EQ(event["id"], "42");
  EXPECT_EQ(event["source"], "//shop/stockd");
  EXPECT_EQ(event["type"], "stockd.order.ready");
  EXPECT_EQ(event["subject"], "web-\"1\"");
  EXPECT_EQ(event["time"], "2023-11-14T22:13:20Z");
  EXPECT_EQ(event["sequence"], "00000000000000000042");
  EXPECT_EQ(event["datacontenttype"], "application/json");
  EXPECT_EQ(event["data"]["event"]["state"], "ORDER_STATE_READY");
  EXPECT_EQ(event["data"]["customerReference"], "c-77");
  EXPECT_EQ(event["data"]["pickupCode"], "123456");
}

TEST(CloudEvent, TellsNotesOnlyToWhoWantsThem) {
  EXPECT_THAT(CloudEventOf(ReadyEvent(), {}), Not(HasSubstr("Jane")));
  EXPECT_THAT(CloudEventOf(ReadyEvent(), {.include_notes = true}), HasSubstr("Jane"));
}

TEST(CloudEvent, EveryKindHasAWord) {
  for (int kind = v1::OrderEventKind_MIN + 1; kind <= v1::OrderEventKind_MAX; ++kind) {
    EXPECT_EQ(KindOf(KindWord(static_cast<v1::OrderEventKind>(kind))), kind);
  }
  EXPECT_EQ(KindOf("unspecified"), v1::ORDER_EVENT_KIND_UNSPECIFIED);
}

absl::StatusOr<http_client::HttpReply> Status(int status) {
  return http_client::HttpReply{.status = status};
}

TEST(DeliveryRules, JudgeEveryAnswer) {
  const std::pair<int, Verdict> cases[] = {
      {200, Verdict::kDelivered}, {202, Verdict::kDelivered}, {204, Verdict::kDelivered},
      {302, Verdict::kEndpoint},  {400, Verdict::kRefused},   {401, Verdict::kEndpoint},
      {404, Verdict::kEndpoint},  {409, Verdict::kRefused},   {410, Verdict::kGone},
      {413, Verdict::kRefused},   {422, Verdict::kRefused},   {429, Verdict::kEndpoint},
      {500, Verdict::kEndpoint},  {503, Verdict::kEndpoint}};
  for (const auto& [status, verdict] : cases) EXPECT_EQ(Judge(Status(status)), verdict) << status;
  EXPECT_EQ(Judge(absl::UnavailableError("x")), Verdict::kEndpoint);
  EXPECT_EQ(Judge(absl::CancelledError("x")), Verdict::kCutOff);
}

TEST(DeliveryRules, AMessageIsGivenUpAfterAttemptsAndTime) {
  const PatienceOptions options{
      .attempts_max = 3, .give_up_after = hours(2), .refused_attempts_max = 2};
  const sdk::Timestamp first{};
  EXPECT_FALSE(IsGivenUp(options, Verdict::kEndpoint, 2, first, first + hours(9)));
  EXPECT_FALSE(IsGivenUp(options, Verdict::kEndpoint, 9, first, first + hours(1)));
  EXPECT_TRUE(IsGivenUp(options, Verdict::kEndpoint, 3, first, first + hours(2)));
  EXPECT_FALSE(IsGivenUp(options, Verdict::kRefused, 1, first, first));
  EXPECT_TRUE(IsGivenUp(options, Verdict::kRefused, 2, first, first));
}

TEST(DeliveryRules, PausesDoubleUpToTheBound) {
  const PatienceOptions options{.retry_initial = milliseconds(100),
                                .retry_max = milliseconds(1000)};
  const int whole_ms[] = {100, 200, 400, 800, 1000, 1000};
  for (int attempts = 1; attempts <= 6; ++attempts) {
    const int64_t whole = whole_ms[attempts - 1];
    EXPECT_EQ(PauseAfter(options, attempts, 0).count(), whole - whole / 2);
    EXPECT_EQ(PauseAfter(options, attempts, static_cast<uint64_t>(whole / 2)).count(), whole);
  }
  EXPECT_LE(PauseAfter(options, 1'000'000, 7), milliseconds(1000));
}

TEST(DeliveryStoreFile, KeepsMessagesWithTheirCursor) {
  const TempDirectory folder;
  {
    const auto store = DeliveryStore::Open(folder.path() / "state.sqlite");
    ASSERT_TRUE(store.ok()) << store.status();
    EXPECT_EQ(*(*store)->Cursor("crm"), std::nullopt);
    ASSERT_TRUE((*store)->SetClosed("crm", "status 410").ok());
    EXPECT_EQ(*(*store)->Cursor("crm"), std::nullopt);
    ASSERT_TRUE((*store)->Append("crm", 7, {{5, "A", "five"}, {7, "B", "seven"}}).ok());
    ASSERT_TRUE((*store)->Append("other", 9, {}).ok());
    ASSERT_TRUE((*store)->Remove("crm", 5).ok());
    // Told again after a broken stream, with something new behind it.
    ASSERT_TRUE((*store)->Append("crm", 8, {{5, "A", "five"}, {7, "B", "x"}, {8, "A", "8"}}).ok());
    ASSERT_TRUE(
        (*store)
            ->Update("crm",
                     {.number = 7, .order = "B", .attempts = 2, .is_dead = true, .error = "e"})
            .ok());
  }
  const auto store = DeliveryStore::Open(folder.path() / "state.sqlite");
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_EQ(*(*store)->Cursor("crm"), 8);
  EXPECT_EQ(*(*store)->Cursor("other"), 9);
  EXPECT_EQ(*(*store)->Closed("crm"), "status 410");
  const auto waiting = (*store)->Waiting("crm");
  ASSERT_TRUE(waiting.ok());
  ASSERT_EQ(waiting->size(), 2);
  EXPECT_EQ((*waiting)[0].number, 7);
  EXPECT_TRUE((*waiting)[0].is_dead);
  EXPECT_EQ((*waiting)[0].error, "e");
  EXPECT_EQ((*waiting)[1].order, "A");
  EXPECT_EQ(*(*store)->Body("crm", 7), "seven");
  EXPECT_TRUE(absl::IsNotFound((*store)->Body("crm", 5).status()));
}

TEST(Letters, AreSeenAndDecidedUponByName) {
  const TempDirectory folder;
  const LetterFolder letters(folder.path() / "letters");
  ASSERT_TRUE(letters.Prepare().ok());
  EXPECT_EQ(letters.List(), "nothing was given up\n");
  ASSERT_TRUE(letters
                  .Put("crm-eu",
                       {.number = 42, .order = "web-1", .attempts = 5, .error = "status 422"},
                       R"({"id":"42"})")
                  .ok());
  ASSERT_TRUE(letters.PutClosed("crm-eu", "status 410").ok());
  EXPECT_THAT(letters.List(), HasSubstr("crm-eu-42"));
  EXPECT_THAT(letters.List(), HasSubstr("status 422"));
  EXPECT_THAT(letters.List(), HasSubstr("crm-eu-closed"));
  EXPECT_TRUE(letters.Commands().empty());
  EXPECT_TRUE(absl::IsNotFound(letters.Order("crm-eu-43", LetterCommand::Action::kDrop).status()));
  EXPECT_EQ(*letters.Order("crm-eu-42", LetterCommand::Action::kDrop), 1);
  EXPECT_EQ(*letters.Order("all", LetterCommand::Action::kSendAgain), 1);
  WriteFile(folder.path() / "letters" / "notes.txt", "mine");
  WriteFile(folder.path() / "letters" / "nonsense.again", "mine");
  const auto commands = letters.Commands();
  ASSERT_EQ(commands.size(), 2);
  EXPECT_EQ(commands[0].endpoint, "crm-eu");
  EXPECT_EQ(commands[0].number, 42);
  EXPECT_EQ(commands[0].action, LetterCommand::Action::kDrop);
  EXPECT_EQ(commands[1].number, 0);
  EXPECT_EQ(commands[1].action, LetterCommand::Action::kSendAgain);
}

class Configuration : public testing::Test {
 protected:
  std::string Load(const std::string& text) {
    WriteFile(folder.path() / "webhook.toml", text);
    auto loaded = LoadWebhookConfig(folder.path() / "webhook.toml");
    if (!loaded.ok()) return std::string(loaded.status().message());
    config = *std::move(loaded);
    return "";
  }

  TempDirectory folder;
  WebhookConfig config;
};

TEST_F(Configuration, TheExampleOfTheTreeIsFine) {
  WriteFile(folder.path() / "crm.secret", "0123456789abcdef0123456789abcdef\n");
  EXPECT_EQ(Load(ReadFile("config/adapters/webhook.toml")), "");
  ASSERT_EQ(config.endpoints.size(), 1);
  EXPECT_EQ(config.endpoints[0].name, "crm");
  EXPECT_EQ(config.endpoints[0].http.retries.attempts_max, 1);
}

TEST_F(Configuration, EveryMistakeIsSaidAtOnce) {
  WriteFile(folder.path() / "weak", "short\n");
  const std::string problems = Load(
      "state_file = \"s\"\n[endpoints.CRM]\nurl = \"https://crm.example/\"\nsecret_file = "
      "\"weak\"\n"
      "kinds = [\"redy\"]\nattempt_max = 3\n[endpoints.CRM.http]\nattempts_max = 3\n"
      "[endpoints.b]\nsecret = \"in the open\"\n");
  for (const char* problem :
       {"other characters", "shorter than 16 bytes", "did you mean \"ready\"", "attempt_max",
        "belong to the endpoint", "does not belong in a configuration", "url"}) {
    EXPECT_THAT(problems, HasSubstr(problem));
  }
  EXPECT_THAT(problems, Not(HasSubstr("in the open")));
}

}  // namespace
}  // namespace stockd::webhook
