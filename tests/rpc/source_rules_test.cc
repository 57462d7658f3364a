// What sources may tell and show, over real streams: rules, levels that come back, levels that are
// refused.
#include <vector>

#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using grpc::StatusCode;
using Adapter = GrpcClient::Adapter;

class SourceRuleCalls : public DaemonFixture {
 protected:
  grpc::Status Put(const v1::SourceRule& rule, bool remove = false) {
    v1::PutSourceRulesRequest request;
    *request.add_rules() = rule;
    request.set_remove(remove);
    request.set_note("because");
    v1::PutSourceRulesResponse response;
    return client().Call(client().adapter(), &Adapter::PutSourceRules, request, response);
  }
  static v1::SourceRule RuleOf(const std::string& source, v1::AbsoluteRule absolute) {
    v1::SourceRule rule;
    rule.set_source(source);
    rule.set_absolute(absolute);
    return rule;
  }
  v1::ReplayQuarantineResponse Replay() {
    v1::ReplayQuarantineResponse response;
    EXPECT_TRUE(client()
                    .Call(client().adapter(), &Adapter::ReplayQuarantine,
                          v1::ReplayQuarantineRequest(), response)
                    .ok());
    return response;
  }
  v1::Source SourceNamed(const std::string& name) {
    v1::ListSourcesResponse response;
    EXPECT_TRUE(
        client()
            .Call(client().adapter(), &Adapter::ListSources, v1::ListSourcesRequest(), response)
            .ok());
    for (const v1::Source& source : response.sources()) {
      if (source.source() == name) return source;
    }
    return {};
  }
  v1::ListRefusedLevelsResponse Refused() {
    v1::ListRefusedLevelsResponse response;
    EXPECT_TRUE(client()
                    .Call(client().adapter(), &Adapter::ListRefusedLevels,
                          v1::ListRefusedLevelsRequest(), response)
                    .ok());
    return response;
  }

  static v1::Fact Told(v1::FactKind kind, const std::string& id, int64_t quantity) {
    return ToFact(
        {.kind = kind, .event_id = id, .sku = "MUG", .location = "S01", .quantity = quantity});
  }
  int64_t OnHand() { return Available("MUG", "S01").quantities().on_hand(); }
};

TEST_F(SourceRuleCalls, AFactOutsideItsRightsWaitsUntilTheRuleAllowsIt) {
  v1::SourceRule rule = RuleOf("till", v1::ABSOLUTE_RULE_COUNT);
  rule.set_location("S01");
  rule.add_kinds(v1::FACT_KIND_SALE);
  rule.add_channels("web");
  ASSERT_TRUE(Put(rule).ok());
  AdapterStream stream(client());
  ASSERT_TRUE(stream.Open("till"));
  v1::Fact sale = Told(v1::FACT_KIND_SALE, "sale", 1);
  sale.set_channel("app");
  const auto ack = stream.Send(1, {Told(v1::FACT_KIND_RECEIPT, "receipt", 5), sale});
  ASSERT_TRUE(ack.has_value());
  ASSERT_EQ(ack->set_aside_size(), 2);
  EXPECT_EQ(ack->set_aside(0).reason(), "KIND_NOT_ALLOWED");
  EXPECT_EQ(ack->set_aside(1).reason(), "CHANNEL_NOT_ALLOWED");
  EXPECT_EQ(Replay().waiting(), 2);
  rule.clear_kinds();
  rule.set_closed(true);
  ASSERT_TRUE(Put(rule).ok());
  const auto closed = stream.Send(2, {Told(v1::FACT_KIND_RECEIPT, "late", 2)});
  ASSERT_EQ(closed->set_aside_size(), 1);
  EXPECT_EQ(closed->set_aside(0).reason(), "LOCATION_NOT_ALLOWED");
  EXPECT_EQ(OnHand(), 0);
  ASSERT_TRUE(Put(rule, /*remove=*/true).ok());
  EXPECT_EQ(Replay().applied(), 3);
  EXPECT_EQ(OnHand(), 6);
}

