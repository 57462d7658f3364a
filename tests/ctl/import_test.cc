#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "stockd/v1/catalogue_service.pb.h"
#include "tests/ctl/run_stockctl.h"
#include "tests/ctl/scripted_server.h"

namespace stockd::ctl {
namespace {

using testing::HasSubstr;

class ImportTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "stockctl_import_XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Ran Import(const std::string& kind, const std::string& text,
             const std::vector<std::string>& more = {}) {
    const std::filesystem::path file = folder_ / "input.csv";
    std::ofstream(file, std::ios::binary) << text;
    std::vector<std::string> words = {"import", kind, file.string(), "--server", server_.address()};
    words.insert(words.end(), more.begin(), more.end());
    return RunHere(words);
  }

  std::vector<v1::PutItemsRequest> Puts() {
    return server_.Requests<v1::PutItemsRequest>("PutItems");
  }

  std::filesystem::path folder_;
  ScriptedServer server_;
};

TEST_F(ImportTest, RowsGoInBatchesOfAThousand) {
  std::string text = "sku\n";
  for (int i = 0; i < 2500; ++i) text += "SKU-" + std::to_string(i) + "\n";
  v1::PutItemsResponse response;
  response.set_created(400);
  response.set_changed(100);
  server_.Answer("PutItems", response);
  const Ran ran = Import("items", text);
  EXPECT_EQ(ran.exit_code, ExitCode::kOk);
  EXPECT_EQ(ran.out, "items: 2500 rows applied, 1200 new, 300 changed, 1000 as before.\n");
  ASSERT_EQ(Puts().size(), 3u);
  EXPECT_EQ(Puts()[0].items_size(), 1000);
  EXPECT_EQ(Puts()[2].items_size(), 500);
  EXPECT_EQ(Puts()[2].items(499).sku(), "SKU-2499");
}

TEST_F(ImportTest, NothingOfAFileWithABadRowIsApplied) {
  const Ran ran = Import("items", "sku,scale\nA,0\nB,x\n");
  EXPECT_EQ(ran.exit_code, ExitCode::kUsage);
  EXPECT_THAT(ran.err, HasSubstr("input.csv:3: scale \"x\" is not a whole number"));
  EXPECT_THAT(ran.err, HasSubstr("--skip-bad"));
  EXPECT_TRUE(Puts().empty());
}

TEST_F(ImportTest, BadRowsAreLeftOutOnRequest) {
  server_.Answer("PutItems", v1::PutItemsResponse());
  const Ran ran = Import("items", "sku,scale\nA,0\nB,x\n", {"--skip-bad", "--json"});
  EXPECT_EQ(ran.exit_code, ExitCode::kNegative);
  const auto json = nlohmann::json::parse(ran.out);
  EXPECT_EQ(json["applied"], 1);
  EXPECT_EQ(json["skipped"], 1);
  ASSERT_EQ(Puts().size(), 1u);
  EXPECT_EQ(Puts()[0].items_size(), 1);
}

TEST_F(ImportTest, ARefusedBatchSaysHowFarItCame) {
  server_.Refuse("PutItems", grpc::StatusCode::FAILED_PRECONDITION, "ITEM_SCALE_FIXED",
                 "the scale of A is 0", {});
  const Ran ran = Import("items", "sku,scale\nA,3\n");
  EXPECT_EQ(ran.exit_code, ExitCode::kRefused);
  EXPECT_THAT(ran.err, HasSubstr("0 of 1 rows were applied before the failure"));
  EXPECT_THAT(ran.err, HasSubstr("ITEM_SCALE_FIXED"));
}

// The daemon refuses a batch whole; halving it finds the rows at fault.
TEST_F(ImportTest, RowsThatTheDaemonRefusesAreFoundAndSkipped) {
  const auto refuse = [this] {
    server_.Refuse("PutItems", grpc::StatusCode::FAILED_PRECONDITION, "ITEM_SCALE_FIXED", "no", {});
  };
  refuse();                                            // A B
  server_.Answer("PutItems", v1::PutItemsResponse());  // A
  refuse();                                            // B
  const Ran ran = Import("items", "sku\nA\nB\n", {"--skip-bad"});
  EXPECT_EQ(ran.exit_code, ExitCode::kNegative);
  EXPECT_THAT(ran.out, HasSubstr("items: 1 rows applied"));
  EXPECT_THAT(ran.err, HasSubstr("input.csv:3: no"));
}

TEST_F(ImportTest, ADaemonThatIsBusyEndsTheImportEvenWhenBadRowsAreSkipped) {
  server_.Refuse("PutItems", grpc::StatusCode::RESOURCE_EXHAUSTED, "BUSY", "busy", {});
  EXPECT_EQ(Import("items", "sku\nA\nB\n", {"--skip-bad"}).exit_code, ExitCode::kRefused);
  EXPECT_EQ(Puts().size(), 1u);
}

