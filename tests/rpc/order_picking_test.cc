// What a store does with an order until it is ready, over the wire.
#include <gmock/gmock.h>

#include "tests/rpc/order_fixture.h"

namespace stockd::support {
namespace {

class OrderPicking : public OrderFixture {};

TEST_F(OrderPicking, WhatIsPickedStaysClaimedUntilTheCustomerHasIt) {
  Stock("MUG", "S01", 5);
  Place("web-1", {{"MUG", 2}});
  const v1::Order begun =
      Must(&Orders::StartPicking, MoveOf<v1::StartPickingRequest>("web-1")).order();
  EXPECT_EQ(begun.state(), v1::ORDER_STATE_PICKING);
  const v1::Order picked = Pick("web-1", {{"1", 2}});
  EXPECT_EQ(picked.lines(0).units().picked(), 2);
  EXPECT_EQ(Available("MUG", "S01").available(), 3);
  const v1::Order ready = Finish("web-1", "shelf 3");
  EXPECT_EQ(ready.state(), v1::ORDER_STATE_READY);
  EXPECT_EQ(ready.fulfilments(0).holding_area(), "shelf 3");
  EXPECT_TRUE(ready.fulfilments(0).has_deadline_time());
  EXPECT_EQ(Story("web-1"), "PLACED PICKING_STARTED PICKED READY");
}

// A short pick corrects the record in the same step, and says at once what can be done.
TEST_F(OrderPicking, MissingUnitsCorrectTheRecordAndTheAnswerSaysWhatCanBeDone) {
  Stock("MUG", "S01", 2);
  Stock("MUG", "S02", 1);
  Stock("MUG", "W01", 1);
  Stock("TEA", "S01", 4);
  Stock("CUP", "S01", 4);
  Place("web-1", {{"MUG", 2}});
  Pick("web-1", {{"1", 1}});
  const v1::RecordPickResponse response = Miss("web-1", "1", 1);
  EXPECT_EQ(response.order().state(), v1::ORDER_STATE_SHORT);
  EXPECT_EQ(response.order().lines(0).units().missing(), 1);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 1) << "the shelf was empty";
  ASSERT_EQ(response.options_size(), 1);
  const v1::ShortOptions& options = response.options(0);
  EXPECT_EQ(options.line_id(), "1");
  EXPECT_EQ(options.missing(), 1);
  ASSERT_EQ(options.stores_size(), 1);
  EXPECT_EQ(options.stores(0).location(), "S02");
  EXPECT_GT(options.stores(0).distance_m(), 0);
  EXPECT_TRUE(options.can_ship());
  ASSERT_EQ(options.ship_locations_size(), 1);
  ASSERT_EQ(options.substitutes_size(), 2);
  EXPECT_EQ(options.substitutes(0).sku(), "TEA") << "the nearest price first";
  EXPECT_EQ(options.substitutes(0).available(), 4);

  v1::ListShortOptionsRequest request;
  request.set_order_id("web-1");
  EXPECT_EQ(Must(&Orders::ListShortOptions, request).options(0).DebugString(),
            options.DebugString());
  AddLine(request, "9", 1);
  Call(&Orders::ListShortOptions, request);
  EXPECT_EQ(reason, "LINE_UNKNOWN");
}

TEST_F(OrderPicking, DamagedUnitsAreMovedOutAndSoldOnesAreLeftToTheirSale) {
  Stock("MUG", "S01", 5);
  Place("web-1", {{"MUG", 3}});
  Miss("web-1", "1", 1, v1::UNIT_REASON_DAMAGED);
  EXPECT_EQ(Available("MUG", "S01").quantities().unsellable(), 1);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 4);
  Miss("web-1", "1", 1, v1::UNIT_REASON_SOLD);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 4);
}

TEST_F(OrderPicking, AWrongScanAndUnitsThatTurnedUpAreTakenBack) {
  Stock("MUG", "S01", 3);
  Place("web-1", {{"MUG", 3}});
  Pick("web-1", {{"1", 2}});
  Miss("web-1", "1", 1);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 2);
  auto request = MoveOf<v1::UndoPickRequest>("web-1");
  v1::UndoneLine& line = *request.add_lines();
  line.set_line_id("1");
  line.set_picked(1);
  line.set_found(1);
  const v1::Order order = Must(&Orders::UndoPick, request).order();
  EXPECT_EQ(order.state(), v1::ORDER_STATE_PICKING);
  EXPECT_EQ(order.lines(0).units().missing(), 0);
  EXPECT_EQ(order.lines(0).units().claimed() + order.lines(0).units().picked(), 3);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 3);
}