TEST_F(SourceRuleCalls, RulesAreListedWithTheConfiguredOnesAndChangesAreKept) {
  v1::SourceRule rule = RuleOf("till", v1::ABSOLUTE_RULE_DIFF);
  rule.set_location("S02");
  ASSERT_TRUE(Put(rule).ok());
  Restart();
  v1::ListSourceRulesRequest request;
  request.set_source("till");
  v1::ListSourceRulesResponse response;
  ASSERT_TRUE(client().Call(client().adapter(), &Adapter::ListSourceRules, request, response).ok());
  ASSERT_EQ(response.rules_size(), 2);
  EXPECT_TRUE(response.rules(0).configured());
  EXPECT_EQ(response.rules(0).absolute(), v1::ABSOLUTE_RULE_COUNT);
  EXPECT_EQ(response.rules(1).SerializeAsString(), rule.SerializeAsString());
  ASSERT_TRUE(Put(rule, /*remove=*/true).ok());
  v1::ListSourceRuleChangesRequest changes_request;
  changes_request.set_page_size(1);
  v1::ListSourceRuleChangesResponse changes;
  ASSERT_TRUE(
      client()
          .Call(client().adapter(), &Adapter::ListSourceRuleChanges, changes_request, changes)
          .ok());
  ASSERT_EQ(changes.changes_size(), 1);
  EXPECT_TRUE(changes.changes(0).removed());
  EXPECT_EQ(changes.changes(0).note(), "because");
  changes_request.set_page_token(changes.next_page_token());
  changes.Clear();
  ASSERT_TRUE(
      client()
          .Call(client().adapter(), &Adapter::ListSourceRuleChanges, changes_request, changes)
          .ok());
  ASSERT_EQ(changes.changes_size(), 1);
  EXPECT_FALSE(changes.changes(0).removed());
  EXPECT_TRUE(changes.next_page_token().empty());
}

TEST_F(SourceRuleCalls, ARuleThatIsNotRightChangesNothing) {
  struct Case {
    std::string reason;
    v1::SourceRule rule;
  };
  std::vector<Case> cases;
  const auto add = [&](const std::string& reason, auto spoil) {
    cases.push_back({reason, RuleOf("till", v1::ABSOLUTE_RULE_COUNT)});
    spoil(cases.back().rule);
  };
  add("SOURCE_UNKNOWN", [](auto& r) { r.set_source("nobody"); });
  add("LOCATION_UNKNOWN", [](auto& r) { r.set_location("S99"); });
  add("CHANNEL_UNKNOWN", [](auto& r) { r.add_channels("fax"); });
  add("FIELD_INVALID", [](auto& r) { r.clear_absolute(); });
  add("FIELD_INVALID", [](auto& r) { r.add_kinds(v1::FACT_KIND_UNSPECIFIED); });
  add("FIELD_INVALID", [](auto& r) { r.clear_source(); });
  for (const Case& test : cases) {
    const grpc::Status status = Put(test.rule);
    EXPECT_EQ(support::ReasonOf(status), test.reason) << Describe(status);
  }
  v1::ListSourceRuleChangesResponse changes;
  ASSERT_TRUE(client()
                  .Call(client().adapter(), &Adapter::ListSourceRuleChanges,
                        v1::ListSourceRuleChangesRequest(), changes)
                  .ok());
  EXPECT_EQ(changes.changes_size(), 0);
}

// A web shop over its stream: it is written levels, and tells back what it shows.
class ShopStream : public SourceRuleCalls {
 protected:
  ShopStream() {
    config.source[2].absolute = config::AbsoluteRule::kDiff;
    config.source[2].locations = {"S01"};
    config.source[2].channel.clear();
  }

  void Connect(uint64_t cursor = 0) {
    stream_ = std::make_unique<AdapterStream>(client());
    v1::ConnectRequest hello;
    hello.mutable_hello()->set_source("shop");
    hello.mutable_hello()->set_wants_levels(true);
    hello.mutable_hello()->set_level_cursor(cursor);
    ASSERT_TRUE(stream_->Write(hello));
    v1::ConnectResponse frame;
    ASSERT_TRUE(stream_->Read(frame));
    ASSERT_TRUE(frame.has_welcome());
  }
  // The next level of the item at hand; updates without one are acknowledged.
  v1::Level NextLevel(const std::string& sku = "MUG") {
    v1::ConnectResponse frame;
    while (stream_->Read(frame)) {
      if (!frame.has_level_update()) continue;
      cursor_ = frame.level_update().cursor();
      for (const v1::Level& level : frame.level_update().levels()) {
        if (level.sku() == sku) return level;
      }
      Acknowledge();
    }
    ADD_FAILURE() << "the stream ended";
    return {};
  }
  void Acknowledge(const std::vector<v1::LevelResult>& results = {}) {
    v1::ConnectRequest frame;
    frame.mutable_level_ack()->set_cursor(cursor_);
    for (const v1::LevelResult& result : results)
      *frame.mutable_level_ack()->add_results() = result;
    ASSERT_TRUE(stream_->Write(frame));
  }
  static v1::LevelResult ResultOf(const v1::Level& level, v1::LevelOutcome outcome,
                                  int64_t found = 0) {
    v1::LevelResult result;
    result.set_sku(level.sku());
    result.set_location(level.location());
    result.set_version(level.version());
    result.set_outcome(outcome);
    result.set_found(found);
    result.set_reason(outcome == v1::LEVEL_OUTCOME_CONFLICT ? "" : "no such article");
    return result;
  }
  AdapterStream& stream() { return *stream_; }
  void Disconnect() { stream_.reset(); }
  uint64_t cursor() const { return cursor_; }

 private:
  std::unique_ptr<AdapterStream> stream_;
  uint64_t cursor_ = 0;
};

