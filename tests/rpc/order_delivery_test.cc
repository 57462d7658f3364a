// How units leave, what becomes of them on the way, and what is said afterwards.
#include "tests/rpc/order_fixture.h"

namespace stockd::support {
namespace {

class OrderDelivery : public OrderFixture {
 protected:
  v1::Order Ship(const std::string& id, const std::string& shipment) {
    auto request = MoveOf<v1::ShipUnitsRequest>(id);
    request.mutable_shipment()->set_shipment_id(shipment);
    request.mutable_shipment()->set_carrier("dhl");
    request.mutable_shipment()->set_tracking_number("0034");
    return Call(&Orders::ShipUnits, request).order();
  }
};

TEST_F(OrderDelivery, AParcelIsShippedAttemptedAndDelivered) {
  Stock("MUG", "W01", 5);
  const v1::Order packed = MakePacked("web-1", {{"MUG", 2}});
  EXPECT_EQ(packed.state(), v1::ORDER_STATE_PACKED);
  const v1::Order shipped = Ship("web-1", "P-1");
  EXPECT_EQ(shipped.state(), v1::ORDER_STATE_IN_TRANSIT);
  EXPECT_EQ(Available("MUG", "W01").quantities().on_hand(), 3);
  const v1::Shipment& shipment = shipped.fulfilments(0).shipments(0);
  EXPECT_EQ(shipment.carrier(), "dhl");
  EXPECT_EQ(shipment.parcels(), 1);
  EXPECT_EQ(shipment.lines(0).quantity(), 2);
  Ship("web-1", "P-1");
  EXPECT_EQ(reason, "SHIPMENT_KNOWN");
  EXPECT_EQ(Metadata("shipment"), "P-1");

  auto attempt = MoveOf<v1::RecordAttemptRequest>("web-1");
  attempt.set_shipment_id("P-2");
  Call(&Orders::RecordAttempt, attempt);
  EXPECT_EQ(reason, "SHIPMENT_UNKNOWN");
  attempt.set_shipment_id("P-1");
  EXPECT_EQ(Must(&Orders::RecordAttempt, attempt).order().fulfilments(0).shipments(0).attempts(),
            1);
  auto deliver = MoveOf<v1::RecordDeliveryRequest>("web-1");
  deliver.set_shipment_id("P-1");
  const v1::Order delivered = Must(&Orders::RecordDelivery, deliver).order();
  EXPECT_EQ(delivered.state(), v1::ORDER_STATE_DELIVERED);
  EXPECT_EQ(delivered.lines(0).units().delivered(), 2);
  EXPECT_TRUE(delivered.fulfilments(0).shipments(0).has_delivery_time());
  EXPECT_EQ(Story("web-1"),
            "PLACED PICKING_STARTED PICKED PACKED SHIPPED DELIVERY_ATTEMPTED DELIVERED");
}

TEST_F(OrderDelivery, WhatGoesWrongIsRecordedByItsClassAndLostUnitsEnd) {
  Stock("MUG", "W01", 5);
  MakePacked("web-1", {{"MUG", 2}});
  Ship("web-1", "P-1");
  auto damaged = MoveOf<v1::RecordExceptionRequest>("web-1");
  Call(&Orders::RecordException, damaged);
  EXPECT_EQ(reason, "FIELD_INVALID");
  damaged.set_kind(v1::DELIVERY_EXCEPTION_KIND_DAMAGED);
  AddLine(damaged, "1", 1);
  EXPECT_EQ(Must(&Orders::RecordException, damaged).order().state(), v1::ORDER_STATE_IN_TRANSIT);
  auto lost = MoveOf<v1::RecordExceptionRequest>("web-1");
  lost.set_kind(v1::DELIVERY_EXCEPTION_KIND_LOST);
  lost.set_shipment_id("P-1");
  const v1::Order order = Must(&Orders::RecordException, lost).order();
  EXPECT_EQ(order.state(), v1::ORDER_STATE_LOST);
  EXPECT_EQ(order.lines(0).units().lost(), 2);
  EXPECT_EQ(Events("web-1").back().exception(), v1::DELIVERY_EXCEPTION_KIND_LOST);
}

TEST_F(OrderDelivery, UnitsSentToAStoreAreCollectedThere) {
  Stock("MUG", "W01", 5);
  auto place = PlaceOf("web-1", {{"MUG", 2}}, "W01", v1::FULFILMENT_METHOD_SHIP_TO_STORE);
  place.mutable_fulfilments(0)->set_destination("S01");
  Place(place);
  Pick("web-1", {{"1", 2}});
  EXPECT_EQ(Finish("web-1").state(), v1::ORDER_STATE_PACKED);
  Ship("web-1", "P-1");
  ASSERT_EQ(reason, "");
  auto receive = MoveOf<v1::ReceiveAtStoreRequest>("web-1");
  receive.set_holding_area("back room");
  const v1::Order ready = Must(&Orders::ReceiveAtStore, receive).order();
  EXPECT_EQ(ready.state(), v1::ORDER_STATE_READY);
  EXPECT_EQ(Available("MUG", "W01").quantities().on_hand(), 3);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 2);
  EXPECT_EQ(Available("MUG", "S01").available(), 0) << "they are the customer's";
  auto hand_over = MoveOf<v1::HandOverRequest>("web-1");
  hand_over.set_code(CodeOf("web-1"));
  EXPECT_EQ(Must(&Orders::HandOver, hand_over).order().state(), v1::ORDER_STATE_COLLECTED);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 0);
}