TEST_F(OrderPicking, AnotherItemTakesThePlaceOfMissingUnits) {
  Stock("MUG", "S01", 2);
  Stock("TEA", "S01", 2);
  Place("web-1", {{"MUG", 2}});
  Pick("web-1", {{"1", 1}});
  Miss("web-1", "1", 1);
  auto request = MoveOf<v1::SubstituteLineRequest>("web-1");
  request.set_line_id("1");
  request.set_quantity(1);
  request.set_substitute_line_id("1/tea");
  request.set_substitute_sku("TEA");
  request.set_substitute_quantity(1);
  request.set_unit_price_micros(3'000'000);
  request.set_currency("EUR");
  const v1::Order order = Must(&Orders::SubstituteLine, request).order();
  ASSERT_EQ(order.lines_size(), 2);
  EXPECT_EQ(order.lines(0).units().substituted(), 1);
  EXPECT_EQ(order.lines(1).substitutes(), "1");
  EXPECT_EQ(order.lines(1).ordered(), 0);
  EXPECT_EQ(order.lines(1).units().claimed(), 1);
  EXPECT_EQ(Available("TEA", "S01").available(), 1);

  auto again = MoveOf<v1::SubstituteLineRequest>("web-1");
  again.CopyFrom(request);
  again.set_request_id("other");
  Call(&Orders::SubstituteLine, again);
  EXPECT_EQ(reason, "LINE_KNOWN");
  EXPECT_EQ(Metadata("line"), "1/tea");
}

TEST_F(OrderPicking, AnotherStoreTakesMissingUnitsOver) {
  Stock("MUG", "S01", 2);
  Stock("MUG", "S02", 2);
  Place("web-1", {{"MUG", 2}});
  Pick("web-1", {{"1", 1}});
  Miss("web-1", "1", 1);
  auto request = MoveOf<v1::ReassignUnitsRequest>("web-1");
  AddLine(request, "1", 1);
  request.set_location("S02");
  const v1::Order order = Must(&Orders::ReassignUnits, request).order();
  ASSERT_EQ(order.fulfilments_size(), 2);
  EXPECT_EQ(order.fulfilments(1).location(), "S02");
  EXPECT_EQ(order.fulfilments(1).method(), v1::FULFILMENT_METHOD_PICKUP);
  EXPECT_EQ(order.fulfilments(1).lines(0).units().claimed(), 1);
  EXPECT_EQ(Available("MUG", "S02").available(), 1);
  EXPECT_EQ(Must(&Orders::ReassignUnits, request).order().DebugString(), order.DebugString());

  // Sent from there to the store where the customer would have come.
  auto send = MoveOf<v1::ReassignUnitsRequest>("web-1");
  send.set_fulfilment(2);
  send.set_location("S01");
  send.set_method(v1::FULFILMENT_METHOD_SHIP_TO_STORE);
  Call(&Orders::ReassignUnits, send);
  EXPECT_EQ(reason, "FIELD_INVALID") << "to which store?";
}

// What cannot be done now is refused with what can be done instead.
TEST_F(OrderPicking, AForbiddenMoveNamesTheStateAndTheAllowedMoves) {
  Stock("MUG", "S01", 2);
  Place("web-1", {{"MUG", 2}});
  Call(&Orders::FinishPicking, MoveOf<v1::FinishPickingRequest>("web-1"));
  EXPECT_EQ(reason, "MOVE_FORBIDDEN");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Metadata("state"), "PLACED");
  EXPECT_EQ(Metadata("move"), "FINISH_PICKING");
  EXPECT_THAT(Metadata("allowed"), testing::HasSubstr("START_PICKING,RECORD_PICK"));
  EXPECT_THAT(Metadata("allowed"), testing::Not(testing::HasSubstr("HAND_OVER")));
}

TEST_F(OrderPicking, UnitsThatAreNotDecidedUponKeepAnOrderFromBeingReady) {
  Stock("MUG", "S01", 2);
  Place("web-1", {{"MUG", 2}});
  Pick("web-1", {{"1", 1}});
  Call(&Orders::FinishPicking, MoveOf<v1::FinishPickingRequest>("web-1"));
  EXPECT_EQ(reason, "UNITS_UNDECIDED");
  Miss("web-1", "1", 1);
  Call(&Orders::FinishPicking, MoveOf<v1::FinishPickingRequest>("web-1"));
  EXPECT_EQ(reason, "UNITS_UNDECIDED");
  auto cancel = MoveOf<v1::CancelUnitsRequest>("web-1");
  AddLine(cancel, "1", 1);
  cancel.set_reason(v1::UNIT_REASON_NOT_FOUND);
  Must(&Orders::CancelUnits, cancel);
  EXPECT_EQ(Finish("web-1").state(), v1::ORDER_STATE_READY);
}

