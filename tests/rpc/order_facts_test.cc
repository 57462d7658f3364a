// What adapters tell of orders: late, twice, out of order.
#include <algorithm>

#include "tests/rpc/order_adapter_fixture.h"

namespace stockd::support {
namespace {

TEST_F(OrderAdapters, AStoresTillTellsThePickAndTheHandOver) {
  Stock("MUG", "S01", 9);
  Place("web-1", {{"MUG", 2}});
  auto ready = FactOf("e-3", "web-1", v1::ORDER_FACT_KIND_READY);
  ready.set_holding_area("locker 4");
  EXPECT_EQ(Tell("pos-1", {FactOf("e-1", "web-1", v1::ORDER_FACT_KIND_PICKING_STARTED),
                           FactOf("e-2", "web-1", v1::ORDER_FACT_KIND_PICKED), ready})
                .applied(),
            3);
  EXPECT_EQ(Get("web-1").state(), v1::ORDER_STATE_READY);
  EXPECT_EQ(Get("web-1").fulfilments(0).holding_area(), "locker 4");
  auto hand_over = FactOf("e-4", "web-1", v1::ORDER_FACT_KIND_HANDED_OVER);
  hand_over.set_code(CodeOf("web-1"));
  EXPECT_EQ(Tell("pos-1", {FactOf("e-5", "web-1", v1::ORDER_FACT_KIND_CUSTOMER_ARRIVED), hand_over})
                .applied(),
            2);
  EXPECT_EQ(Get("web-1").state(), v1::ORDER_STATE_COLLECTED);
  // All of it again, also behind a restart.
  Restart();
  const v1::OrderFactAck again = Tell("pos-1", {ready, hand_over});
  EXPECT_EQ(again.applied(), 0);
  EXPECT_EQ(again.duplicates(), 2);
  EXPECT_TRUE(Waiting().empty());
}

// A carrier's facts come in any order; each waits for what comes before it.
TEST_F(OrderAdapters, FactsInAnyOrderLeadToTheSameOrder) {
  Stock("MUG", "W01", 99);
  auto shipped = FactOf("e-1", "", v1::ORDER_FACT_KIND_SHIPPED);
  shipped.mutable_shipment()->set_shipment_id("P-1");
  shipped.mutable_shipment()->set_carrier("dhl");
  auto attempted = FactOf("e-2", "", v1::ORDER_FACT_KIND_DELIVERY_ATTEMPTED);
  attempted.mutable_shipment()->set_shipment_id("P-1");
  auto delivered = FactOf("e-3", "", v1::ORDER_FACT_KIND_DELIVERED);
  delivered.mutable_shipment()->set_shipment_id("P-1");
  std::vector<v1::OrderFact> facts = {FactOf("e-0", "", v1::ORDER_FACT_KIND_READY), shipped,
                                      attempted, delivered};
  for (size_t i = 0; i < facts.size(); ++i) {
    *facts[i].mutable_occurred_at() =
        ToProtoTime(clock.Now() + std::chrono::seconds(static_cast<int>(i)));
  }
  std::vector<size_t> order = {0, 1, 2, 3};
  int number = 0;
  do {
    const std::string id = "web-" + std::to_string(++number);
    for (const size_t index : order) {
      v1::OrderFact fact = facts[index];
      fact.set_order_id(id);
      fact.set_event_id(id + "/" + fact.event_id());
      Tell("dhl", {fact});
    }
    // Even the order itself may be told last.
    EXPECT_EQ(Waiting().size(), 4U);
    Place(id, {{"MUG", 1}}, "W01", v1::FULFILMENT_METHOD_SHIP);
    Pick(id, {{"1", 1}});
    const v1::Order result = Get(id);
    EXPECT_EQ(result.state(), v1::ORDER_STATE_DELIVERED) << number;
    ASSERT_EQ(result.fulfilments(0).shipments_size(), 1);
    EXPECT_EQ(result.fulfilments(0).shipments(0).carrier(), "dhl");
    EXPECT_EQ(result.fulfilments(0).shipments(0).attempts(), 1);
    EXPECT_TRUE(Waiting().empty()) << number;
  } while (std::ranges::next_permutation(order).found);
  EXPECT_EQ(number, 24);
}

// Nothing has to wait for what comes in the same batch.
TEST_F(OrderAdapters, ABatchIsAppliedInTheOrderOfEvents) {
  Stock("MUG", "W01", 9);
  MakePacked("web-1", {{"MUG", 1}});
  std::vector<v1::OrderFact> facts = {FactOf("e-2", "web-1", v1::ORDER_FACT_KIND_DELIVERED),
                                      FactOf("e-1", "web-1", v1::ORDER_FACT_KIND_SHIPPED)};
  facts[1].mutable_shipment()->set_shipment_id("P-1");
  *facts[1].mutable_occurred_at() = ToProtoTime(clock.Now() - std::chrono::minutes(1));
  const v1::OrderFactAck ack = Tell("dhl", facts);
  EXPECT_EQ(ack.applied(), 2);
  EXPECT_EQ(ack.waiting_size(), 0);
  EXPECT_EQ(Get("web-1").state(), v1::ORDER_STATE_DELIVERED);
}

// Whatever changes the order, not only moves: here a till that rings it up by itself.
TEST_F(OrderAdapters, WhatWaitsIsTriedAgainWhenATillSellsTheOrder) {
  Stock("MUG", "S01", 9);
  MakeReady("web-1", {{"MUG", 2}});
  auto returned = FactOf("e-1", "web-1", v1::ORDER_FACT_KIND_EXCEPTION);
  returned.set_exception(v1::DELIVERY_EXCEPTION_KIND_WRONG_ITEM);
  EXPECT_EQ(Tell("pos-1", {returned}).waiting(0).reason(), "MOVE_FORBIDDEN");
  AdapterStream stream(client(), kStreamPatience);
  ASSERT_TRUE(stream.Open("till"));
  const auto ack = stream.Send(1, {ToFact({.kind = v1::FACT_KIND_SALE,
                                           .event_id = "receipt-1",
                                           .sku = "MUG",
                                           .location = "S01",
                                           .quantity = 2,
                                           .reservation_id = "web-1"})});
  ASSERT_TRUE(ack.has_value());
  EXPECT_EQ(ack->applied(), 1);
  EXPECT_EQ(Get("web-1").state(), v1::ORDER_STATE_COLLECTED);
  EXPECT_TRUE(Waiting().empty());
  EXPECT_EQ(Story("web-1").substr(Story("web-1").rfind(' ') + 1), "EXCEPTION");
}

TEST_F(OrderAdapters, AFactThatCannotBeAppliedWaitsVisiblyAndIsTriedAgainAtRestart) {
  const v1::OrderFactAck ack = Tell("dhl", {FactOf("e-1", "web-1", v1::ORDER_FACT_KIND_DELIVERED)});
  ASSERT_EQ(ack.waiting_size(), 1);
  EXPECT_EQ(ack.waiting(0).reason(), "ORDER_UNKNOWN");
  ASSERT_EQ(Waiting().size(), 1U);
  const v1::WaitingOrderFact waiting = Waiting()[0];
  EXPECT_EQ(waiting.waiting_id(), ack.waiting(0).waiting_id());
  EXPECT_EQ(waiting.source(), "dhl");
  EXPECT_EQ(waiting.reason(), "ORDER_UNKNOWN");
  EXPECT_FALSE(waiting.advice().empty());
  EXPECT_EQ(waiting.fact().order_id(), "web-1");
  EXPECT_EQ(
      Tell("dhl", {FactOf("e-1", "web-1", v1::ORDER_FACT_KIND_DELIVERED)}).waiting(0).waiting_id(),
      waiting.waiting_id())
      << "told again, it is the same one";
  EXPECT_EQ(Waiting().size(), 1U);
  Restart();
  EXPECT_EQ(Waiting().size(), 1U);
  Stock("MUG", "W01", 9);
  Place("web-1", {{"MUG", 1}}, "W01", v1::FULFILMENT_METHOD_SHIP);
  EXPECT_EQ(Waiting()[0].reason(), "MOVE_FORBIDDEN") << "it was tried";
  Pick("web-1", {{"1", 1}});
  Finish("web-1");
  EXPECT_EQ(Get("web-1").state(), v1::ORDER_STATE_DELIVERED);
  EXPECT_TRUE(Waiting().empty());
}

TEST_F(OrderAdapters, WaitingFactsAreTriedOrGivenUpOnRequest) {
  const auto ack = Tell("dhl", {FactOf("e-1", "web-1", v1::ORDER_FACT_KIND_DELIVERED),
                                FactOf("e-2", "web-2", v1::ORDER_FACT_KIND_DELIVERED)});
  ASSERT_EQ(ack.waiting_size(), 2);
  v1::RetryWaitingOrderFactsRequest retry;
  retry.set_source("dhl");
  EXPECT_EQ(Must(&Orders::RetryWaitingOrderFacts, retry).waiting(), 2);
  EXPECT_EQ(Waiting()[0].attempts(), 1);
  retry.set_source("nobody");
  Call(&Orders::RetryWaitingOrderFacts, retry);
  EXPECT_EQ(reason, "SOURCE_UNKNOWN");
  v1::ListWaitingOrderFactsRequest list;
  list.set_order_id("web-2");
  EXPECT_EQ(Must(&Orders::ListWaitingOrderFacts, list).facts_size(), 1);
  v1::RejectWaitingOrderFactsRequest reject;
  reject.add_waiting_ids(ack.waiting(0).waiting_id());
  Call(&Orders::RejectWaitingOrderFacts, reject);
  EXPECT_EQ(reason, "FIELD_INVALID") << "without a note";
  reject.set_note("order of another shop");
  EXPECT_EQ(Must(&Orders::RejectWaitingOrderFacts, reject).rejected(), 1);
  EXPECT_EQ(Must(&Orders::RejectWaitingOrderFacts, reject).rejected(), 0);
  EXPECT_EQ(Waiting().size(), 1U);
}

// A try of a wrong code counts; a fact that is told and tried again must not use up the tries.
TEST_F(OrderAdapters, AWrongCodeIsCountedOnce) {
  Stock("MUG", "S01", 9);
  MakeReady("web-1", {{"MUG", 1}});
  const std::string code = CodeOf("web-1");
  auto wrong = FactOf("e-1", "web-1", v1::ORDER_FACT_KIND_HANDED_OVER);
  wrong.set_code(code == "000000" ? "000001" : "000000");
  for (int i = 0; i < 6; ++i) {
    const auto ack = Tell("pos-1", {wrong});
    ASSERT_EQ(ack.waiting_size(), 1);
    EXPECT_EQ(ack.waiting(0).reason(), "CODE_WRONG");
  }
  EXPECT_EQ(Waiting()[0].fact().code(), "") << "what was typed is nobody's business";
  Must(&Orders::RecordArrival, MoveOf<v1::RecordArrivalRequest>("web-1"));
  auto request = MoveOf<v1::HandOverRequest>("web-1");
  request.set_code(code);
  Call(&Orders::HandOver, request);
  EXPECT_EQ(reason, "") << "not locked";
}

TEST_F(OrderAdapters, WhatOthersToldBeforeIsKnown) {
  Stock("MUG", "S01", 9);
  MakeReady("web-1", {{"MUG", 1}});
  const auto ack = Tell("pos-1", {FactOf("e-1", "web-1", v1::ORDER_FACT_KIND_PICKING_STARTED),
                                  FactOf("e-2", "web-1", v1::ORDER_FACT_KIND_PICKED),
                                  FactOf("e-3", "web-1", v1::ORDER_FACT_KIND_READY)});
  EXPECT_EQ(ack.applied(), 0);
  EXPECT_EQ(ack.duplicates(), 3);
  EXPECT_EQ(Story("web-1"), "PLACED PICKING_STARTED PICKED READY");
}

TEST_F(OrderAdapters, EveryKindOfFactIsItsMove) {
  Stock("MUG", "S01", 9);
  Place("web-1", {{"MUG", 4}});
  const auto tell = [&](v1::OrderFact fact) { return Tell("pos-1", {fact}); };
  auto missing = FactOf("e-1", "web-1", v1::ORDER_FACT_KIND_MISSING);
  AddLine(missing, "1", 2);
  missing.set_reason(v1::UNIT_REASON_NOT_FOUND);
  EXPECT_EQ(tell(missing).applied(), 1);
  EXPECT_EQ(Available("MUG", "S01").quantities().on_hand(), 7);
  auto found = FactOf("e-2", "web-1", v1::ORDER_FACT_KIND_FOUND);
  AddLine(found, "1", 1);
  EXPECT_EQ(tell(found).applied(), 1);
  auto cancelled = FactOf("e-3", "web-1", v1::ORDER_FACT_KIND_CANCELLED);
  AddLine(cancelled, "1", 1);
  EXPECT_EQ(tell(cancelled).applied(), 1);
  EXPECT_EQ(Get("web-1").lines(0).units().cancelled(), 1);
  auto picked = FactOf("e-4", "web-1", v1::ORDER_FACT_KIND_PICKED);
  EXPECT_EQ(tell(picked).applied(), 1);
  EXPECT_EQ(Get("web-1").lines(0).units().picked(), 3);
  EXPECT_EQ(tell(FactOf("e-5", "web-1", v1::ORDER_FACT_KIND_READY)).applied(), 1);
  EXPECT_EQ(tell(FactOf("e-6", "web-1", v1::ORDER_FACT_KIND_HANDED_OVER)).applied(), 1)
      << "the till vouches for the customer";
  auto exception = FactOf("e-7", "web-1", v1::ORDER_FACT_KIND_EXCEPTION);
  exception.set_exception(v1::DELIVERY_EXCEPTION_KIND_WRONG_ITEM);
  AddLine(exception, "1", 1);
  EXPECT_EQ(tell(exception).applied(), 1);
  auto returned = FactOf("e-8", "web-1", v1::ORDER_FACT_KIND_RETURNED);
  returned.set_location("S02");
  EXPECT_EQ(tell(returned).applied(), 1);
  EXPECT_EQ(Available("MUG", "S02").available(), 3);
}

TEST_F(OrderAdapters, BadFactsWaitWithTheirReasonAndChangeNothing) {
  Stock("MUG", "S01", 9);
  Place("web-1", {{"MUG", 2}});
  const std::string before = Get("web-1").DebugString();
  int number = 0;
  const auto waits = [&](auto change) {
    auto fact = FactOf("bad-" + std::to_string(++number), "web-1", v1::ORDER_FACT_KIND_PICKED);
    change(fact);
    const v1::OrderFactAck ack = Tell("pos-1", {fact});
    return ack.waiting_size() == 1 ? ack.waiting(0).reason() : "applied";
  };
  EXPECT_EQ(waits([](auto& f) { f.clear_event_id(); }), "FIELD_INVALID");
  EXPECT_EQ(waits([](auto& f) { f.clear_order_id(); }), "FIELD_INVALID");
  EXPECT_EQ(waits([](auto& f) { f.clear_kind(); }), "FIELD_INVALID");
  EXPECT_EQ(waits([](auto& f) { f.set_kind(static_cast<v1::OrderFactKind>(99)); }),
            "FIELD_INVALID");
  EXPECT_EQ(waits([](auto& f) { f.clear_occurred_at(); }), "FIELD_INVALID");
  EXPECT_EQ(waits([](auto& f) { f.mutable_occurred_at()->set_nanos(-1); }), "FIELD_INVALID");
  EXPECT_EQ(waits([&](auto& f) {
              *f.mutable_occurred_at() = ToProtoTime(clock.Now() + std::chrono::hours(48));
            }),
            "OCCURRED_IN_FUTURE");
  EXPECT_EQ(waits([](auto& f) { f.set_fulfilment(-1); }), "FIELD_INVALID");
  EXPECT_EQ(waits([](auto& f) { f.set_fulfilment(7); }), "FULFILMENT_UNKNOWN");
  EXPECT_EQ(waits([](auto& f) { AddLine(f, "9", 1); }), "LINE_UNKNOWN");
  EXPECT_EQ(waits([](auto& f) { AddLine(f, "1", 0); }), "FIELD_INVALID");
  EXPECT_EQ(waits([](auto& f) { AddLine(f, "1", 3); }), "EXCEEDS_LINE");
  EXPECT_EQ(waits([](auto& f) { f.set_note(std::string(501, 'x')); }), "FIELD_INVALID");
  EXPECT_EQ(waits([](auto& f) { f.set_reason(static_cast<v1::UnitReason>(99)); }), "FIELD_INVALID");
  EXPECT_EQ(waits([](auto& f) { f.set_kind(v1::ORDER_FACT_KIND_MISSING); }), "FIELD_INVALID");
  EXPECT_EQ(waits([](auto& f) { f.set_kind(v1::ORDER_FACT_KIND_SHIPPED); }), "FIELD_INVALID");
  EXPECT_EQ(waits([](auto& f) { f.set_kind(v1::ORDER_FACT_KIND_EXCEPTION); }), "FIELD_INVALID");
  EXPECT_EQ(Get("web-1").DebugString(), before);
  EXPECT_EQ(Waiting().size(), static_cast<size_t>(number));
}

TEST_F(OrderAdapters, ARuleThatClosesALocationClosesItsOrders) {
  Stock("MUG", "S01", 9);
  Place("web-1", {{"MUG", 2}});
  v1::PutSourceRulesRequest rules;
  v1::SourceRule& rule = *rules.add_rules();
  rule.set_source("dhl");
  rule.set_location("S01");
  rule.set_absolute(v1::ABSOLUTE_RULE_COUNT);
  rule.set_closed(true);
  v1::PutSourceRulesResponse put;
  ASSERT_TRUE(
      client().Call(client().adapter(), &GrpcClient::Adapter::PutSourceRules, rules, put).ok());
  EXPECT_EQ(Tell("dhl", {FactOf("e-1", "web-1", v1::ORDER_FACT_KIND_PICKED)}).waiting(0).reason(),
            "LOCATION_NOT_ALLOWED");
  Stock("MUG", "S02", 9);
  AdapterStream stream(client(), kStreamPatience);
  Open(stream, "dhl", 0);
  Place("web-2", {{"MUG", 2}}, "S02");
  EXPECT_EQ(ReadUpdate(stream).order().order_id(), "web-2") << "nothing of S01";
}

}  // namespace
}  // namespace stockd::support
