// Where the planner chooses: selling what is not here, and finding who takes over.
#include <algorithm>

#include "tests/rpc/order_fixture.h"

namespace stockd::support {
namespace {

class OrderPlanning : public OrderFixture {
 protected:
  static v1::SellElsewhereRequest SaleOf(const std::string& id, const std::vector<Line>& lines,
                                         v1::FulfilmentMethod method = v1::FULFILMENT_METHOD_SHIP) {
    v1::SellElsewhereRequest request;
    request.set_order_id(id);
    request.set_location("S01");
    request.set_method(method);
    int number = 0;
    for (const Line& line : lines) {
      v1::OrderLineRequest& asked = *request.add_lines();
      asked.set_line_id(std::to_string(++number));
      asked.set_sku(line.sku);
      asked.set_quantity(line.quantity);
    }
    return request;
  }
  // Who handles what, as "S02:MUGx1 W01:TEAx2".
  static std::string Parts(const v1::Order& order) {
    std::vector<std::string> parts;
    for (const v1::Fulfilment& part : order.fulfilments()) {
      for (const v1::FulfilmentLine& line : part.lines()) {
        if (line.units().claimed() == 0) continue;
        parts.push_back(part.location() + ":" + line.sku() + "x" +
                        std::to_string(line.units().claimed()));
      }
    }
    std::ranges::sort(parts);
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : " ") + part;
    return text;
  }
};

// Endless aisle: the customer stands in S01, which has none.
TEST_F(OrderPlanning, WhatIsNotHereIsSoldFromTheFewestOtherLocations) {
  Stock("MUG", "S01", 9);
  Stock("MUG", "S02", 1);
  Stock("TEA", "S02", 1);
  Stock("MUG", "W01", 5);
  Stock("TEA", "W01", 5);
  const auto request = SaleOf("till-1", {{"MUG", 2}, {"TEA", 1}});
  const v1::Order order = Must(&Orders::SellElsewhere, request).order();
  EXPECT_EQ(Parts(order), "W01:MUGx2 W01:TEAx1") << "one parcel, not two; never from here";
  EXPECT_EQ(order.fulfilments(0).method(), v1::FULFILMENT_METHOD_SHIP);
  EXPECT_EQ(Available("MUG", "W01").available(), 3);

  // The first answer again, also when nothing is left that could be planned with.
  Place("web-1", {{"MUG", 3}}, "W01", v1::FULFILMENT_METHOD_SHIP);
  EXPECT_EQ(Must(&Orders::SellElsewhere, request).order().DebugString(), order.DebugString());
  Restart();
  EXPECT_EQ(Must(&Orders::SellElsewhere, request).order().DebugString(), order.DebugString());
  Call(&Orders::SellElsewhere, SaleOf("till-1", {{"MUG", 1}}));
  EXPECT_EQ(reason, "ORDER_DIFFERS");
}

TEST_F(OrderPlanning, TheNearerOneSendsAndTwoDoWhenOneHasTooFew) {
  Stock("MUG", "S02", 2);
  Stock("MUG", "W01", 2);
  EXPECT_EQ(Parts(Must(&Orders::SellElsewhere, SaleOf("till-1", {{"MUG", 1}})).order()),
            "S02:MUGx1");
  auto one_parcel = SaleOf("till-2", {{"MUG", 3}});
  one_parcel.set_parcels_max(1);
  Call(&Orders::SellElsewhere, one_parcel);
  EXPECT_EQ(reason, "TOO_MANY_PARCELS");
  EXPECT_EQ(Parts(Must(&Orders::SellElsewhere, SaleOf("till-2", {{"MUG", 3}})).order()),
            "S02:MUGx1 W01:MUGx2");
  Call(&Orders::SellElsewhere, SaleOf("till-3", {{"MUG", 1}}));
  EXPECT_EQ(reason, "INSUFFICIENT_STOCK");
  EXPECT_EQ(Metadata("sku"), "MUG");
  EXPECT_EQ(Metadata("available"), "0");
}

TEST_F(OrderPlanning, ItIsSentToTheStoreWhereTheCustomerIs) {
  Stock("MUG", "W01", 2);
  const v1::Order order = Must(&Orders::SellElsewhere,
                               SaleOf("till-1", {{"MUG", 1}}, v1::FULFILMENT_METHOD_SHIP_TO_STORE))
                              .order();
  EXPECT_EQ(order.fulfilments(0).destination(), "S01");
  EXPECT_EQ(order.fulfilments(0).location(), "W01");
}

TEST_F(OrderPlanning, BadSalesAreRefusedWithTheirReason) {
  const auto refusal = [&](auto change) {
    auto request = SaleOf("till-1", {{"MUG", 1}});
    change(request);
    Call(&Orders::SellElsewhere, request);
    return reason;
  };
  EXPECT_EQ(refusal([](auto& r) { r.clear_order_id(); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.clear_location(); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.set_location("NONE"); }), "LOCATION_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.set_method(v1::FULFILMENT_METHOD_PICKUP); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.clear_lines(); }), "TOO_MANY_LINES");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_lines(0)->set_sku("NONE"); }), "SKU_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.add_from_locations("NONE"); }), "LOCATION_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.set_parcels_max(51); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.mutable_near()->set_longitude(181); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.set_channel("nobody"); }), "CHANNEL_UNKNOWN");
}

