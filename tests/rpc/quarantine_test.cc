// Quarantine as a work list: what waits by cause, the command that mends it, giving up, trying
// again.
#include <vector>

#include <sqlite3.h>

#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using Adapter = GrpcClient::Adapter;

class Quarantine : public DaemonFixture {
 protected:
  template <typename Request, typename Response>
  Response Call(grpc::Status (Adapter::*method)(grpc::ClientContext*, const Request&, Response*),
                const Request& request) {
    Response response;
    const grpc::Status status = client().Call(client().adapter(), method, request, response);
    EXPECT_TRUE(status.ok()) << Describe(status);
    return response;
  }

  void Tell(const std::string& source, const std::vector<v1::Fact>& facts) {
    AdapterStream stream(client());
    ASSERT_TRUE(stream.Open(source));
    ASSERT_TRUE(stream.Send(++batch_, facts).has_value());
  }
  static v1::Fact Receipt(const std::string& event, const std::string& sku,
                          const std::string& location = "S01") {
    return ToFact({.event_id = event, .sku = sku, .location = location, .quantity = 1});
  }
  static v1::Fact LongAgo(v1::Fact fact) {
    fact.mutable_occurred_at()->set_seconds(1'000'000'000);
    fact.mutable_occurred_at()->set_nanos(0);
    return fact;
  }

  std::vector<std::string> Summary(const std::string& source = {}) {
    v1::SummarizeQuarantineRequest request;
    request.set_source(source);
    std::vector<std::string> rows;
    const auto response = Call(&Adapter::SummarizeQuarantine, request);
    for (const v1::QuarantineGroup& group : response.groups()) {
      rows.push_back(std::to_string(group.count()) + " " + group.source() + " " + group.reason() +
                     " " + group.name());
      EXPECT_FALSE(group.advice().empty());
      EXPECT_GT(group.example_id(), 0);
    }
    return rows;
  }
  v1::ReplayQuarantineResponse Replay(const v1::ReplayQuarantineRequest& request) {
    return Call(&Adapter::ReplayQuarantine, request);
  }

  int64_t CountRows(const std::string& table) {
    sqlite3* database = nullptr;
    sqlite3_open((folder() / config.storage.database).c_str(), &database);
    sqlite3_stmt* statement = nullptr;
    const std::string sql = "SELECT count(*) FROM " + table;
    sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr);
    const int64_t rows =
        sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return rows;
  }

 private:
  uint64_t batch_ = 0;
};

TEST_F(Quarantine, IsSummarizedByCauseMostFrequentFirst) {
  Tell("till", {Receipt("a", "GHOST"), Receipt("b", "GHOST"), Receipt("c", "GHOST"),
                Receipt("d", "MUG", "S99"), Receipt("e", "MUG", "S99"), Receipt("f", "SPOOK")});
  Tell("erp", {LongAgo(Receipt("a", "MUG")), LongAgo(Receipt("b", "TEA")),
               LongAgo(Receipt("c", "TEA")), LongAgo(Receipt("d", "TEA"))});
  EXPECT_EQ(Summary(),
            (std::vector<std::string>{"4 erp OCCURRED_TOO_LONG_AGO ", "3 till SKU_UNKNOWN GHOST",
                                      "2 till LOCATION_UNKNOWN S99", "1 till SKU_UNKNOWN SPOOK"}));
  EXPECT_EQ(Summary("erp").size(), 1U);
  const auto groups = Call(&Adapter::SummarizeQuarantine, {}).groups();
  EXPECT_EQ(groups[0].command(),
            "stockctl quarantine replay --source erp --reason OCCURRED_TOO_LONG_AGO --accept-late");
  EXPECT_EQ(groups[1].command(), "stockctl mappings put --source till --code GHOST --sku SKU");
  EXPECT_EQ(groups[2].command(),
            "stockctl mappings put --source till --code S99 --location LOCATION");
}

TEST_F(Quarantine, IsSplitByChannelWhereAChannelIsAtFault) {
  v1::PutSourceRulesRequest rules;
  v1::SourceRule& rule = *rules.add_rules();
  rule.set_source("till");
  rule.set_absolute(v1::ABSOLUTE_RULE_COUNT);
  rule.add_channels("app");
  Call(&Adapter::PutSourceRules, rules);
  std::vector<v1::Fact> facts;
  for (const char* channel : {"web", "fair", "web"}) {
    v1::Fact sale = Receipt("e" + std::to_string(facts.size()), "MUG");
    sale.set_kind(v1::FACT_KIND_SALE);
    sale.set_channel(channel);
    facts.push_back(sale);
  }
  Tell("till", facts);
  EXPECT_EQ(Summary(), (std::vector<std::string>{"2 till CHANNEL_NOT_ALLOWED web",
                                                 "1 till CHANNEL_NOT_ALLOWED fair"}));
}

