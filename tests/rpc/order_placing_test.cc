// Quotes and placing, over the wire.
#include <gmock/gmock.h>

#include "stockd/v1/mapping_service.grpc.pb.h"
#include "tests/rpc/order_fixture.h"

namespace stockd::support {
namespace {

class OrderPlacing : public OrderFixture {
 protected:
  static v1::QuotePickupRequest QuoteOf(const std::vector<Line>& lines) {
    v1::QuotePickupRequest request;
    for (const Line& line : lines) {
      v1::CartLine& asked = *request.add_lines();
      asked.set_sku(line.sku);
      asked.set_quantity(line.quantity);
    }
    return request;
  }
  v1::QuotePickupResponse Quote(const v1::QuotePickupRequest& request) {
    return Must(&Orders::QuotePickup, request);
  }
  // GIFT becomes 2 mugs and 1 tea.
  void PutGift() {
    v1::PutItemsRequest items;
    items.add_items()->set_sku("GIFT");
    v1::PutItemsResponse kept;
    ASSERT_TRUE(
        client().Call(client().catalogue(), &GrpcClient::Catalogue::PutItems, items, kept).ok());
    v1::PutBundlesRequest request;
    v1::Bundle& bundle = *request.add_bundles();
    bundle.set_sku("GIFT");
    for (const auto& [sku, quantity] : {std::pair("MUG", 2), std::pair("TEA", 1)}) {
      v1::BundlePart& part = *bundle.add_parts();
      part.set_sku(sku);
      part.set_quantity(quantity);
    }
    v1::PutBundlesResponse response;
    v1::MappingService::Stub stub(client().channel());
    ASSERT_TRUE(client().Call(stub, &v1::MappingService::Stub::PutBundles, request, response).ok());
  }
};

TEST_F(OrderPlacing, AQuoteNamesTheNearestStoresAndWhyNotElsewhere) {
  Stock("MUG", "S02", 3);
  Stock("TEA", "S01", 3);
  Stock("TEA", "S02", 3);
  auto request = QuoteOf({{"MUG", 2}, {"TEA", 1}});
  request.mutable_near()->set_latitude(50.01);
  request.mutable_near()->set_longitude(10);
  const v1::QuotePickupResponse response = Quote(request);
  ASSERT_EQ(response.quotes_size(), 2) << "W01 does not let customers collect";
  EXPECT_EQ(response.quotes(0).location(), "S02") << "the nearer one";
  EXPECT_TRUE(response.quotes(0).possible());
  EXPECT_LT(response.quotes(0).distance_m(), response.quotes(1).distance_m());
  const v1::PickupSlot& slot = response.quotes(0).slot();
  EXPECT_GT(FromProtoTime(slot.ready_time()), clock.Now());
  EXPECT_GT(FromProtoTime(slot.keep_until_time()), FromProtoTime(slot.ready_time()));
  const v1::PickupQuote& other = response.quotes(1);
  EXPECT_FALSE(other.possible());
  EXPECT_EQ(other.obstacle(), v1::PICKUP_OBSTACLE_NOT_RANGED);
  ASSERT_EQ(other.lacking_size(), 1);
  EXPECT_EQ(other.lacking(0).sku(), "MUG");
  EXPECT_EQ(other.lacking(0).wanted(), 2);

  request.set_possible_only(true);
  EXPECT_EQ(Quote(request).quotes_size(), 1);
}

TEST_F(OrderPlacing, LinesOfTheSameItemAreAddedUpInAQuote) {
  Stock("MUG", "S01", 3);
  const v1::QuotePickupResponse response = Quote(QuoteOf({{"MUG", 2}, {"MUG", 2}}));
  ASSERT_EQ(response.quotes(0).location(), "S01");
  EXPECT_EQ(response.quotes(0).obstacle(), v1::PICKUP_OBSTACLE_NO_STOCK);
  EXPECT_EQ(response.quotes(0).lacking(0).wanted(), 4);
  EXPECT_EQ(response.quotes(0).lacking(0).available(), 3);
}

TEST_F(OrderPlacing, NamedLocationsAnswerAlsoWhenNobodyCollectsThere) {
  Stock("MUG", "W01", 3);
  auto request = QuoteOf({{"MUG", 1}});
  request.add_locations("W01");
  EXPECT_EQ(Quote(request).quotes(0).obstacle(), v1::PICKUP_OBSTACLE_NOT_COLLECTING);
  request.set_locations(0, "S01");
  request.set_channel("web");
  EXPECT_EQ(Quote(request).quotes(0).obstacle(), v1::PICKUP_OBSTACLE_NOT_RANGED);
}

TEST_F(OrderPlacing, TheBasketsHoldCountsInItsOwnQuote) {
  Stock("MUG", "S01", 2);
  Reserve("basket", "MUG", "S01", 2);
  auto request = QuoteOf({{"MUG", 2}});
  request.add_locations("S01");
  EXPECT_FALSE(Quote(request).quotes(0).possible());
  request.set_reservation_id("basket");
  EXPECT_TRUE(Quote(request).quotes(0).possible());
  request.set_reservation_id("nobody");
  Call(&Orders::QuotePickup, request);
  EXPECT_EQ(reason, "RESERVATION_UNKNOWN");
}

TEST_F(OrderPlacing, AQuoteOffersSlotsAndAnOrderTakesTheOneItWasQuoted) {
  Stock("MUG", "S01", 2);
  auto request = QuoteOf({{"MUG", 1}});
  request.add_locations("S01");
  request.set_slots_max(3);
  const v1::PickupQuote quote = Quote(request).quotes(0);
  ASSERT_EQ(quote.slots_size(), 3);
  auto place = PlaceOf("web-1", {{"MUG", 1}});
  *place.mutable_fulfilments(0)->mutable_slot_time() = quote.slots(1).slot_time();
  const v1::Order order = Place(place);
  EXPECT_EQ(order.fulfilments(0).slot_time().seconds(), quote.slots(1).slot_time().seconds());
  EXPECT_EQ(order.fulfilments(0).ready_promise().first_time().seconds(),
            quote.slots(1).ready_time().seconds());

  auto late = PlaceOf("web-2", {{"MUG", 1}});
  *late.mutable_fulfilments(0)->mutable_slot_time() =
      ToProtoTime(clock.Now() + std::chrono::minutes(7));
  Call(&Orders::PlaceOrder, late);
  EXPECT_EQ(reason, "PICKUP_NOT_POSSIBLE");
  EXPECT_EQ(Metadata("obstacle"), "NO_SUCH_SLOT");
  EXPECT_EQ(Metadata("location"), "S01");
}

TEST_F(OrderPlacing, AnOrderClaimsItsUnitsAndSaysWhereTheyAre) {
  Stock("MUG", "S01", 5);
  auto request = PlaceOf("web-1", {{"MUG", 2}});
  request.set_channel("app");
  request.set_customer_reference("customer-7");
  request.mutable_lines(0)->set_unit_price_micros(12'500'000);
  request.mutable_lines(0)->set_currency("EUR");
  const v1::Order order = Place(request);
  EXPECT_EQ(order.state(), v1::ORDER_STATE_PLACED);
  EXPECT_EQ(order.channel(), "app");
  EXPECT_EQ(order.customer_reference(), "customer-7");
  ASSERT_EQ(order.fulfilments_size(), 1);
  const v1::Fulfilment& part = order.fulfilments(0);
  EXPECT_EQ(part.number(), 1);
  EXPECT_EQ(part.location(), "S01");
  EXPECT_EQ(part.lines(0).units().claimed(), 2);
  EXPECT_EQ(part.lines(0).units().assigned(), 2);
  EXPECT_EQ(part.allowed_moves(0), v1::ORDER_MOVE_START_PICKING);
  EXPECT_EQ(order.lines(0).unit_price_micros(), 12'500'000);
  EXPECT_EQ(Available("MUG", "S01").available(), 3);
  EXPECT_EQ(Get("web-1").DebugString(), order.DebugString());
  EXPECT_EQ(Story("web-1"), "PLACED");
}

// The same call again is the same order, whatever happened since; another one is a caller's bug.
TEST_F(OrderPlacing, ARepetitionGetsTheFirstAnswerAlsoAfterARestart) {
  Stock("MUG", "S01", 5);
  const auto request = PlaceOf("web-1", {{"MUG", 2}});
  const v1::Order first = Place(request);
  Pick("web-1", {{"1", 2}});
  EXPECT_EQ(Place(request).DebugString(), first.DebugString());
  Restart();
  EXPECT_EQ(Place(request).DebugString(), first.DebugString());
  EXPECT_EQ(Available("MUG", "S01").available(), 3);
  Call(&Orders::PlaceOrder, PlaceOf("web-1", {{"MUG", 1}}));
  EXPECT_EQ(reason, "ORDER_DIFFERS");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
}

TEST_F(OrderPlacing, TheBasketsHoldBecomesTheOrder) {
  Stock("MUG", "S01", 2);
  Reserve("basket", "MUG", "S01", 2);
  auto request = PlaceOf("web-1", {{"MUG", 2}});
  Call(&Orders::PlaceOrder, request);
  EXPECT_EQ(reason, "INSUFFICIENT_STOCK");
  request.set_reservation_id("basket");
  Place(request);
  EXPECT_EQ(Available("MUG", "S01").quantities().reserved(), 0);
  EXPECT_EQ(Available("MUG", "S01").quantities().committed(), 2);

  auto other = PlaceOf("web-2", {{"MUG", 1}});
  other.set_reservation_id("nobody");
  Call(&Orders::PlaceOrder, other);
  EXPECT_EQ(reason, "RESERVATION_UNKNOWN");
  EXPECT_EQ(Metadata("reservation_id"), "nobody");
}

TEST_F(OrderPlacing, TheClaimOfAnOrderChangesWithTheOrderOnly) {
  Stock("MUG", "S01", 2);
  const v1::Order order = Place("web-1", {{"MUG", 2}});
  v1::ReleaseReservationRequest release;
  release.set_reservation_id(order.fulfilments(0).reservation_id());
  release.set_request_id("r");
  v1::ReleaseReservationResponse released;
  EXPECT_EQ(
      ReasonOf(client().Call(client().reservation(), &GrpcClient::Reservation::ReleaseReservation,
                             release, released)),
      "RESERVATION_OF_ORDER");
}

TEST_F(OrderPlacing, ABundleBecomesItsPartsWhichShareItsPrice) {
  PutGift();
  Stock("MUG", "S01", 10);
  Stock("TEA", "S01", 10);
  auto request = PlaceOf("web-1", {{"GIFT", 2}, {"TEA", 1}});
  request.mutable_lines(0)->set_unit_price_micros(32'000'000);
  request.mutable_lines(0)->set_currency("EUR");
  const v1::Order order = Place(request);
  ASSERT_EQ(order.lines_size(), 3);
  EXPECT_EQ(order.lines(0).line_id(), "1/1");
  EXPECT_EQ(order.lines(0).sku(), "MUG");
  EXPECT_EQ(order.lines(0).bundle_sku(), "GIFT");
  EXPECT_EQ(order.lines(0).ordered(), 4);
  EXPECT_EQ(order.lines(1).line_id(), "1/2");
  EXPECT_EQ(order.lines(1).ordered(), 2);
  EXPECT_EQ(order.lines(2).bundle_sku(), "");
  // A mug costs 5, a tea 6: of 32, the mugs are worth 20 and the tea 12.
  EXPECT_EQ(order.lines(0).unit_price_micros(), 10'000'000);
  EXPECT_EQ(order.lines(1).unit_price_micros(), 12'000'000);
  EXPECT_EQ(Available("MUG", "S01").available(), 6);
  EXPECT_EQ(Available("TEA", "S01").available(), 7);
}

TEST_F(OrderPlacing, AnOrderIsSplitAmongLocationsAndOneGetsTheRest) {
  Stock("MUG", "S01", 2);
  Stock("MUG", "W01", 2);
  auto request = PlaceOf("web-1", {{"MUG", 3}}, "W01", v1::FULFILMENT_METHOD_SHIP);
  v1::FulfilmentRequest& store = *request.add_fulfilments();
  store.set_method(v1::FULFILMENT_METHOD_PICKUP);
  store.set_location("S01");
  AddLine(store, "1", 1);
  const v1::Order order = Place(request);
  ASSERT_EQ(order.fulfilments_size(), 2);
  EXPECT_EQ(order.fulfilments(0).lines(0).units().claimed(), 2);
  EXPECT_EQ(order.fulfilments(1).lines(0).units().claimed(), 1);
  EXPECT_EQ(order.lines(0).units().claimed(), 3);

  Call(&Orders::StartPicking, MoveOf<v1::StartPickingRequest>("web-1"));
  EXPECT_EQ(reason, "FULFILMENT_UNKNOWN") << "which one was not said";
}

TEST_F(OrderPlacing, ALocationMustDoWhatIsAskedOfIt) {
  Stock("MUG", "W01", 2);
  Call(&Orders::PlaceOrder, PlaceOf("web-1", {{"MUG", 1}}, "W01"));
  EXPECT_EQ(reason, "PURPOSE_MISSING");
  EXPECT_EQ(Metadata("location"), "W01");
  auto web = PlaceOf("web-1", {{"MUG", 1}}, "W01", v1::FULFILMENT_METHOD_SHIP);
  web.set_channel("web");
  Call(&Orders::PlaceOrder, web);
  EXPECT_EQ(reason, "LOCATION_NOT_IN_CHANNEL");
}

TEST_F(OrderPlacing, BadOrdersAreRefusedWithTheirReasonAndChangeNothing) {
  Stock("MUG", "S01", 5);
  const std::string before = Fingerprint();
  const auto refusal = [&](auto change) {
    v1::PlaceOrderRequest request = PlaceOf("web-1", {{"MUG", 2}});
    change(request);
    Call(&Orders::PlaceOrder, request);
    return reason;
  };
  EXPECT_EQ(refusal([](auto& r) { r.clear_order_id(); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.set_order_id(std::string(129, 'x')); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.set_order_id("a\nb"); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.set_customer_reference(std::string(129, 'x')); }),
            "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.set_channel("nobody"); }), "CHANNEL_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.clear_lines(); }), "TOO_MANY_LINES");
  EXPECT_EQ(refusal([](auto& r) {
              while (r.lines_size() < 501) *r.add_lines() = r.lines(0);
            }),
            "TOO_MANY_LINES");
  EXPECT_EQ(refusal([](auto& r) { *r.add_lines() = r.lines(0); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_lines(0)->clear_line_id(); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_lines(0)->set_sku("NONE"); }), "SKU_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_lines(0)->set_quantity(0); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_lines(0)->set_quantity(INT64_MAX); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_lines(0)->set_unit_price_micros(-1); }),
            "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_lines(0)->set_currency("eur"); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.clear_fulfilments(); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) {
              while (r.fulfilments_size() < 51) *r.add_fulfilments() = r.fulfilments(0);
            }),
            "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { *r.add_fulfilments() = r.fulfilments(0); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_fulfilments(0)->clear_method(); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) {
              r.mutable_fulfilments(0)->set_method(static_cast<v1::FulfilmentMethod>(9));
            }),
            "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_fulfilments(0)->set_location("NONE"); }),
            "LOCATION_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_fulfilments(0)->clear_location(); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_fulfilments(0)->set_destination("S02"); }),
            "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) {
              r.mutable_fulfilments(0)->set_method(v1::FULFILMENT_METHOD_SHIP_TO_STORE);
            }),
            "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { AddLine(*r.mutable_fulfilments(0), "9", 1); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { AddLine(*r.mutable_fulfilments(0), "1", 1); }), "FIELD_INVALID")
      << "one unit is nobody's";
  EXPECT_EQ(refusal([](auto& r) { AddLine(*r.mutable_fulfilments(0), "1", 3); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) {
              r.mutable_fulfilments(0)->mutable_slot_time()->set_seconds(INT64_MAX);
            }),
            "FIELD_INVALID");
  EXPECT_EQ(refusal([&](auto& r) {
              *r.mutable_place_time() = ToProtoTime(clock.Now() + std::chrono::hours(48));
            }),
            "OCCURRED_IN_FUTURE");
  EXPECT_EQ(refusal([&](auto& r) {
              *r.mutable_place_time() = ToProtoTime(clock.Now() - std::chrono::hours(24 * 4000));
            }),
            "OCCURRED_TOO_LONG_AGO");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_lines(0)->set_quantity(6); }), "INSUFFICIENT_STOCK");
  EXPECT_EQ(Metadata("available"), "5");
  EXPECT_EQ(Fingerprint(), before);
  EXPECT_TRUE(Events().empty());
}

TEST_F(OrderPlacing, BadQuotesAreRefusedWithTheirReason) {
  const auto refusal = [&](auto change) {
    v1::QuotePickupRequest request = QuoteOf({{"MUG", 2}});
    change(request);
    Call(&Orders::QuotePickup, request);
    return reason;
  };
  EXPECT_EQ(refusal([](auto& r) { r.clear_lines(); }), "TOO_MANY_LINES");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_lines(0)->set_sku("NONE"); }), "SKU_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_lines(0)->set_quantity(0); }), "QUANTITY_OUT_OF_RANGE");
  EXPECT_EQ(refusal([](auto& r) { r.set_channel("nobody"); }), "CHANNEL_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.add_locations("NONE"); }), "LOCATION_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_near()->set_latitude(91); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.set_limit(-1); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.set_slots_max(51); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_slot_time()->set_nanos(-1); }), "FIELD_INVALID");
}

}  // namespace
}  // namespace stockd::support