// Inverse moves have the same rigour as forward ones: twice is once, more than there is is refused.
TEST_F(OrderDelivery, ACancelledOrderGivesItsUnitsBackOnce) {
  Stock("MUG", "S01", 5);
  Place("web-1", {{"MUG", 3}});
  Pick("web-1", {{"1", 1}});
  auto some = MoveOf<v1::CancelUnitsRequest>("web-1");
  AddLine(some, "1", 1);
  Must(&Orders::CancelUnits, some);
  Must(&Orders::CancelUnits, some);
  EXPECT_EQ(Available("MUG", "S01").available(), 3);
  const v1::Order cancelled =
      Must(&Orders::CancelUnits, MoveOf<v1::CancelUnitsRequest>("web-1")).order();
  EXPECT_EQ(cancelled.state(), v1::ORDER_STATE_CANCELLED);
  EXPECT_EQ(cancelled.lines(0).units().cancelled(), 3);
  EXPECT_EQ(Available("MUG", "S01").available(), 5);
  Call(&Orders::CancelUnits, MoveOf<v1::CancelUnitsRequest>("web-1"));
  EXPECT_EQ(reason, "MOVE_FORBIDDEN");
}

TEST_F(OrderDelivery, UnitsComeBackToAnyLocationSellableOrNot) {
  Stock("MUG", "W01", 5);
  MakePacked("web-1", {{"MUG", 3}});
  Ship("web-1", "P-1");
  Must(&Orders::RecordDelivery, MoveOf<v1::RecordDeliveryRequest>("web-1"));
  auto good = MoveOf<v1::ReturnUnitsRequest>("web-1");
  Call(&Orders::ReturnUnits, good);
  EXPECT_EQ(reason, "FIELD_INVALID") << "where are they?";
  good.set_location("S02");
  AddLine(good, "1", 1);
  Must(&Orders::ReturnUnits, good);
  EXPECT_EQ(Available("MUG", "S02").available(), 1);
  auto broken = MoveOf<v1::ReturnUnitsRequest>("web-1");
  broken.set_location("S02");
  broken.set_unsellable(true);
  broken.set_reason(v1::UNIT_REASON_DAMAGED);
  const v1::Order order = Must(&Orders::ReturnUnits, broken).order();
  EXPECT_EQ(order.state(), v1::ORDER_STATE_RETURNED);
  EXPECT_EQ(Available("MUG", "S02").available(), 1);
  EXPECT_EQ(Available("MUG", "S02").quantities().unsellable(), 2);
  auto more = MoveOf<v1::ReturnUnitsRequest>("web-1");
  more.set_location("S02");
  AddLine(more, "1", 1);
  Call(&Orders::ReturnUnits, more);
  EXPECT_EQ(reason, "EXCEEDS_LINE");
}

TEST_F(OrderDelivery, APromiseIsRevisedAndTheFirstOneStandsBesideIt) {
  Stock("MUG", "S01", 5);
  const v1::Order order = Place("web-1", {{"MUG", 3}});
  auto request = MoveOf<v1::RevisePromiseRequest>("web-1");
  Call(&Orders::RevisePromise, request);
  EXPECT_EQ(reason, "FIELD_INVALID");
  *request.mutable_promised_ready_time() = ToProtoTime(clock.Now() + std::chrono::hours(9));
  const v1::Promise revised =
      Must(&Orders::RevisePromise, request).order().fulfilments(0).ready_promise();
  EXPECT_EQ(revised.first_time().seconds(),
            order.fulfilments(0).ready_promise().first_time().seconds());
  EXPECT_EQ(revised.current_time().seconds(), request.promised_ready_time().seconds());
}