TEST_F(ShopStream, ALevelCarriesWhatIsExpectedThereAndAConflictIsASale) {
  Stock("MUG", "S01", 5);
  Connect();
  v1::Level level = NextLevel();
  EXPECT_EQ(level.available(), 5);
  EXPECT_FALSE(level.has_expected());
  Acknowledge();
  Stock("MUG", "S01", 12);
  level = NextLevel();
  EXPECT_EQ(level.available(), 17);
  ASSERT_TRUE(level.has_expected());
  EXPECT_EQ(level.expected(), 5);
  Acknowledge({ResultOf(level, v1::LEVEL_OUTCOME_CONFLICT, 4)});
  level = NextLevel();
  EXPECT_EQ(level.available(), 16);
  EXPECT_EQ(level.expected(), 4);
  EXPECT_EQ(OnHand(), 16);
}

// 5 on hand, we write 17, the source sells 1 and reports 16; the daemon ends before the answer.
TEST_F(ShopStream, ASaleBetweenTheWriteAndTheReportCountsOnceThroughARestart) {
  Stock("MUG", "S01", 5);
  Connect();
  ASSERT_EQ(NextLevel().available(), 5);
  Acknowledge();
  Stock("MUG", "S01", 12);
  ASSERT_EQ(NextLevel().available(), 17);
  const uint64_t written = cursor();
  Disconnect();
  Restart();
  Connect(written);
  v1::Level level = NextLevel();  // Once more: nobody knows whether it was written.
  EXPECT_EQ(level.available(), 17);
  v1::ConnectRequest facts;
  facts.mutable_facts()->set_batch(1);
  v1::Fact count = Told(v1::FACT_KIND_COUNT, "c1", 16);
  *facts.mutable_facts()->add_facts() = count;
  ASSERT_TRUE(stream().Write(facts));
  Acknowledge();
  level = NextLevel();
  EXPECT_EQ(level.available(), 16);
  EXPECT_EQ(OnHand(), 16);
  EXPECT_GE(SourceNamed("shop").facts_applied(), 1);
}

TEST_F(ShopStream, AnEchoIsCountedAndAcknowledgedAsARepetition) {
  Stock("MUG", "S01", 5);
  Connect();
  const v1::Level level = NextLevel();
  Acknowledge();
  v1::Fact echo = Told(v1::FACT_KIND_ADJUSTMENT, "a1", 5);
  echo.set_level_version(level.version());
  v1::ConnectRequest facts;
  facts.mutable_facts()->set_batch(1);
  *facts.mutable_facts()->add_facts() = echo;
  ASSERT_TRUE(stream().Write(facts));
  v1::ConnectResponse frame;
  while (stream().Read(frame) && !frame.has_batch_ack()) {
  }
  EXPECT_EQ(frame.batch_ack().applied(), 0);
  EXPECT_EQ(frame.batch_ack().duplicates(), 1);
  EXPECT_EQ(SourceNamed("shop").echoes(), 1);
  EXPECT_EQ(OnHand(), 5);
}

// The levels behind it are applied, the refused one waits with its reason until somebody asks.
TEST_F(ShopStream, ARefusedLevelBlocksNothingAndIsSentAgainWhenAsked) {
  Stock("MUG", "S01", 5);
  Connect();
  const v1::Level level = NextLevel();
  Acknowledge({ResultOf(level, v1::LEVEL_OUTCOME_REFUSED)});
  Stock("TEA", "S01", 3);
  EXPECT_EQ(NextLevel("TEA").available(), 3);
  Acknowledge();
  const v1::ListRefusedLevelsResponse refused = Refused();
  ASSERT_EQ(refused.levels_size(), 1);
  EXPECT_EQ(refused.levels(0).source(), "shop");
  EXPECT_EQ(refused.levels(0).position().sku(), "MUG");
  EXPECT_EQ(refused.levels(0).reason(), "no such article");
  EXPECT_FALSE(refused.levels(0).has_retry_time());
  EXPECT_EQ(SourceNamed("shop").refused_levels(), 1);
  v1::RetryLevelsRequest request;
  request.set_source("shop");
  v1::RetryLevelsResponse response;
  ASSERT_TRUE(client().Call(client().adapter(), &Adapter::RetryLevels, request, response).ok());
  EXPECT_EQ(response.retrying(), 1);
  EXPECT_EQ(NextLevel().available(), 5);
}

TEST_F(ShopStream, AnAnswerThatIsMalformedEndsTheStream) {
  Stock("MUG", "S01", 5);
  Connect();
  const v1::Level level = NextLevel();
  Acknowledge({ResultOf(level, v1::LEVEL_OUTCOME_UNSPECIFIED)});
  const grpc::Status status = stream().Finish();
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT) << Describe(status);
  EXPECT_EQ(support::ReasonOf(status), "FIELD_INVALID");
}

}  // namespace
}  // namespace stockd::support
