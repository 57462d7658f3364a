// The real program and the real daemon: what the tills wrote is what the levels say.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "tests/adapters/poslog/poslog_text.h"
#include "tests/support/process.h"
#include "tests/support/temp_directory.h"
#include "tests/system/daemon_fixture.h"

namespace stockd::poslog {
namespace {

namespace fs = std::filesystem;
using support::Describe;
using support::GrpcClient;

constexpr int64_t kDelivered = 1'000'000;
constexpr const char* kVoid = "VoidFlag=\"true\"";

class PoslogSystemTest : public system_test::DaemonFixture {
 protected:
  PoslogSystemTest() : DaemonFixture("[facts]\nlook_back = \"36500d\"\n") {
    fs::create_directories(drop());
    support::WriteFile(folder_.path() / "poslog.toml",
                       "source = \"till\"\ndrop_directory = \"drop\"\n[time]\n"
                       "zone = \"America/Los_Angeles\"\n[daemon]\naddress = \"" +
                           daemon_.address() + "\"\nretry_initial_ms = 10\nretry_max_ms = 50\n");
  }

  fs::path drop() const { return folder_.path() / "drop"; }

  // Makes store 9 and the items known, with stock.
  void Stock(const std::vector<std::string>& items, int scale) {
    v1::PutLocationsRequest locations;
    locations.add_locations()->set_code("9");
    v1::PutLocationsResponse locations_put;
    grpc::Status status = client_.Call(client_.catalogue(), &GrpcClient::Catalogue::PutLocations,
                                       locations, locations_put);
    ASSERT_TRUE(status.ok()) << Describe(status);
    v1::PutItemsRequest request;
    std::vector<system_test::PositionName> positions;
    for (const std::string& item : items) {
      request.add_items()->set_sku(item);
      request.mutable_items()->rbegin()->set_scale(scale);
      positions.emplace_back(item, "9");
    }
    v1::PutItemsResponse response;
    status = client_.Call(client_.catalogue(), &GrpcClient::Catalogue::PutItems, request, response);
    ASSERT_TRUE(status.ok()) << Describe(status);
    Deliver(positions, kDelivered);
  }

  void RunOnce() {
    const support::CommandResult result =
        support::RunCommand(support::BuiltProgram("adapters/poslog/stockd-poslog"),
                            {"--config", folder_.path() / "poslog.toml", "--once"});
    EXPECT_EQ(result.exit, support::ExitStatus{}) << result.error_output;
  }

  // What has left the store.
  int64_t Sold(const std::string& item) {
    return kDelivered - Read({item, "9"}).quantities().on_hand();
  }

  v1::ListDevicesResponse Devices() {
    v1::ListDevicesResponse response;
    const grpc::Status status = client_.Call(client_.adapter(), &GrpcClient::Adapter::ListDevices,
                                             v1::ListDevicesRequest(), response);
    EXPECT_TRUE(status.ok()) << Describe(status);
    return response;
  }
};

TEST_F(PoslogSystemTest, LevelsFollowSalesVoidsReturnsAndWeightsWhateverComesTwice) {
  StartDaemon();
  Stock({"A", "B"}, 0);
  Stock({"kg-1"}, 3);
  const std::string day =
      Whole(ToText({.sequence = "1", .kind = "ControlTransaction"}) +
            ToText({.sequence = "2",
                    .lines = Line({.number = "1", .quantity = "5"}) +
                             Line({.number = "2", .item = "kg-1", .quantity = "0.42"}) +
                             Line({.number = "3", .quantity = "-2", .attributes = kVoid})}) +
            ToText({.sequence = "3", .attributes = "CancelFlag='true'"}) +
            ToText({.sequence = "5",
                    .lines = Line({.number = "1", .kind = "Return"}) +
                             Line({.number = "2", .item = "B"})}));
  for (const char* name : {"1.xml", "2.xml"}) {
    support::DropFile(drop() / name, day);
    RunOnce();
    EXPECT_EQ(Sold("A"), 5 - 2 - 1);
    EXPECT_EQ(Sold("B"), 1);
    EXPECT_EQ(Sold("kg-1"), 420);
  }
  // Number 4 is missing, and nothing else.
  v1::ListDevicesResponse devices = Devices();
  ASSERT_EQ(devices.devices_size(), 1);
  EXPECT_EQ(devices.devices(0).device(), "9/34/2017-10-01");
  EXPECT_EQ(devices.devices(0).first(), 1u);
  EXPECT_EQ(devices.devices(0).newest(), 5u);
  EXPECT_EQ(devices.devices(0).missing(), 1);
  support::DropFile(drop() / "late.xml", Whole(ToText({.sequence = "4"})));
  RunOnce();
  EXPECT_EQ(Devices().devices(0).missing(), 0);
  EXPECT_EQ(Sold("A"), 3);
  ExpectNoDrift();
}

TEST_F(PoslogSystemTest, TheRecordedDayIsWhatTheLevelsSay) {
  const char* shared = std::getenv("STOCKD_SHARED");
  const fs::path file =
      fs::path(shared != nullptr ? shared : "../shared") / "recordings/poslog/POSLog.xml";
  if (!fs::exists(file)) {
    GTEST_SKIP() << "needs the recordings; put them beside the checkout as shared, or name their "
                    "folder in STOCKD_SHARED: "
                 << file;
  }
  const std::string day = support::ReadFile(file);
  std::set<std::string> items;
  constexpr std::string_view kItem = "<ItemID>";
  for (size_t at = day.find(kItem); at != std::string::npos; at = day.find(kItem, at + 1)) {
    const size_t begin = at + kItem.size();
    items.insert(day.substr(begin, day.find('<', begin) - begin));
  }
  StartDaemon();
  Stock({items.begin(), items.end()}, 2);
  support::DropFile(drop() / "day.xml", day);
  RunOnce();
  int64_t sold = 0;
  for (const std::string& item : items) sold += Sold(item);
  EXPECT_EQ(sold, 65'115);  // As counted by hand, in hundredths.
  EXPECT_EQ(Sold("00000000067591"), 256);
  EXPECT_EQ(Sold("00021908501406"), 200);
  EXPECT_EQ(Sold("00000000054409"), 0);
  const v1::ListDevicesResponse devices = Devices();
  EXPECT_EQ(devices.devices_size(), 7);
  for (const v1::Device& device : devices.devices()) EXPECT_EQ(device.missing(), 0);
  ExpectNoDrift();
}

}  // namespace
}  // namespace stockd::poslog
