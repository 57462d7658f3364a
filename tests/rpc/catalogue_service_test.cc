// What is put comes back, a repetition writes nothing, and rules act at once.
#include <vector>

#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using Catalogue = GrpcClient::Catalogue;

class CatalogueCalls : public DaemonFixture {
 protected:
  template <typename Request, typename Response>
  Response Call(grpc::Status (Catalogue::*method)(grpc::ClientContext*, const Request&, Response*),
                const Request& request) {
    Response response;
    const grpc::Status status = client().Call(client().catalogue(), method, request, response);
    EXPECT_TRUE(status.ok()) << Describe(status);
    return response;
  }
};

v1::Item FullItem() {
  v1::Item item;
  item.set_sku("CUP");
  item.set_name("Cup, blue");
  item.set_unit("piece");
  item.set_scale(2);
  item.set_category("home/kitchen");
  item.add_gtins("4006381333931");
  item.add_gtins("40063813");
  item.set_unit_cost_micros(1'250'000);
  item.set_price_micros(4'990'000);
  item.set_currency("EUR");
  return item;
}

TEST_F(CatalogueCalls, AnItemComesBackAsItWasPut) {
  v1::PutItemsRequest request;
  *request.add_items() = FullItem();
  EXPECT_EQ(Call(&Catalogue::PutItems, request).created(), 1);
  v1::ListItemsRequest list;
  list.set_contains("cup");
  const auto found = Call(&Catalogue::ListItems, list);
  ASSERT_EQ(found.items_size(), 1);
  EXPECT_EQ(found.items(0).SerializeAsString(), FullItem().SerializeAsString());
  Restart();
  EXPECT_EQ(Call(&Catalogue::ListItems, list).items(0).SerializeAsString(),
            FullItem().SerializeAsString());
}

TEST_F(CatalogueCalls, ItemsAreGotBySkuAndUnknownOnesAreLeftOut) {
  v1::BatchGetItemsRequest request;
  for (const char* sku : {"HAM", "NOBODY", "MUG"}) request.add_skus(sku);
  const auto found = Call(&Catalogue::BatchGetItems, request);
  ASSERT_EQ(found.items_size(), 2);
  EXPECT_EQ(found.items(0).sku(), "HAM");
  EXPECT_EQ(found.items(0).scale(), 3);
  EXPECT_EQ(found.items(1).sku(), "MUG");
}

TEST_F(CatalogueCalls, ARepeatedPutCountsOnlyWhatDiffers) {
  v1::PutItemsRequest request;
  *request.add_items() = FullItem();
  request.add_items()->set_sku("MUG");
  const auto first = Call(&Catalogue::PutItems, request);
  EXPECT_EQ(first.created(), 1);
  EXPECT_EQ(first.changed(), 0);
  request.mutable_items(1)->set_name("Mug");
  const auto second = Call(&Catalogue::PutItems, request);
  EXPECT_EQ(second.created(), 0);
  EXPECT_EQ(second.changed(), 1);
}

TEST_F(CatalogueCalls, ALocationComesBackAsItWasPut) {
  v1::Location location;
  location.set_code("D01");
  location.set_name("Depot");
  location.set_kind(v1::LOCATION_KIND_DARK_STORE);
  location.set_time_zone("Europe/Istanbul");
  location.mutable_coordinate()->set_latitude(41.0082);
  location.mutable_coordinate()->set_longitude(28.9784);
  location.set_ships(true);
  location.set_collects(true);
  v1::PutLocationsRequest request;
  *request.add_locations() = location;
  EXPECT_EQ(Call(&Catalogue::PutLocations, request).created(), 1);
  EXPECT_EQ(Call(&Catalogue::PutLocations, request).changed(), 0);
  Restart();
  EXPECT_EQ(Call(&Catalogue::ListLocations, {}).locations(0).SerializeAsString(),
            location.SerializeAsString());
}

TEST_F(CatalogueCalls, ListsComeInPagesWithoutGapsOrRepetitions) {
  v1::PutItemsRequest items;
  v1::PutLocationsRequest locations;
  for (int i = 0; i < 25; ++i) {
    items.add_items()->set_sku("P" + std::to_string(100 + i));
    locations.add_locations()->set_code("P" + std::to_string(100 + i));
  }
  Call(&Catalogue::PutItems, items);
  Call(&Catalogue::PutLocations, locations);
  std::vector<std::string> skus;
  v1::ListItemsRequest item_page;
  item_page.set_page_size(10);
  do {
    const auto page = Call(&Catalogue::ListItems, item_page);
    for (const v1::Item& item : page.items()) skus.push_back(item.sku());
    item_page.set_page_token(page.next_page_token());
  } while (!item_page.page_token().empty());
  EXPECT_EQ(skus.size(), 28U);
  EXPECT_TRUE(std::ranges::is_sorted(skus, std::ranges::less_equal()));
  std::vector<std::string> codes;
  v1::ListLocationsRequest location_page;
  location_page.set_page_size(14);
  do {
    const auto page = Call(&Catalogue::ListLocations, location_page);
    for (const v1::Location& location : page.locations()) codes.push_back(location.code());
    location_page.set_page_token(page.next_page_token());
  } while (!location_page.page_token().empty());
  EXPECT_EQ(codes.size(), 28U);
  EXPECT_TRUE(std::ranges::is_sorted(codes, std::ranges::less_equal()));
}

