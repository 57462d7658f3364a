// The commands about what sources may tell, and about levels that they refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/ctl/format.h"
#include "stockd/v1/adapter_service.pb.h"
#include "tests/ctl/run_stockctl.h"
#include "tests/ctl/scripted_server.h"

namespace stockd::ctl {
namespace {

using testing::HasSubstr;

class RuleCommands : public testing::Test {
 protected:
  Ran Run(std::vector<std::string> words) {
    words.insert(words.end(), {"--server", server_.address()});
    return RunHere(words);
  }

  ScriptedServer server_;
};

TEST_F(RuleCommands, ARuleIsPutWithAllThatItSays) {
  server_.Answer("PutSourceRules", v1::PutSourceRulesResponse());
  const Ran ran = Run({"rules", "put", "pos", "diff", "--location", "S01", "--kind", "sale",
                       "--kind", "transfer-out", "--channel", "web", "--closed", "--note", "why"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  const auto request = server_.Requests<v1::PutSourceRulesRequest>("PutSourceRules").back();
  ASSERT_EQ(request.rules_size(), 1);
  const v1::SourceRule& rule = request.rules(0);
  EXPECT_EQ(rule.source(), "pos");
  EXPECT_EQ(rule.location(), "S01");
  EXPECT_EQ(rule.absolute(), v1::ABSOLUTE_RULE_DIFF);
  ASSERT_EQ(rule.kinds_size(), 2);
  EXPECT_EQ(rule.kinds(1), v1::FACT_KIND_TRANSFER_OUT);
  ASSERT_EQ(rule.channels_size(), 1);
  EXPECT_TRUE(rule.closed());
  EXPECT_EQ(request.note(), "why");
  EXPECT_FALSE(request.remove());
}

TEST_F(RuleCommands, AWordThatIsNoRuleAsksForNothing) {
  EXPECT_EQ(Run({"rules", "put", "pos", "guess"}).exit_code, ExitCode::kUsage);
}

TEST_F(RuleCommands, RemovingNamesTheRuleOnly) {
  server_.Answer("PutSourceRules", v1::PutSourceRulesResponse());
  EXPECT_EQ(Run({"rules", "remove", "pos"}).exit_code, ExitCode::kOk);
  const auto request = server_.Requests<v1::PutSourceRulesRequest>("PutSourceRules").back();
  EXPECT_TRUE(request.remove());
  EXPECT_EQ(request.rules(0).source(), "pos");
  EXPECT_EQ(request.rules(0).location(), "");
}

TEST_F(RuleCommands, TheListShowsWhatEachSourceMayTell) {
  v1::ListSourceRulesResponse response;
  v1::SourceRule& rule = *response.add_rules();
  rule.set_source("web");
  rule.set_absolute(v1::ABSOLUTE_RULE_AUDIT);
  rule.set_configured(true);
  v1::SourceRule& own = *response.add_rules();
  own.set_source("web");
  own.set_location("S01");
  own.set_absolute(v1::ABSOLUTE_RULE_COUNT);
  own.add_kinds(v1::FACT_KIND_TRANSFER_IN);
  server_.Answer("ListSourceRules", response);
  const Ran ran = Run({"rules", "list", "web"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("audit"));
  EXPECT_THAT(ran.out, HasSubstr("all others"));
  EXPECT_THAT(ran.out, HasSubstr("transfer-in"));
  EXPECT_THAT(ran.out, HasSubstr("configuration"));
}

TEST_F(RuleCommands, TheChangesSayWhenAndWhy) {
  v1::ListSourceRuleChangesResponse response;
  v1::SourceRuleChange& change = *response.add_changes();
  *change.mutable_change_time() = ToProto(*ParseTimestamp("2026-11-22T12:15:00Z"));
  change.mutable_rule()->set_source("web");
  change.mutable_rule()->set_absolute(v1::ABSOLUTE_RULE_DIFF);
  change.set_removed(true);
  change.set_note("by mistake");
  server_.Answer("ListSourceRuleChanges", response);
  const Ran ran = Run({"rules", "changes"});
  EXPECT_THAT(ran.out, HasSubstr("2026-11-22T12:15:00Z"));
  EXPECT_THAT(ran.out, HasSubstr("removed"));
  EXPECT_THAT(ran.out, HasSubstr("by mistake"));
}

TEST_F(RuleCommands, RefusedLevelsSayWhyAndWhenTheyAreTriedAgain) {
  v1::ListRefusedLevelsResponse response;
  v1::RefusedLevel& level = *response.add_levels();
  level.set_source("web");
  level.mutable_position()->set_sku("MUG");
  level.mutable_position()->set_location("S01");
  level.set_attempts(10);
  level.set_reason("no such article");
  server_.Answer("ListRefusedLevels", response);
  const Ran ran = Run({"sources", "refused", "web"});
  EXPECT_EQ(server_.Requests<v1::ListRefusedLevelsRequest>("ListRefusedLevels").back().source(),
            "web");
  EXPECT_THAT(ran.out, HasSubstr("given up"));
  EXPECT_THAT(ran.out, HasSubstr("no such article"));
}

TEST_F(RuleCommands, RetryNamesTheSourceAndThePositions) {
  v1::RetryLevelsResponse response;
  response.set_retrying(2);
  server_.Answer("RetryLevels", response);
  const Ran ran = Run({"sources", "retry", "web", "MUG", "TEA", "--location", "S01"});
  EXPECT_THAT(ran.out, HasSubstr("2 will be sent again"));
  const auto request = server_.Requests<v1::RetryLevelsRequest>("RetryLevels").back();
  ASSERT_EQ(request.positions_size(), 2);
  EXPECT_EQ(request.positions(1).sku(), "TEA");
  EXPECT_EQ(request.positions(1).location(), "S01");
  EXPECT_EQ(Run({"sources", "retry", "web", "MUG"}).exit_code, ExitCode::kUsage);
}

}  // namespace
}  // namespace stockd::ctl
