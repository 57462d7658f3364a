// What users of other systems suffer from, as tests. The numbers are those of their threads.
#include "stockd/v1/mapping_service.grpc.pb.h"
#include "tests/rpc/order_fixture.h"

namespace stockd::support {
namespace {

class OrderThreads : public OrderFixture {};

// saleor PR#9970, PR#19144: web orders locked the stock that stores kept for click and collect.
// What a location is for decides who may have its units, and each way has its own availability.
TEST_F(OrderThreads, AParcelNeverTakesTheUnitsOfAStoreThatOnlyLetsCustomersCollect) {
  v1::PutLocationsRequest locations;
  v1::Location& store = *locations.add_locations();
  store.set_code("S01");
  store.set_collects(true);
  v1::PutLocationsResponse put;
  ASSERT_TRUE(client()
                  .Call(client().catalogue(), &GrpcClient::Catalogue::PutLocations, locations, put)
                  .ok());
  Stock("MUG", "S01", 2);
  Call(&Orders::PlaceOrder, PlaceOf("web-1", {{"MUG", 1}}, "S01", v1::FULFILMENT_METHOD_SHIP));
  EXPECT_EQ(reason, "PURPOSE_MISSING");
  v1::SellElsewhereRequest sale;
  sale.set_order_id("till-1");
  sale.set_location("S02");
  sale.set_method(v1::FULFILMENT_METHOD_SHIP);
  *sale.add_lines() = PlaceOf("", {{"MUG", 1}}).lines(0);
  Call(&Orders::SellElsewhere, sale);
  EXPECT_EQ(reason, "INSUFFICIENT_STOCK") << "the planner does not ship from there either";
  EXPECT_EQ(Available("MUG", "S01").available(), 2);
  EXPECT_EQ(Place("web-2", {{"MUG", 2}}).state(), v1::ORDER_STATE_PLACED);
}

// idhlagency/magento2-disable-stock-reservation#41, PR#134, PR#108: the last unit was sold as a
// pick-up order, which could then not be marked as ready, because nothing was left to reserve.
TEST_F(OrderThreads, AnOrderOfTheLastUnitBecomesReadyAndIsCollected) {
  Stock("MUG", "S01", 1);
  MakeReady("web-1", {{"MUG", 1}});
  EXPECT_EQ(Available("MUG", "S01").available(), 0);
  auto request = MoveOf<v1::HandOverRequest>("web-1");
  request.set_code(CodeOf("web-1"));
  EXPECT_EQ(Must(&Orders::HandOver, request).order().state(), v1::ORDER_STATE_COLLECTED);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 0);
}

// magento/inventory#3328: the mail is sent although the step failed. The event is written with the
// move or not at all.
TEST_F(OrderThreads, AMoveThatFailsTellsNobodyThatItHappened) {
  Stock("MUG", "S01", 2);
  Place("web-1", {{"MUG", 2}});
  Pick("web-1", {{"1", 1}});
  const size_t events = Events().size();
  Call(&Orders::FinishPicking, MoveOf<v1::FinishPickingRequest>("web-1"));
  EXPECT_EQ(reason, "UNITS_UNDECIDED");
  EXPECT_EQ(Events().size(), events);
}

// magento/inventory#2785: an order whose one line was given back cannot be made ready.
TEST_F(OrderThreads, AnOrderIsReadyWhenOneOfItsLinesWasCancelled) {
  Stock("MUG", "S01", 2);
  Stock("TEA", "S01", 2);
  Place("web-1", {{"MUG", 1}, {"TEA", 1}});
  auto cancel = MoveOf<v1::CancelUnitsRequest>("web-1");
  AddLine(cancel, "2", 1);
  Must(&Orders::CancelUnits, cancel);
  Pick("web-1", {{"1", 1}});
  EXPECT_EQ(Finish("web-1").state(), v1::ORDER_STATE_READY);
}

// magento/inventory#3116, magento/magento2#36783: bundles cannot be made ready.
TEST_F(OrderThreads, AnOrderOfABundleIsPickedPartByPartAndReady) {
  v1::PutItemsRequest items;
  items.add_items()->set_sku("GIFT");
  v1::PutItemsResponse kept;
  ASSERT_TRUE(
      client().Call(client().catalogue(), &GrpcClient::Catalogue::PutItems, items, kept).ok());
  v1::PutBundlesRequest bundles;
  v1::Bundle& bundle = *bundles.add_bundles();
  bundle.set_sku("GIFT");
  for (const char* sku : {"MUG", "TEA"}) {
    bundle.add_parts()->set_sku(sku);
    bundle.mutable_parts()->rbegin()->set_quantity(1);
  }
  v1::PutBundlesResponse put;
  v1::MappingService::Stub stub(client().channel());
  ASSERT_TRUE(client().Call(stub, &v1::MappingService::Stub::PutBundles, bundles, put).ok());
  Stock("MUG", "S01", 1);
  Stock("TEA", "S01", 1);
  EXPECT_EQ(MakeReady("web-1", {{"GIFT", 1}}).state(), v1::ORDER_STATE_READY);
}

// magento/inventory#2222: readiness was judged by what stands free, at any source. It is judged by
// the units that this order holds, at the store that hands them over.
TEST_F(OrderThreads, WhatStandsElsewhereOrFreeMakesNoOrderReady) {
  Stock("MUG", "S01", 2);
  Stock("MUG", "W01", 50);
  Place("web-1", {{"MUG", 2}});
  Miss("web-1", "1", 2);
  Stock("MUG", "S01", 50);
  Call(&Orders::FinishPicking, MoveOf<v1::FinishPickingRequest>("web-1"));
  EXPECT_EQ(reason, "UNITS_UNDECIDED");
}

// Shopify/dawn#3980, bigcommerce/b2b-buyer-portal#936, odoo PR#228982, magento/pwa-studio#3630:
// stores are shown as collectable though they are empty. Every answer says why not.
TEST_F(OrderThreads, AStoreThatCannotServeSaysWhy) {
  Stock("MUG", "S01", 1);
  Stock("MUG", "W01", 9);
  v1::QuotePickupRequest request;
  v1::CartLine& line = *request.add_lines();
  line.set_sku("MUG");
  line.set_quantity(2);
  for (const char* code : {"S01", "S02", "W01"}) request.add_locations(code);
  const v1::QuotePickupResponse response = Must(&Orders::QuotePickup, request);
  ASSERT_EQ(response.quotes_size(), 3);
  EXPECT_EQ(response.quotes(0).obstacle(), v1::PICKUP_OBSTACLE_NO_STOCK);
  EXPECT_EQ(response.quotes(1).obstacle(), v1::PICKUP_OBSTACLE_NOT_RANGED);
  EXPECT_EQ(response.quotes(2).obstacle(), v1::PICKUP_OBSTACLE_NOT_COLLECTING);
  for (const v1::PickupQuote& quote : response.quotes()) EXPECT_FALSE(quote.possible());
}

}  // namespace
}  // namespace stockd::support
