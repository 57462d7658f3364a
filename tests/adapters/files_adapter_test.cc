// The whole adapter, once through, against a scripted peer.
#include "adapters/files/files_adapter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <stop_token>

#include <nlohmann/json.hpp>

#include "tests/adapters/scripted_daemon.h"
#include "tests/support/temp_directory.h"

namespace stockd::files {
namespace {

using adapters_test::ScriptedDaemon;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace fs = std::filesystem;

class FilesAdapterTest : public ::testing::Test {
 protected:
  FilesAdapterTest() { fs::create_directories(drop()); }

  fs::path drop() const { return folder_.path() / "drop"; }
  std::string Done(const std::string& name) const {
    return support::ReadFile(drop() / "done" / name);
  }
  nlohmann::json Summary(const std::string& name) const {
    return nlohmann::json::parse(Done(name + ".summary.json"));
  }

  AdapterOutcome RunOnce(const std::string& role, const std::string& more = "") {
    const std::string text = "role = \"" + role + "\"\nsource = \"" + role +
                             "\"\ndrop_directory = \"drop\"\nlog_level = \"error\"\n" + top_ +
                             "[daemon]\naddress = \"" + daemon_.address() +
                             "\"\nretry_initial_ms = 10\nretry_max_ms = 50\n" + more;
    const auto config = ParseAdapterConfig(text, "test.toml", folder_.path());
    if (!config.ok()) {
      ADD_FAILURE() << config.status();
      return {};
    }
    const auto outcome = RunFilesAdapter(*config, /*once=*/true, std::stop_source());
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return outcome.value_or(AdapterOutcome{});
  }