TEST_F(OrderDelivery, TheCustomersAnswersAreKept) {
  Stock("MUG", "S01", 5);
  Place("web-1", {{"MUG", 3}});
  const auto rate = [&](auto change) {
    auto request = MoveOf<v1::RateOrderRequest>("web-1");
    change(*request.mutable_rating());
    return Call(&Orders::RateOrder, request).order();
  };
  rate([](auto&) {});
  EXPECT_EQ(reason, "FIELD_INVALID");
  for (const int nps : {-1, 11}) {
    rate([nps](auto& rating) { rating.set_nps(nps); });
    EXPECT_EQ(reason, "FIELD_INVALID");
  }
  for (const int csat : {0, 6}) {
    rate([csat](auto& rating) { rating.set_csat(csat); });
    EXPECT_EQ(reason, "FIELD_INVALID");
  }
  rate([](auto& rating) { rating.set_nps(0); });
  const v1::Order rated = rate([](auto& rating) { rating.set_csat(5); });
  EXPECT_TRUE(rated.rating().has_nps());
  EXPECT_EQ(rated.rating().nps(), 0);
  EXPECT_EQ(rated.rating().csat(), 5);
  Restart();
  EXPECT_EQ(Get("web-1").rating().DebugString(), rated.rating().DebugString());
}

TEST_F(OrderDelivery, BadCallsAreRefusedWithTheirReasonAndChangeNothing) {
  Stock("MUG", "W01", 5);
  MakePacked("web-1", {{"MUG", 2}});
  const std::string before = Fingerprint() + Get("web-1").DebugString();
  const auto ship = [&](auto change) {
    auto request = MoveOf<v1::ShipUnitsRequest>("web-1");
    request.mutable_shipment()->set_shipment_id("P-1");
    change(request);
    Call(&Orders::ShipUnits, request);
    return reason;
  };
  EXPECT_EQ(ship([](auto& r) { r.clear_shipment(); }), "FIELD_INVALID");
  EXPECT_EQ(ship([](auto& r) { r.mutable_shipment()->set_carrier(std::string(129, 'x')); }),
            "FIELD_INVALID");
  EXPECT_EQ(ship([](auto& r) { r.mutable_shipment()->set_parcels(-1); }), "FIELD_INVALID");
  EXPECT_EQ(ship([](auto& r) { r.mutable_shipment()->set_parcels(10'001); }), "FIELD_INVALID");
  EXPECT_EQ(ship([](auto& r) { AddLine(r, "1", 3); }), "EXCEEDS_LINE");
  EXPECT_EQ(ship([](auto& r) { AddLine(r, "7", 1); }), "LINE_UNKNOWN");
  EXPECT_EQ(ship([](auto& r) { AddLine(r, "1", -1); }), "FIELD_INVALID");
  auto receive = MoveOf<v1::ReceiveAtStoreRequest>("web-1");
  Call(&Orders::ReceiveAtStore, receive);
  EXPECT_EQ(reason, "MOVE_FORBIDDEN");
  receive.set_holding_area("a\tb");
  Call(&Orders::ReceiveAtStore, receive);
  EXPECT_EQ(reason, "FIELD_INVALID");
  Call(&Orders::RecordArrival, MoveOf<v1::RecordArrivalRequest>("web-1"));
  EXPECT_EQ(reason, "MOVE_FORBIDDEN");
  auto deliver = MoveOf<v1::RecordDeliveryRequest>("web-1");
  deliver.set_shipment_id("P-9");
  Call(&Orders::RecordDelivery, deliver);
  EXPECT_EQ(reason, "SHIPMENT_UNKNOWN");
  auto back = MoveOf<v1::ReturnUnitsRequest>("web-1");
  back.set_location("NONE");
  Call(&Orders::ReturnUnits, back);
  EXPECT_EQ(reason, "LOCATION_UNKNOWN");
  Call(&Orders::ReissueCode, MoveOf<v1::ReissueCodeRequest>("web-1"));
  EXPECT_EQ(reason, "MOVE_FORBIDDEN") << "a parcel has no code";
  EXPECT_EQ(Fingerprint() + Get("web-1").DebugString(), before);
}

}  // namespace
}  // namespace stockd::support