TEST_F(OrderPicking, ARepeatedMoveGetsItsFirstAnswerAlsoAfterARestart) {
  Stock("MUG", "S01", 3);
  Place("web-1", {{"MUG", 3}});
  auto request = MoveOf<v1::RecordPickRequest>("web-1");
  v1::PickedLine& line = *request.add_lines();
  line.set_line_id("1");
  line.set_picked(2);
  const v1::Order first = Must(&Orders::RecordPick, request).order();
  Pick("web-1", {{"1", 1}});
  EXPECT_EQ(Must(&Orders::RecordPick, request).order().DebugString(), first.DebugString());
  Restart();
  EXPECT_EQ(Must(&Orders::RecordPick, request).order().DebugString(), first.DebugString());
  EXPECT_EQ(Get("web-1").lines(0).units().picked(), 3);
  line.set_picked(1);
  Call(&Orders::RecordPick, request);
  EXPECT_EQ(reason, "REQUEST_DIFFERS");
  EXPECT_EQ(Metadata("request_id"), request.request_id());
}

TEST_F(OrderPicking, BadMovesAreRefusedWithTheirReasonAndChangeNothing) {
  Stock("MUG", "S01", 3);
  Place("web-1", {{"MUG", 3}});
  const std::string before = Fingerprint() + Get("web-1").DebugString();
  const auto pick = [&](auto change) {
    auto request = MoveOf<v1::RecordPickRequest>("web-1");
    v1::PickedLine& line = *request.add_lines();
    line.set_line_id("1");
    line.set_picked(1);
    change(request);
    Call(&Orders::RecordPick, request);
    return reason;
  };
  EXPECT_EQ(pick([](auto& r) { r.clear_order_id(); }), "FIELD_INVALID");
  EXPECT_EQ(pick([](auto& r) { r.set_order_id("nobody"); }), "ORDER_UNKNOWN");
  EXPECT_EQ(Metadata("order_id"), "nobody");
  EXPECT_EQ(pick([](auto& r) { r.clear_request_id(); }), "FIELD_INVALID");
  EXPECT_EQ(pick([](auto& r) { r.set_request_id("a\x01"); }), "FIELD_INVALID");
  EXPECT_EQ(pick([](auto& r) { r.set_fulfilment(2); }), "FULFILMENT_UNKNOWN");
  EXPECT_EQ(pick([](auto& r) { r.set_fulfilment(-1); }), "FIELD_INVALID");
  EXPECT_EQ(pick([](auto& r) { r.set_note(std::string(501, 'x')); }), "FIELD_INVALID");
  EXPECT_EQ(pick([](auto& r) { r.mutable_occur_time()->set_nanos(-1); }), "FIELD_INVALID");
  EXPECT_EQ(pick([&](auto& r) {
              *r.mutable_occur_time() = ToProtoTime(clock.Now() + std::chrono::hours(48));
            }),
            "OCCURRED_IN_FUTURE");
  EXPECT_EQ(pick([](auto& r) { r.clear_lines(); }), "FIELD_INVALID");
  EXPECT_EQ(pick([](auto& r) { *r.add_lines() = r.lines(0); }), "FIELD_INVALID");
  EXPECT_EQ(pick([](auto& r) { r.mutable_lines(0)->set_line_id("9"); }), "LINE_UNKNOWN");
  EXPECT_EQ(Metadata("line"), "9");
  EXPECT_EQ(pick([](auto& r) { r.mutable_lines(0)->clear_line_id(); }), "FIELD_INVALID");
  EXPECT_EQ(pick([](auto& r) { r.mutable_lines(0)->set_picked(0); }), "FIELD_INVALID");
  EXPECT_EQ(pick([](auto& r) { r.mutable_lines(0)->set_picked(-1); }), "FIELD_INVALID");
  EXPECT_EQ(pick([](auto& r) { r.mutable_lines(0)->set_missing(INT64_MAX); }), "FIELD_INVALID");
  EXPECT_EQ(pick([](auto& r) { r.mutable_lines(0)->set_picked(4); }), "EXCEEDS_LINE");
  EXPECT_EQ(Metadata("available"), "3");
  EXPECT_EQ(Metadata("requested"), "4");
  EXPECT_EQ(pick([](auto& r) { r.mutable_lines(0)->set_reason(static_cast<v1::UnitReason>(99)); }),
            "FIELD_INVALID");

  const auto substitute = [&](auto change) {
    auto request = MoveOf<v1::SubstituteLineRequest>("web-1");
    request.set_line_id("1");
    request.set_quantity(1);
    request.set_substitute_line_id("2");
    request.set_substitute_sku("TEA");
    request.set_substitute_quantity(1);
    change(request);
    Call(&Orders::SubstituteLine, request);
    return reason;
  };
  EXPECT_EQ(substitute([](auto&) {}), "INSUFFICIENT_STOCK");
  EXPECT_EQ(substitute([](auto& r) { r.clear_line_id(); }), "FIELD_INVALID");
  EXPECT_EQ(substitute([](auto& r) { r.set_line_id("9"); }), "LINE_UNKNOWN");
  EXPECT_EQ(substitute([](auto& r) { r.set_quantity(0); }), "FIELD_INVALID");
  EXPECT_EQ(substitute([](auto& r) { r.set_quantity(4); }), "EXCEEDS_LINE");
  EXPECT_EQ(substitute([](auto& r) { r.set_substitute_quantity(0); }), "FIELD_INVALID");
  EXPECT_EQ(substitute([](auto& r) { r.clear_substitute_line_id(); }), "FIELD_INVALID");
  EXPECT_EQ(substitute([](auto& r) { r.set_substitute_sku("NONE"); }), "SKU_UNKNOWN");
  EXPECT_EQ(substitute([](auto& r) { r.set_currency("x"); }), "FIELD_INVALID");

  const auto reassign = [&](auto change) {
    auto request = MoveOf<v1::ReassignUnitsRequest>("web-1");
    request.set_location("S02");
    change(request);
    Call(&Orders::ReassignUnits, request);
    return reason;
  };
  EXPECT_EQ(reassign([](auto&) {}), "INSUFFICIENT_STOCK");
  EXPECT_EQ(reassign([](auto& r) { r.set_location("NONE"); }), "LOCATION_UNKNOWN");
  EXPECT_EQ(reassign([](auto& r) { r.set_location("W01"); }), "PURPOSE_MISSING");
  EXPECT_EQ(reassign([](auto& r) { r.set_destination("NONE"); }), "LOCATION_UNKNOWN");
  EXPECT_EQ(reassign([](auto& r) { r.set_destination("S01"); }), "FIELD_INVALID");
  EXPECT_EQ(reassign([](auto& r) { r.set_method(static_cast<v1::FulfilmentMethod>(77)); }),
            "FIELD_INVALID");
  EXPECT_EQ(reassign([](auto& r) { AddLine(r, "1", 0); }), "FIELD_INVALID");
  EXPECT_EQ(reassign([](auto& r) { AddLine(r, "9", 1); }), "LINE_UNKNOWN");
  EXPECT_EQ(reassign([](auto& r) { AddLine(r, "1", 9); }), "EXCEEDS_LINE");
  EXPECT_EQ(reassign([](auto& r) { r.mutable_slot_time()->set_seconds(INT64_MIN); }),
            "FIELD_INVALID");

  auto undo = MoveOf<v1::UndoPickRequest>("web-1");
  Call(&Orders::UndoPick, undo);
  EXPECT_EQ(reason, "FIELD_INVALID");
  auto finish = MoveOf<v1::FinishPickingRequest>("web-1");
  finish.set_holding_area(std::string(129, 'x'));
  Call(&Orders::FinishPicking, finish);
  EXPECT_EQ(reason, "FIELD_INVALID");
  EXPECT_EQ(Fingerprint() + Get("web-1").DebugString(), before);
}