// A name from outside must not become a command of its own when a person pastes it.
TEST_F(Quarantine, CommandsAreSafeToPaste) {
  Tell("till", {Receipt("a", "x'; rm -rf ~ #"), Receipt("b", "--help"), Receipt("c", "$(id) b")});
  std::vector<std::string> commands;
  const auto response = Call(&Adapter::SummarizeQuarantine, {});
  for (const auto& group : response.groups()) commands.push_back(group.command());
  EXPECT_EQ(commands,
            (std::vector<std::string>{
                "stockctl mappings put --source till --code 'x'\\''; rm -rf ~ #' --sku SKU",
                "stockctl mappings put --source till --code=--help --sku SKU",
                "stockctl mappings put --source till --code '$(id) b' --sku SKU"}));
}

TEST_F(Quarantine, WhatIsRejectedStaysReadableInTheDatabase) {
  Tell("till", {Receipt("a", "GHOST"), Receipt("b", "GHOST"), LongAgo(Receipt("c", "MUG"))});
  const int64_t first = Call(&Adapter::ListQuarantine, {}).facts(0).quarantine_id();
  v1::RejectQuarantinedRequest by_id;
  by_id.add_quarantine_ids(first);
  by_id.set_note("a test");
  EXPECT_EQ(Call(&Adapter::RejectQuarantined, by_id).rejected(), 1);
  EXPECT_EQ(Call(&Adapter::RejectQuarantined, by_id).rejected(), 0) << "it is off the list";
  v1::RejectQuarantinedRequest by_reason;
  by_reason.set_source("till");
  by_reason.set_reason("SKU_UNKNOWN");
  by_reason.set_note("all of it");
  EXPECT_EQ(Call(&Adapter::RejectQuarantined, by_reason).rejected(), 1);
  EXPECT_EQ(Call(&Adapter::RejectQuarantined, by_reason).rejected(), 0);
  EXPECT_EQ(Status().quarantine_count(), 1);
  EXPECT_EQ(Summary(), (std::vector<std::string>{"1 till OCCURRED_TOO_LONG_AGO "}));
  Stop();
  EXPECT_EQ(CountRows("rejected_fact"), 2);
  EXPECT_EQ(CountRows("quarantine"), 1);
  Start();
  EXPECT_EQ(Status().quarantine_count(), 1);
}

TEST_F(Quarantine, ARejectionWithoutAFilterOrANoteIsRefused) {
  const auto reason_of = [&](const v1::RejectQuarantinedRequest& request) {
    v1::RejectQuarantinedResponse response;
    return ReasonOf(
        client().Call(client().adapter(), &Adapter::RejectQuarantined, request, response));
  };
  v1::RejectQuarantinedRequest request;
  request.set_note("why");
  EXPECT_EQ(reason_of(request), "FIELD_INVALID");
  request.set_source("till");
  EXPECT_EQ(reason_of(request), "FIELD_INVALID");
  request.set_reason("NO_SUCH_REASON");
  EXPECT_EQ(reason_of(request), "FIELD_INVALID");
  request.set_reason("SKU_UNKNOWN");
  request.clear_note();
  EXPECT_EQ(reason_of(request), "FIELD_INVALID");
  request.set_note("why");
  request.add_quarantine_ids(1);
  EXPECT_EQ(reason_of(request), "FIELD_INVALID");
  request.clear_quarantine_ids();
  request.set_source("nobody");
  EXPECT_EQ(reason_of(request), "SOURCE_UNKNOWN");
}

TEST_F(Quarantine, AReplayMayBePartialRepeatedAndAfterARestart) {
  Tell("till", {LongAgo(Receipt("a", "MUG")), LongAgo(Receipt("b", "MUG")),
                LongAgo(Receipt("c", "MUG")), Receipt("d", "GHOST")});
  Restart();
  v1::ReplayQuarantineRequest some;
  some.add_quarantine_ids(Call(&Adapter::ListQuarantine, {}).facts(1).quarantine_id());
  some.set_accept_late(true);
  EXPECT_EQ(Replay(some).applied(), 1);
  EXPECT_EQ(Replay(some).applied(), 0) << "it waits no more";
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 1);
  v1::ReplayQuarantineRequest all;
  EXPECT_EQ(Replay(all).waiting(), 3) << "nothing has changed for them";
  all.set_accept_late(true);
  const auto rest = Replay(all);
  EXPECT_EQ(rest.applied(), 2);
  EXPECT_EQ(rest.waiting(), 1);
  EXPECT_EQ(Replay(all).applied(), 0);
  Restart();
  EXPECT_EQ(Replay(all).applied(), 0);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 3);
  // What the source repeats was applied, and waits no second time.
  Tell("till", {LongAgo(Receipt("a", "MUG"))});
  EXPECT_EQ(Status().quarantine_count(), 1);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 3);
}

}  // namespace
}  // namespace stockd::support