// A location that sends a parcel of the order anyway is asked first.
TEST_F(OrderPlanning, MissingUnitsAreTakenFromWhoSendsAParcelAnyway) {
  Stock("MUG", "S02", 1);
  Stock("MUG", "W01", 5);
  Stock("TEA", "S01", 1);
  auto request = PlaceOf("web-1", {{"MUG", 1}, {"TEA", 1}}, "S02", v1::FULFILMENT_METHOD_SHIP);
  request.mutable_fulfilments(0)->clear_lines();
  AddLine(*request.mutable_fulfilments(0), "1", 1);
  v1::FulfilmentRequest& other = *request.add_fulfilments();
  other.set_method(v1::FULFILMENT_METHOD_SHIP);
  other.set_location("S01");
  AddLine(other, "2", 1);
  Place(request);
  Stock("MUG", "S01", 1);
  auto miss = MoveOf<v1::RecordPickRequest>("web-1");
  miss.set_fulfilment(1);
  v1::PickedLine& line = *miss.add_lines();
  line.set_line_id("1");
  line.set_missing(1);
  Must(&Orders::RecordPick, miss);
  auto replan = MoveOf<v1::ReplanFulfilmentRequest>("web-1");
  replan.set_fulfilment(1);
  const v1::Order order = Must(&Orders::ReplanFulfilment, replan).order();
  EXPECT_EQ(Parts(order), "S01:MUGx1 S01:TEAx1");
  EXPECT_EQ(Must(&Orders::ReplanFulfilment, replan).order().DebugString(), order.DebugString())
      << "repeated, not planned again";
  Restart();
  EXPECT_EQ(Must(&Orders::ReplanFulfilment, replan).order().DebugString(), order.DebugString());
  AddLine(replan, "1", 1);
  Call(&Orders::ReplanFulfilment, replan);
  EXPECT_EQ(reason, "REQUEST_DIFFERS");
}

TEST_F(OrderPlanning, AStoreThatRejectsAnOrderIsReplacedByWhoeverHasTheUnits) {
  Stock("MUG", "S01", 3);
  Stock("MUG", "S02", 1);
  Stock("MUG", "W01", 2);
  Place("web-1", {{"MUG", 3}});
  auto replan = MoveOf<v1::ReplanFulfilmentRequest>("web-1");
  replan.set_reason(v1::UNIT_REASON_STORE);
  const v1::Order order = Must(&Orders::ReplanFulfilment, replan).order();
  EXPECT_EQ(Parts(order), "S02:MUGx1 W01:MUGx2");
  for (const v1::Fulfilment& part : order.fulfilments()) {
    if (part.number() == 1) continue;
    EXPECT_EQ(part.method(), v1::FULFILMENT_METHOD_SHIP_TO_STORE);
    EXPECT_EQ(part.destination(), "S01") << "the customer still comes there";
  }
  EXPECT_EQ(order.fulfilments(0).state(), v1::ORDER_STATE_CANCELLED);
  EXPECT_EQ(Available("MUG", "S01").available(), 3);
  EXPECT_EQ(order.lines(0).units().claimed(), 3) << "nobody else got a unit meanwhile";
}

TEST_F(OrderPlanning, APlanThatCannotBeMadeChangesNothing) {
  Stock("MUG", "S01", 3);
  Stock("MUG", "S02", 1);
  Place("web-1", {{"MUG", 3}});
  const std::string before = Get("web-1").DebugString();
  const auto refusal = [&](auto change) {
    auto request = MoveOf<v1::ReplanFulfilmentRequest>("web-1");
    change(request);
    Call(&Orders::ReplanFulfilment, request);
    return reason;
  };
  EXPECT_EQ(refusal([](auto&) {}), "INSUFFICIENT_STOCK");
  EXPECT_EQ(refusal([](auto& r) {
              AddLine(r, "1", 1);
              r.add_exclude_locations("S02");
            }),
            "INSUFFICIENT_STOCK");
  EXPECT_EQ(refusal([](auto& r) { r.set_method(v1::FULFILMENT_METHOD_PICKUP); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.set_order_id("nobody"); }), "ORDER_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.set_fulfilment(2); }), "FULFILMENT_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { AddLine(r, "9", 1); }), "LINE_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.set_destination("NONE"); }), "LOCATION_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.add_exclude_locations("NONE"); }), "LOCATION_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.clear_request_id(); }), "FIELD_INVALID");
  Stock("MUG", "W01", 9);
  EXPECT_EQ(refusal([](auto& r) { AddLine(r, "1", 9); }), "EXCEEDS_LINE");
  EXPECT_EQ(Get("web-1").DebugString(), before);
  Pick("web-1", {{"1", 3}});
  Finish("web-1");
  EXPECT_EQ(refusal([](auto&) {}), "MOVE_FORBIDDEN");
  EXPECT_EQ(Metadata("state"), "READY");
}

}  // namespace
}  // namespace stockd::support