// --- what must I pick next -----------------------------------------------------------------------

TEST_F(OrderPicking, AWaveIsSortedByTheShelvesAndTakesTheOrdersThatArePromisedFirst) {
  for (const char* sku : {"MUG", "TEA", "CUP"}) Stock(sku, "S01", 10);
  v1::PutShelfPositionsRequest shelves;
  for (const auto& [sku, place] : {std::pair("MUG", "A-10"), std::pair("TEA", "a-2")}) {
    v1::ShelfPosition& shelf = *shelves.add_shelf_positions();
    shelf.set_sku(sku);
    shelf.set_location("S01");
    shelf.set_shelf_position(place);
  }
  v1::PutShelfPositionsResponse put;
  ASSERT_TRUE(
      client()
          .Call(client().catalogue(), &GrpcClient::Catalogue::PutShelfPositions, shelves, put)
          .ok());
  Place("web-1", {{"CUP", 1}, {"MUG", 2}});
  clock.Advance(std::chrono::hours(3));
  Place("web-2", {{"TEA", 1}, {"MUG", 1}});
  clock.Advance(std::chrono::hours(3));
  Place("web-3", {{"MUG", 1}});
  v1::ListPicksRequest request;
  request.set_location("S01");
  request.set_orders_max(2);
  const v1::ListPicksResponse wave = Must(&Orders::ListPicks, request);
  EXPECT_EQ(wave.orders(), 2);
  EXPECT_EQ(wave.further_orders(), 1);
  std::string walk;
  for (const v1::Pick& pick : wave.picks()) {
    walk += pick.shelf_position() + ":" + pick.sku() + "x" + std::to_string(pick.quantity()) + "@" +
            pick.order_id() + " ";
  }
  EXPECT_EQ(walk, "a-2:TEAx1@web-2 A-10:MUGx2@web-1 A-10:MUGx1@web-2 :CUPx1@web-1 ");
  EXPECT_EQ(wave.picks(0).method(), v1::FULFILMENT_METHOD_PICKUP);
  EXPECT_TRUE(wave.picks(0).has_promised_ready_time());

  Pick("web-1", {{"2", 1}});
  EXPECT_EQ(Must(&Orders::ListPicks, request).picks(1).quantity(), 1);
  EXPECT_EQ(Must(&Orders::ListPicks, request).picks(1).picked(), 1);
  request.set_placed_only(true);
  EXPECT_EQ(Must(&Orders::ListPicks, request).orders(), 2) << "web-1 is being picked";
  request.set_location("NONE");
  Call(&Orders::ListPicks, request);
  EXPECT_EQ(reason, "LOCATION_UNKNOWN");
  request.set_location("S01");
  request.set_orders_max(101);
  Call(&Orders::ListPicks, request);
  EXPECT_EQ(reason, "FIELD_INVALID");
}