TEST_F(ImportTest, EveryKindReachesItsOwnCall) {
  server_.Answer("PutLocations", v1::PutLocationsResponse());
  server_.Answer("PutGroups", v1::PutGroupsResponse());
  server_.Answer("PutChannels", v1::PutChannelsResponse());
  server_.Answer("PutSafetyStocks", v1::PutSafetyStocksResponse());
  server_.Answer("PutSupplies", v1::PutSuppliesResponse());
  EXPECT_EQ(Import("locations", "code\nS01\n").exit_code, ExitCode::kOk);
  EXPECT_EQ(Import("groups", "group_id,locations\nG,S01|S02\n").exit_code, ExitCode::kOk);
  EXPECT_EQ(Import("channels", "channel_id,buffer\nweb,2\n").exit_code, ExitCode::kOk);
  EXPECT_EQ(Import("safety-stocks", "sku,location,quantity\nA,,2\n").exit_code, ExitCode::kOk);
  EXPECT_EQ(Import("supplies", "supply_id,sku,location,quantity\nP,A,S01,2\n").exit_code,
            ExitCode::kOk);
  EXPECT_EQ(server_.Requests<v1::PutGroupsRequest>("PutGroups").at(0).groups(0).locations_size(),
            2);
  EXPECT_EQ(server_.Requests<v1::PutChannelsRequest>("PutChannels").at(0).channels(0).buffer(), 2);
}

TEST_F(ImportTest, CalendarsAreReadAsPeopleWriteThem) {
  v1::PutCalendarsResponse response;
  response.set_created(1);
  server_.Answer("PutCalendars", response);
  const Ran ran = Import("calendars",
                         "location,weekly_hours,special_days,slot_length,picks_per_slot\n"
                         "S01,\"mon-fri 09:00-13:00,14:00-20:00|sat 10:00-18:00\","
                         "2026-12-25 closed Christmas|2026-12-24 09:00-14:00,90m,6\n");
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_EQ(ran.out, "calendars: 1 rows applied, 1 new, 0 changed, 0 as before.\n");
  const auto calendar =
      server_.Requests<v1::PutCalendarsRequest>("PutCalendars").at(0).calendars(0);
  EXPECT_EQ(calendar.weekly_hours_size(), 11);
  EXPECT_EQ(calendar.special_days(0).name(), "Christmas");
  EXPECT_EQ(calendar.special_days(1).hours(0).closes(), "14:00");
  EXPECT_EQ(calendar.slot_length().seconds(), 5400);
  EXPECT_EQ(calendar.picks_per_slot(), 6);
}

TEST_F(ImportTest, ABadCellOfACalendarIsShownWithItsForm) {
  const Ran ran = Import("calendars",
                         "location,weekly_hours,special_days,slot_length\nA,mon 9-17,,\n"
                         "B,,Christmas,\nC,,,1 hour\n");
  EXPECT_EQ(ran.exit_code, ExitCode::kUsage);
  EXPECT_THAT(ran.err, HasSubstr("weekly_hours \"mon 9-17\" is not like mon-fri 09:00-20:00"));
  EXPECT_THAT(ran.err, HasSubstr("special_days \"Christmas\" is not like 2026-12-25 closed"));
  EXPECT_THAT(ran.err, HasSubstr("slot_length \"1 hour\" is not a duration"));
}

TEST_F(ImportTest, AMissingFileIsAUsageError) {
  const Ran ran = RunHere({"import", "items", (folder_ / "no.csv").string()});
  EXPECT_EQ(ran.exit_code, ExitCode::kUsage);
  EXPECT_THAT(ran.err, HasSubstr("cannot open"));
}

TEST_F(ImportTest, AnEmptyShelfPositionIsSentToBeForgotten) {
  server_.Answer("PutShelfPositions", v1::PutShelfPositionsResponse());
  const Ran ran =
      Import("shelf-positions", "sku,location,shelf_position\nMUG,S01,A-03-2\nTEA,S01,\n");
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  const auto requests = server_.Requests<v1::PutShelfPositionsRequest>("PutShelfPositions");
  ASSERT_EQ(requests.size(), 1U);
  ASSERT_EQ(requests[0].shelf_positions_size(), 2);
  EXPECT_EQ(requests[0].shelf_positions(0).shelf_position(), "A-03-2");
  EXPECT_EQ(requests[0].shelf_positions(1).shelf_position(), "");
}

}  // namespace
}  // namespace stockd::ctl