TEST_F(CatalogueCalls, GroupsAndChannelsComeBackAsTheyWerePut) {
  const auto groups = Call(&Catalogue::ListGroups, {});
  ASSERT_EQ(groups.groups_size(), 1);
  EXPECT_EQ(groups.groups(0).group_id(), "stores");
  EXPECT_EQ(groups.groups(0).locations_size(), 2);
  const auto channels = Call(&Catalogue::ListChannels, {});
  ASSERT_EQ(channels.channels_size(), 2);
  EXPECT_EQ(channels.channels(1).channel_id(), "web");
  EXPECT_EQ(channels.channels(1).buffer(), 1);
  EXPECT_EQ(channels.channels(1).group_id(), "stores");
}

TEST_F(CatalogueCalls, SafetyStockActsAtOnceAndTheMostSpecificRuleWins) {
  Stock("MUG", "S01", 10);
  const auto put = [this](const std::string& sku, const std::string& location, int64_t quantity,
                          bool remove) {
    v1::PutSafetyStocksRequest request;
    v1::SafetyStock& rule = *request.add_safety_stocks();
    rule.set_sku(sku);
    rule.set_location(location);
    rule.set_quantity(quantity);
    rule.set_remove(remove);
    Call(&Catalogue::PutSafetyStocks, request);
  };
  put("", "S01", 1, false);
  EXPECT_EQ(Available("MUG", "S01").available(), 9);
  put("MUG", "", 2, false);
  EXPECT_EQ(Available("MUG", "S01").available(), 8);
  put("MUG", "S01", 3, false);
  EXPECT_EQ(Available("MUG", "S01").available(), 7);
  put("MUG", "S01", 0, true);
  EXPECT_EQ(Available("MUG", "S01").available(), 8);
  put("MUG", "", 0, true);
  put("", "S01", 0, true);
  EXPECT_EQ(Available("MUG", "S01").available(), 10);
}

// Every watcher walks the whole index when a rule changes, so a nightly import must not look like a
// change.
TEST_F(CatalogueCalls, ARuleThatIsRepeatedMovesNoVersion) {
  Stock("MUG", "S01", 10);
  v1::PutSafetyStocksRequest safety;
  safety.add_safety_stocks()->set_sku("MUG");
  safety.mutable_safety_stocks(0)->set_quantity(2);
  Call(&Catalogue::PutSafetyStocks, safety);
  const uint64_t sequence = Status().sequence();
  const uint64_t version = Available("MUG", "S01").version();
  Call(&Catalogue::PutSafetyStocks, safety);
  v1::PutChannelsRequest channels;
  v1::Channel& web = *channels.add_channels();
  web.set_channel_id("web");
  web.set_buffer(1);
  web.set_group_id("stores");
  Call(&Catalogue::PutChannels, channels);
  web.set_name("Web shop");  // A new name is no new rule.
  Call(&Catalogue::PutChannels, channels);
  EXPECT_EQ(Status().sequence(), sequence);
  web.set_buffer(4);
  Call(&Catalogue::PutChannels, channels);
  EXPECT_EQ(Status().sequence(), sequence + 1);
  EXPECT_GT(Available("MUG", "S01").version(), version);
  EXPECT_EQ(Available("MUG", "S01", "web").available(), 4);
}

TEST_F(CatalogueCalls, AnnouncedSupplyRaisesTheCurveNotTheStock) {
  Stock("MUG", "S01", 10);
  const auto announce = [this](int64_t quantity) {
    v1::PutSuppliesRequest request;
    v1::Supply& supply = *request.add_supplies();
    supply.set_supply_id("po-1");
    supply.set_sku("MUG");
    supply.set_location("S01");
    supply.set_quantity(quantity);
    supply.mutable_expected_at()->set_seconds(ToMicros(clock.Now()) / 1'000'000 + 86'400);
    Call(&Catalogue::PutSupplies, request);
  };
  announce(30);
  EXPECT_EQ(Available("MUG", "S01").available(), 10);
  EXPECT_EQ(Available("MUG", "S01").quantities().incoming(), 30);
  v1::GetAvailabilityCurveRequest request;
  request.mutable_position()->set_sku("MUG");
  request.mutable_position()->set_location("S01");
  const auto curve = [&] {
    v1::GetAvailabilityCurveResponse response;
    EXPECT_TRUE(client()
                    .Call(client().availability(), &GrpcClient::Availability::GetAvailabilityCurve,
                          request, response)
                    .ok());
    return response;
  };
  ASSERT_EQ(curve().points_size(), 2);
  EXPECT_EQ(curve().points(1).available(), 40);
  clock.Advance(std::chrono::hours(25));
  EXPECT_EQ(curve().points_size(), 1);
  EXPECT_EQ(curve().overdue(), 30);
  announce(0);
  EXPECT_EQ(curve().overdue(), 0);
  EXPECT_EQ(Available("MUG", "S01").quantities().incoming(), 0);
}

}  // namespace
}  // namespace stockd::support
