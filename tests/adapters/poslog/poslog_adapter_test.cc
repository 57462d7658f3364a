// The whole adapter, once through, against a scripted peer.
#include "adapters/poslog/poslog_adapter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <stop_token>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/adapters/poslog/poslog_text.h"
#include "tests/adapters/scripted_daemon.h"
#include "tests/support/temp_directory.h"

namespace stockd::poslog {
namespace {

using adapters_test::ScriptedDaemon;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

namespace fs = std::filesystem;

class PoslogAdapterTest : public ::testing::Test {
 protected:
  PoslogAdapterTest() { fs::create_directories(drop()); }

  fs::path drop() const { return folder_.path() / "drop"; }
  std::string Done(const std::string& name) const {
    return support::ReadFile(drop() / "done" / name);
  }
  nlohmann::json Summary(const std::string& name) const {
    return nlohmann::json::parse(Done(name + ".summary.json"));
  }

  AdapterOutcome RunOnce(const std::string& more = "") {
    const std::string text =
        "source = \"pos\"\ndrop_directory = \"drop\"\nlog_level = \"error\"\n" + more +
        "[time]\nzone = \"UTC\"\n[quantity]\nscale_from_items = false\n" +
        "[daemon]\naddress = \"" + daemon_.address() +
        "\"\nretry_initial_ms = 10\nretry_max_ms = 50\n";
    const auto config = ParsePoslogConfig(text, "test.toml", folder_.path());
    if (!config.ok()) {
      ADD_FAILURE() << config.status();
      return {};
    }
    const auto outcome = RunPoslogAdapter(*config, /*once=*/true, std::stop_source());
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return outcome.value_or(AdapterOutcome{});
  }