  support::TempDirectory folder_;
  ScriptedDaemon daemon_{{.batch_size_max = 50}};
  std::string top_;  // More keys outside of tables.
};

constexpr std::string_view kSales =
    "order_id,line_no,kind,sku,quantity,ordered_at\n"
    "1,1,sale,A,2,2011-01-05T06:00:00Z\n"
    "1,2,sale,unknown,1,2011-01-05T06:00:00Z\n"
    "2,1,cancellation,A,-1,2011-01-05T07:00:00Z\n"
    "3,1,sale,A,many,2011-01-05T08:00:00Z\n"
    "4,1,bad_debt,A,1,2011-01-05T08:00:00Z\n"
    "5,1,sale,\"A\n\",1,2011-01-05T08:00:00Z\n"
    "6,1,sale,B,3,2011-01-05T09:00:00Z";
constexpr std::string_view kMapping =
    "[quantity]\nnegative_quantity = \"return\"\n"
    "[columns]\nevent_id = [\"order_id\", \"line_no\"]\noccurred_at = \"ordered_at\"\n"
    "reference = \"order_id\"\n"
    "[constants]\nlocation = \"W01\"\nchannel = \"web\"\n"
    "[kinds]\ncancellation = \"return\"\n[skip]\nkind = [\"bad_debt\"]\n";

TEST_F(FilesAdapterTest, EveryRowIsSentSkippedOrRejectedAndTheCountsAddUp) {
  support::DropFile(drop() / "orders.csv", kSales);
  const AdapterOutcome outcome = RunOnce("web", std::string(kMapping));
  EXPECT_EQ(outcome.files_done, 1);
  EXPECT_EQ(outcome.files_failed, 0);
  const nlohmann::json summary = Summary("orders.csv");
  EXPECT_EQ(summary["rows_read"], 7);
  EXPECT_EQ(summary["facts_sent"], 4);
  EXPECT_EQ(summary["applied"], 3);
  EXPECT_EQ(summary["duplicates"], 0);
  EXPECT_EQ(summary["quarantined"]["SKU_UNKNOWN"], 1);
  EXPECT_EQ(summary["quarantined_facts"][0]["event_id"], "1/2");
  EXPECT_EQ(summary["quarantined_facts"][0]["line"], 3);
  EXPECT_EQ(summary["rows_skipped"]["kind=bad_debt"], 1);
  EXPECT_EQ(summary["rows_rejected"]["QUANTITY_INVALID"], 1);
  EXPECT_EQ(summary["rows_rejected"]["ID_INVALID"], 1);
  const ScriptedDaemon::Log log = daemon_.log();
  EXPECT_THAT(log.facts, SizeIs(3));
  EXPECT_EQ(log.facts.at("2/1").kind(), v1::FACT_KIND_RETURN);
  EXPECT_EQ(log.facts.at("2/1").quantity(), 1);
  EXPECT_EQ(log.facts.at("2/1").reference(), "2");
  EXPECT_EQ(log.facts.at("1/1").location(), "W01");
  EXPECT_EQ(log.facts.at("1/1").channel(), "web");
}

TEST_F(FilesAdapterTest, RejectedRowsStandBesideTheFileAsTheyWereWithTheirReasons) {
  support::DropFile(drop() / "orders.csv", kSales);
  RunOnce("web", std::string(kMapping));
  EXPECT_EQ(Done("orders.csv"), kSales);
  EXPECT_EQ(Done("orders.csv.rejected.csv"),
            "order_id,line_no,kind,sku,quantity,ordered_at,line,reason,detail\n"
            "3,1,sale,A,many,2011-01-05T08:00:00Z,5,QUANTITY_INVALID,"
            "\"\"\"many\"\" is not a decimal number\"\n"
            "5,1,sale,\"A\n\",1,2011-01-05T08:00:00Z,7,ID_INVALID,sku holds a control character\n");
}

TEST_F(FilesAdapterTest, TheSameContentUnderAnotherNameOnlyMakesDuplicates) {
  support::DropFile(drop() / "orders-1.csv", kSales);
  RunOnce("web", std::string(kMapping));
  support::DropFile(drop() / "orders-2.csv", kSales);
  RunOnce("web", std::string(kMapping));
  EXPECT_EQ(Summary("orders-2.csv")["applied"], 0);
  EXPECT_EQ(Summary("orders-2.csv")["duplicates"], 3);
  EXPECT_THAT(daemon_.log().facts, SizeIs(3));
}

TEST_F(FilesAdapterTest, AFileOfNoUseGoesToFailedAndTheOthersGoOn) {
  support::DropFile(drop() / "a.csv", "what,is,this\n1,2,3\n");
  support::DropFile(drop() / "b.csv", "");
  support::DropFile(drop() / "c.txt", "x");
  support::DropFile(drop() / "d.csv", kSales);
  const AdapterOutcome outcome = RunOnce("web", std::string(kMapping));
  EXPECT_EQ(outcome.files_done, 1);
  EXPECT_EQ(outcome.files_failed, 3);
  EXPECT_THAT(support::ReadFile(drop() / "failed/a.csv.error.txt"),
              HasSubstr("these columns are missing"));
  EXPECT_THAT(support::ReadFile(drop() / "failed/b.csv.error.txt"), HasSubstr("empty"));
  EXPECT_THAT(support::ReadFile(drop() / "failed/c.txt.error.txt"), HasSubstr(".jsonl"));
}

TEST_F(FilesAdapterTest, AnErpsFilesAreTakenInTheOrderOfTheirKinds) {
  support::DropFile(drop() / "a-unknown.csv", "x\n1\n");
  support::DropFile(drop() / "items.csv",
                    "sku,name,unit,scale,gtins,unit_cost,price,currency\n"
                    "A,Apple,kg,3,4006381333931 0012345,0.5,1.25,EUR\n"
                    "B,Bread,,,,,,\n"
                    "C,Bad,,9,,,,\n"
                    "B,Brown bread,,,,,,\n");
  support::DropFile(drop() / "locations.csv",
                    "code,name,kind,time_zone,latitude,longitude,ships,collects\n"
                    "S01,Shop,store,Europe/Berlin,52.5,13.4,0,1\nW01,House,warehouse,,,,1,0\n");
  support::DropFile(drop() / "groups.csv",
                    "group_id,name,location\nall,All,S01\neast,,S01\nall,,W01\n");
  support::DropFile(drop() / "supplies.csv",
                    "supply_id,sku,location,quantity,expected_at\n"
                    "p1,A,W01,10.5,2011-02-01\np2,unknown,W01,1,2011-02-01\n"
                    "p3,B,W01,3,2011-02-01\n");
  support::DropFile(drop() / "levels-2011-01-05T060000Z.csv",
                    "sku,location,on_hand\nA,S01,1.5\nB,S01,7\nB,S01,8\nB,W01,-1\n");
  support::DropFile(drop() / "receipts-1.csv",
                    "event_id,sku,location,quantity,occurred_at,supply_id\n"
                    "r1,B,W01,3,2011-02-02,p3\n");
  const AdapterOutcome outcome = RunOnce("erp", "[levels.columns]\nquantity = \"on_hand\"\n");
  EXPECT_EQ(outcome.files_done, 6);
  EXPECT_EQ(outcome.files_failed, 1);

  const ScriptedDaemon::Log log = daemon_.log();
  ASSERT_THAT(log.items, SizeIs(2));
  EXPECT_EQ(log.items.at("A").scale(), 3);
  EXPECT_THAT(log.items.at("A").gtins(), ElementsAre("4006381333931", "0012345"));
  EXPECT_EQ(log.items.at("A").price_micros(), 1'250'000);
  EXPECT_EQ(log.items.at("B").name(), "Brown bread");
  EXPECT_EQ(Summary("items.csv")["rows_rejected"]["NUMBER_INVALID"], 1);

  EXPECT_EQ(log.locations.at("S01").kind(), v1::LOCATION_KIND_STORE);
  EXPECT_DOUBLE_EQ(log.locations.at("S01").coordinate().latitude(), 52.5);
  EXPECT_FALSE(log.locations.at("S01").ships());
  EXPECT_FALSE(log.locations.at("W01").has_coordinate());
  EXPECT_THAT(log.groups.at("all").locations(), ElementsAre("S01", "W01"));

  EXPECT_THAT(log.supplies, SizeIs(2));
  EXPECT_EQ(log.supplies.at("p1").quantity(), 10'500);
  EXPECT_EQ(Summary("supplies.csv")["rows_rejected"]["SKU_UNKNOWN"], 1);
  EXPECT_THAT(Done("supplies.csv.rejected.csv"), HasSubstr("p2,unknown,W01,1,2011-02-01,3,"));

  ASSERT_THAT(log.snapshot_begins, SizeIs(1));
  EXPECT_EQ(log.snapshot_begins[0].as_of().seconds(), 1'294'207'200);
  ASSERT_THAT(log.snapshot_rows, SizeIs(2));
  EXPECT_EQ(log.snapshot_rows[0].quantity(), 1500);
  const nlohmann::json levels = Summary("levels-2011-01-05T060000Z.csv");
  EXPECT_EQ(levels["rows_rejected"]["POSITION_REPEATED"], 1);
  EXPECT_EQ(levels["rows_rejected"]["QUANTITY_NEGATIVE"], 1);

  EXPECT_EQ(log.facts.at("r1").kind(), v1::FACT_KIND_RECEIPT);
  EXPECT_EQ(log.facts.at("r1").supply_id(), "p3");
}

TEST_F(FilesAdapterTest, TheSameLevelsAgainAreTheSameSnapshot) {
  const std::string content = "sku,location,quantity,as_of\nA,S01,1,2011-01-05T06:00:00Z\n";
  support::DropFile(drop() / "levels-a.csv", content);
  RunOnce("erp");
  support::DropFile(drop() / "levels-b.csv", content);
  RunOnce("erp");
  const ScriptedDaemon::Log log = daemon_.log();
  ASSERT_THAT(log.snapshot_begins, SizeIs(2));
  EXPECT_EQ(log.snapshot_begins[0].snapshot_id(), log.snapshot_begins[1].snapshot_id());
}

TEST_F(FilesAdapterTest, AnErpAnswersARequestForASnapshotWithItsLastLevels) {
  support::DropFile(drop() / "levels-2011-01-05T060000Z.csv",
                    "sku,location,quantity\nA,S01,5\nB,S02,7\n");
  ASSERT_EQ(RunOnce("erp").files_done, 1);  // Known after a restart too.

  const auto config = ParseAdapterConfig(
      "role = \"erp\"\nsource = \"erp\"\ndrop_directory = \"drop\"\n[daemon]\naddress = \"" +
          daemon_.address() + "\"\n",
      "test.toml", folder_.path());
  ASSERT_TRUE(config.ok()) << config.status();
  std::stop_source stop;
  const auto run = std::async(std::launch::async,
                              [&] { return RunFilesAdapter(*config, /*once=*/false, stop); });
  ASSERT_TRUE(daemon_.Observe([](const auto& log) { return log.hellos.size() == 2; }));
  v1::SnapshotRequest request;
  request.set_snapshot_id("compare-7");
  request.add_locations("S02");
  request.set_compare_only(true);
  ASSERT_TRUE(daemon_.SendSnapshotRequest(request));
  EXPECT_TRUE(daemon_.Observe([](const auto& log) { return log.snapshots_complete == 2; }));
  stop.request_stop();
  const ScriptedDaemon::Log log = daemon_.log();
  ASSERT_THAT(log.snapshot_begins, SizeIs(2));
  EXPECT_EQ(log.snapshot_begins[1].snapshot_id(), "compare-7");
  EXPECT_TRUE(log.snapshot_begins[1].compare_only());
  EXPECT_EQ(log.snapshot_begins[1].as_of().seconds(), log.snapshot_begins[0].as_of().seconds());
  ASSERT_THAT(log.snapshot_rows, SizeIs(1));
  EXPECT_EQ(log.snapshot_rows[0].sku(), "B");
  EXPECT_EQ(log.snapshot_rows[0].quantity(), 7);
}

TEST_F(FilesAdapterTest, LevelsWithoutAnInstantFail) {
  support::DropFile(drop() / "levels.csv", "sku,location,quantity\nA,S01,1\n");
  EXPECT_EQ(RunOnce("erp").files_failed, 1);
  EXPECT_THAT(support::ReadFile(drop() / "failed/levels.csv.error.txt"), HasSubstr("as of when"));
  EXPECT_THAT(daemon_.log().snapshot_begins, IsEmpty());
}

TEST_F(FilesAdapterTest, OnceEndsWithTheLevelsThatFollow) {
  top_ = "level_file = \"levels.csv\"\n";
  v1::LevelUpdate update;
  update.set_cursor(9);
  v1::Level* level = update.add_levels();
  level->set_sku("A");
  level->set_location("W01");
  level->set_on_hand(4);
  level->set_available(3);
  level->set_version(2);
  daemon_.CatchUpNewStreamsWith(update);
  support::DropFile(drop() / "orders.csv", kSales);
  RunOnce("web", std::string(kMapping));
  EXPECT_EQ(support::ReadFile(folder_.path() / "levels.csv"),
            "sku,location,on_hand,available,version\nA,W01,4,3,2\n");
  const ScriptedDaemon::Log log = daemon_.log();
  ASSERT_FALSE(log.level_acks.empty());
  EXPECT_EQ(log.level_acks.back(), 9u);
}

TEST_F(FilesAdapterTest, TillsAskForQuotasSellOutOfThemAndGiveThemBack) {
  top_ = "quota_file = \"open-quotas.csv\"\n";
  const auto shown = [this] { return support::ReadFile(folder_.path() / "open-quotas.csv"); };
  const std::string header = "quota_id,action,holder,sku,location,quantity,ttl_minutes,sold\n";
  support::DropFile(drop() / "quotas-1.csv", header +
                                                 "q1,grant,till07,A,S01,4,60,\n"
                                                 "q2,grant,till07,A,S01,6,60,\n"
                                                 "q3,grant,,B,S01,2,,\n"
                                                 "q4,lend,,B,S01,2,60,\n");
  RunOnce("pos");
  const nlohmann::json asked = Summary("quotas-1.csv");
  EXPECT_EQ(asked["records_sent"], 1);
  EXPECT_EQ(asked["rows_rejected"]["INSUFFICIENT_STOCK"], 1);
  EXPECT_EQ(asked["rows_rejected"]["VALUE_MISSING"], 1);
  EXPECT_EQ(asked["rows_rejected"]["ACTION_UNKNOWN"], 1);
  EXPECT_EQ(daemon_.log().quotas.at("q1").holder(), "pos/till07");
  EXPECT_THAT(shown(), HasSubstr("\nq1,pos/till07,A,S01,4,0,4,2011-03-13T08:06:40Z,open\n"));

  // The settlement is dropped first, and waits for the sale all the same.
  support::DropFile(drop() / "quotas-2.csv", header + "q1,settle,till07,A,S01,,,3\n");
  support::DropFile(drop() / "till07-1.csv",
                    "event_id,sku,location,quantity,occurred_at,reservation_id\n"
                    "s1,A,S01,3,2011-01-05T06:00:00Z,q1\n");
  RunOnce("pos");
  EXPECT_EQ(Summary("quotas-2.csv")["records_sent"], 1);
  EXPECT_EQ(daemon_.log().quotas.at("q1").state(), v1::QUOTA_STATE_SETTLED);
  EXPECT_EQ(shown(), "quota_id,holder,sku,location,quantity,sold,remaining,ends_at,state\n");
}

TEST_F(FilesAdapterTest, ASettlementWithoutItsSalesIsSetAside) {
  top_ = "quota_file = \"open-quotas.csv\"\n";
  support::DropFile(drop() / "quotas-1.csv",
                    "quota_id,action,sku,location,quantity,ttl_minutes,sold\n"
                    "q1,grant,A,S01,4,60,\n"
                    "q1,settle,A,S01,,,2\n"
                    "q9,settle,A,S01,,,2\n");
  RunOnce("pos");
  EXPECT_EQ(Summary("quotas-1.csv")["rows_rejected"]["QUOTA_SALES_MISSING"], 1);
  EXPECT_EQ(Summary("quotas-1.csv")["rows_rejected"]["QUOTA_UNKNOWN"], 1);
}

TEST_F(FilesAdapterTest, ARefusedSourceEndsTheAdapter) {
  ScriptedDaemon refusing(
      {.refusal = grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "no such source")});
  support::DropFile(drop() / "orders.csv", kSales);
  const auto config = ParseAdapterConfig(
      "role = \"web\"\nsource = \"nobody\"\ndrop_directory = \"drop\"\n[daemon]\naddress = \"" +
          refusing.address() + "\"\n" + std::string(kMapping),
      "test.toml", folder_.path());
  ASSERT_TRUE(config.ok()) << config.status();
  const auto outcome = RunFilesAdapter(*config, /*once=*/true, std::stop_source());
  EXPECT_TRUE(absl::IsPermissionDenied(outcome.status())) << outcome.status();
  EXPECT_TRUE(fs::exists(drop() / "work/orders.csv"));
}

}  // namespace
}  // namespace stockd::files