TEST_F(OrderPicking, ShelvesAreListedInTheOrderOfWalkingAndForgottenWhenEmpty) {
  const auto put = [&](const std::string& sku, const std::string& location,
                       const std::string& place) {
    v1::PutShelfPositionsRequest request;
    v1::ShelfPosition& shelf = *request.add_shelf_positions();
    shelf.set_sku(sku);
    shelf.set_location(location);
    shelf.set_shelf_position(place);
    v1::PutShelfPositionsResponse response;
    return ReasonOf(client().Call(client().catalogue(), &GrpcClient::Catalogue::PutShelfPositions,
                                  request, response));
  };
  const auto list = [&] {
    v1::ListShelfPositionsRequest request;
    request.set_location("S01");
    request.set_page_size(1);
    std::string text;
    do {
      v1::ListShelfPositionsResponse response;
      EXPECT_TRUE(client()
                      .Call(client().catalogue(), &GrpcClient::Catalogue::ListShelfPositions,
                            request, response)
                      .ok());
      for (const auto& shelf : response.shelf_positions()) {
        text += shelf.shelf_position() + "=" + shelf.sku() + " ";
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return text;
  };
  EXPECT_EQ(put("MUG", "S01", "A-10"), "");
  EXPECT_EQ(put("TEA", "S01", "A-2"), "");
  EXPECT_EQ(put("CUP", "S01", "A-2"), "");
  EXPECT_EQ(put("MUG", "S02", "Z"), "");
  EXPECT_EQ(list(), "A-2=TEA A-2=CUP A-10=MUG ");
  Restart();
  EXPECT_EQ(put("TEA", "S01", ""), "");
  EXPECT_EQ(list(), "A-2=CUP A-10=MUG ");
  EXPECT_EQ(put("NONE", "S01", "A"), "SKU_UNKNOWN");
  EXPECT_EQ(put("MUG", "NONE", "A"), "LOCATION_UNKNOWN");
  EXPECT_EQ(put("MUG", "", "A"), "FIELD_INVALID");
  EXPECT_EQ(put("MUG", "S01", std::string(65, 'x')), "FIELD_INVALID");
}

}  // namespace
}  // namespace stockd::support