  support::TempDirectory folder_;
  ScriptedDaemon daemon_{{.batch_size_max = 3}};
};

const std::string& Day() {
  static const std::string text =
      Whole(ToText({.sequence = "1", .kind = "ControlTransaction", .lines = ""}) +
            ToText({.sequence = "2",
                    .lines = Line({.number = "1", .quantity = "2"}) +
                             Line({.number = "2", .item = "unknown"})}) +
            ToText({.sequence = "3", .attributes = "TrainingModeFlag='true'"}) +
            ToText({.sequence = "4", .lines = Line({.quantity = "many"})}) +
            "<Transaction><RetailStoreID>9" +
            ToText({.sequence = "6", .lines = Line({.item = "B", .quantity = "3"})}));
  return text;
}

TEST_F(PoslogAdapterTest, EveryTransactionIsSentSkippedOrRejectedAndTheCountsAddUp) {
  support::DropFile(drop() / "day.xml", Day());
  const AdapterOutcome outcome = RunOnce();
  EXPECT_EQ(outcome.files_done, 1);
  EXPECT_EQ(outcome.files_failed, 0);
  const nlohmann::json summary = Summary("day.xml");
  EXPECT_EQ(summary["transactions_read"], 6);
  EXPECT_EQ(summary["transactions_sent"], 2);
  EXPECT_EQ(summary["transactions_skipped"]["ControlTransaction"], 1);
  EXPECT_EQ(summary["transactions_skipped"]["training"], 1);
  EXPECT_EQ(summary["transactions_rejected"]["QUANTITY_INVALID"], 1);
  EXPECT_EQ(summary["transactions_rejected"]["MARKUP_INVALID"], 1);
  EXPECT_EQ(summary["facts_sent"], 3);
  EXPECT_EQ(summary["applied"], 2);
  EXPECT_EQ(summary["quarantined"]["SKU_UNKNOWN"], 1);
  EXPECT_EQ(summary["quarantined_facts"][0]["event_id"], "9/34/2017-10-01/2/2");
  const ScriptedDaemon::Log log = daemon_.log();
  ASSERT_THAT(log.facts, SizeIs(2));
  EXPECT_EQ(log.facts.at("9/34/2017-10-01/2/1").quantity(), 2);
  EXPECT_EQ(log.facts.at("9/34/2017-10-01/6/1").device_sequence(), 6u);
}

TEST_F(PoslogAdapterTest, NumbersOfWhatMovesNoStockAreToldSoThatNothingSeemsMissing) {
  support::DropFile(drop() / "day.xml", Day());
  RunOnce();
  EXPECT_THAT(daemon_.log().passed_numbers,
              ElementsAre(Pair("9/34/2017-10-01", 1u), Pair("9/34/2017-10-01", 3u)));
}

TEST_F(PoslogAdapterTest, NumbersAloneAreABatchToo) {
  std::string controls;
  for (int i = 1; i <= 10; ++i) {
    controls += ToText({.sequence = std::to_string(i), .kind = "ControlTransaction"});
  }
  support::DropFile(drop() / "day.xml", Whole(controls));
  RunOnce();
  EXPECT_THAT(daemon_.log().passed_numbers, SizeIs(10));
  EXPECT_THAT(daemon_.log().facts, IsEmpty());
}

TEST_F(PoslogAdapterTest, WhatIsSetAsideCanBeMendedAndDroppedAgain) {
  support::DropFile(drop() / "day.xml", Day());
  RunOnce();
  std::string rejected = Done("day.xml.rejected.xml");
  EXPECT_THAT(rejected, HasSubstr("9/34/2017-10-01/4: QUANTITY_INVALID: line 1, item A"));
  EXPECT_THAT(rejected, HasSubstr("MARKUP_INVALID"));
  EXPECT_THAT(rejected, HasSubstr("xmlns:acs=\"urn:vendor\""));
  EXPECT_EQ(Done("day.xml"), Day());
  rejected.replace(rejected.find(">many<"), 6, ">5<");
  support::DropFile(drop() / "mended.xml", rejected);
  RunOnce();
  EXPECT_EQ(Summary("mended.xml")["transactions_sent"], 1);
  EXPECT_EQ(Summary("mended.xml")["transactions_rejected"]["MARKUP_INVALID"], 1);
  EXPECT_EQ(daemon_.log().facts.at("9/34/2017-10-01/4/1").quantity(), 5);
}

TEST_F(PoslogAdapterTest, ARejectedFileKeepsThePrefixOfItsPoslog) {
  const std::string bad =
      "<p:Transaction><p:RetailStoreID>1</p:RetailStoreID><p:RetailTransaction/></p:Transaction>";
  support::DropFile(drop() / "p.xml", "<p:POSLog xmlns:p='urn:arts'>" + bad + "</p:POSLog>");
  support::DropFile(drop() / "q.xml", ToText({.store = ""}));
  RunOnce();
  EXPECT_EQ(Summary("p.xml")["transactions_skipped"]["no_stock"], 1);
  EXPECT_THAT(Done("q.xml.rejected.xml"), HasSubstr("VALUE_MISSING"));
  support::DropFile(drop() / "again.xml", Done("q.xml.rejected.xml"));
  RunOnce();
  EXPECT_EQ(Summary("again.xml")["transactions_rejected"]["VALUE_MISSING"], 1);
}

TEST_F(PoslogAdapterTest, TheSameTransactionsAgainOnlyMakeDuplicates) {
  support::DropFile(drop() / "1.xml", Day());
  RunOnce();
  support::DropFile(drop() / "2.xml", Day());
  RunOnce();
  EXPECT_EQ(Summary("2.xml")["applied"], 0);
  EXPECT_EQ(Summary("2.xml")["duplicates"], 2);
  EXPECT_THAT(daemon_.log().facts, SizeIs(2));
}

TEST_F(PoslogAdapterTest, AFileOfNoUseGoesToFailedAndTheOthersGoOn) {
  support::DropFile(drop() / "a.xml", "sku,quantity\nA,1\n");
  support::DropFile(drop() / "b.xml", "");
  support::DropFile(drop() / "c.xml", "<!DOCTYPE POSLog SYSTEM 'x'><POSLog/>");
  support::DropFile(drop() / "d.xml", "<html/>");
  support::DropFile(drop() / "e.xml", Day());
  const AdapterOutcome outcome = RunOnce();
  EXPECT_EQ(outcome.files_done, 1);
  EXPECT_EQ(outcome.files_failed, 4);
  EXPECT_THAT(support::ReadFile(drop() / "failed/b.xml.error.txt"), HasSubstr("empty"));
  EXPECT_THAT(support::ReadFile(drop() / "failed/c.xml.error.txt"), HasSubstr("DOCTYPE"));
  EXPECT_THAT(support::ReadFile(drop() / "failed/d.xml.error.txt"), HasSubstr("no POSLog"));
}

TEST_F(PoslogAdapterTest, AFileOfMadeUpKindsTakesNoMoreMemoryThanOthers) {
  std::string lines;
  for (int i = 0; i < 300; ++i) {
    lines += "<LineItem><Kind" + std::to_string(i) + "/></LineItem>";
  }
  support::DropFile(drop() / "day.xml", Whole(ToText({.lines = lines + Line({})})));
  RunOnce();
  const nlohmann::json skipped = Summary("day.xml")["lines_skipped"];
  EXPECT_LE(skipped.size(), 101u);
  EXPECT_EQ(skipped["other"], 200);
}

TEST_F(PoslogAdapterTest, ARefusedSourceEndsTheAdapter) {
  ScriptedDaemon refusing(
      {.refusal = grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "no such source")});
  support::DropFile(drop() / "day.xml", Day());
  const auto config = ParsePoslogConfig(
      "source = \"nobody\"\ndrop_directory = \"drop\"\n[time]\nzone = \"UTC\"\n[quantity]\n"
      "scale_from_items = false\n[daemon]\naddress = \"" +
          refusing.address() + "\"\n",
      "test.toml", folder_.path());
  ASSERT_TRUE(config.ok()) << config.status();
  const auto outcome = RunPoslogAdapter(*config, /*once=*/true, std::stop_source());
  EXPECT_TRUE(absl::IsPermissionDenied(outcome.status())) << outcome.status();
  EXPECT_TRUE(fs::exists(drop() / "work/day.xml"));
}

}  // namespace
}  // namespace stockd::poslog
