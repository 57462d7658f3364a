// What adapters are told of orders, and what they tell: late, twice, out of order.
#include <algorithm>

#include "tests/rpc/order_fixture.h"

namespace stockd::support {
namespace {

constexpr std::chrono::seconds kPatience{10};

class OrderAdapters : public OrderFixture {
 protected:
  OrderAdapters() {
    config.source.push_back(
        {.id = "pos-1", .kind = config::SourceKind::kPos, .locations = {"S01"}});
    config.source.push_back({.id = "dhl", .kind = config::SourceKind::kOther});
  }

  static v1::ConnectRequest HelloOf(const std::string& source, std::optional<uint64_t> cursor,
                                    int in_flight = 0) {
    v1::ConnectRequest frame;
    v1::Hello& hello = *frame.mutable_hello();
    hello.set_source(source);
    hello.set_wants_orders(true);
    if (cursor) hello.set_order_cursor(*cursor);
    hello.set_order_updates_in_flight_max(in_flight);
    return frame;
  }
  // Opens a stream that wants orders.
  void Open(AdapterStream& stream, const std::string& source, std::optional<uint64_t> cursor,
            int in_flight = 0) {
    v1::ConnectResponse frame;
    ASSERT_TRUE(stream.Write(HelloOf(source, cursor, in_flight)));
    ASSERT_TRUE(stream.Read(frame));
    ASSERT_TRUE(frame.has_welcome());
  }
  static v1::OrderUpdate ReadUpdate(AdapterStream& stream) {
    v1::ConnectResponse frame;
    EXPECT_TRUE(stream.Read(frame));
    EXPECT_TRUE(frame.has_order_update()) << frame.ShortDebugString();
    return frame.order_update();
  }
  static void Acknowledge(AdapterStream& stream, uint64_t cursor) {
    v1::ConnectRequest frame;
    frame.mutable_order_ack()->set_cursor(cursor);
    EXPECT_TRUE(stream.Write(frame));
  }

  v1::OrderFact FactOf(const std::string& event_id, const std::string& order_id,
                       v1::OrderFactKind kind) {
    v1::OrderFact fact;
    fact.set_event_id(event_id);
    fact.set_order_id(order_id);
    fact.set_kind(kind);
    *fact.mutable_occurred_at() = ToProtoTime(clock.Now());
    return fact;
  }
  v1::OrderFactAck Tell(const std::string& source, const std::vector<v1::OrderFact>& facts) {
    AdapterStream stream(client(), kPatience);
    EXPECT_TRUE(stream.Open(source));
    v1::ConnectRequest frame;
    frame.mutable_order_facts()->set_batch(1);
    for (const v1::OrderFact& fact : facts) *frame.mutable_order_facts()->add_facts() = fact;
    v1::ConnectResponse response;
    EXPECT_TRUE(stream.Write(frame));
    EXPECT_TRUE(stream.Read(response));
    EXPECT_TRUE(response.has_order_fact_ack()) << response.ShortDebugString();
    return response.order_fact_ack();
  }
  std::vector<v1::WaitingOrderFact> Waiting() {
    const v1::ListWaitingOrderFactsResponse response =
        Must(&Orders::ListWaitingOrderFacts, v1::ListWaitingOrderFactsRequest());
    return {response.facts().begin(), response.facts().end()};
  }
  // What the daemon remembers as acknowledged, once it is `cursor`.
  uint64_t RememberedCursor(const std::string& source) {
    v1::ListSourcesResponse response;
    EXPECT_TRUE(
        client().Call(client().adapter(), &GrpcClient::Adapter::ListSources, {}, response).ok());
    for (const v1::Source& row : response.sources()) {
      if (row.source() == source) return row.order_cursor();
    }
    return 0;
  }
};

// --- told ----------------------------------------------------------------------------------------

TEST_F(OrderAdapters, AStoresTillGetsItsOpenOrdersAndThenWhatHappens) {
  Stock("MUG", "S01", 9);
  Stock("MUG", "S02", 9);
  Place("web-1", {{"MUG", 1}});
  Place("web-2", {{"MUG", 1}}, "S02");
  Place("web-3", {{"MUG", 1}});
  Must(&Orders::CancelUnits, MoveOf<v1::CancelUnitsRequest>("web-3"));
  Place("web-4", {{"MUG", 1}});
  AdapterStream stream(client(), kPatience);
  Open(stream, "pos-1", 0);
  const v1::OrderUpdate first = ReadUpdate(stream);
  EXPECT_EQ(first.order().order_id(), "web-1");
  EXPECT_FALSE(first.has_event()) << "it stood so";
  EXPECT_EQ(first.cursor(), 0U) << "not all of them are told yet";
  const v1::OrderUpdate second = ReadUpdate(stream);
  EXPECT_EQ(second.order().order_id(), "web-4") << "others are closed, or another store's";
  EXPECT_GT(second.cursor(), 0U);

  Pick("web-1", {{"1", 1}});
  const v1::OrderUpdate begun = ReadUpdate(stream);
  EXPECT_EQ(begun.event().kind(), v1::ORDER_EVENT_KIND_PICKING_STARTED);
  EXPECT_EQ(begun.order().lines(0).units().picked(), 1) << "as it is now";
  EXPECT_EQ(begun.cursor(), begun.event().number());
  EXPECT_EQ(ReadUpdate(stream).event().kind(), v1::ORDER_EVENT_KIND_PICKED);
}

TEST_F(OrderAdapters, AStoreLearnsOfWhatIsSentToIt) {
  Stock("MUG", "W01", 9);
  AdapterStream stream(client(), kPatience);
  Open(stream, "pos-1", std::nullopt);
  auto place = PlaceOf("web-1", {{"MUG", 1}}, "W01", v1::FULFILMENT_METHOD_SHIP_TO_STORE);
  place.mutable_fulfilments(0)->set_destination("S01");
  Place(place);
  EXPECT_EQ(ReadUpdate(stream).order().fulfilments(0).destination(), "S01");
}

// The daemon remembers what was acknowledged, so an adapter needs no memory of its own.
TEST_F(OrderAdapters, ASessionGoesOnBehindWhatWasAcknowledgedAlsoAfterARestart) {
  Stock("MUG", "S01", 9);
  for (int i = 1; i <= 4; ++i) Place("web-" + std::to_string(i), {{"MUG", 1}});
  uint64_t cursor = 0;
  {
    AdapterStream stream(client(), kPatience);
    Open(stream, "pos-1", 0);
    for (int i = 1; i <= 4; ++i) {
      const v1::OrderUpdate update = ReadUpdate(stream);
      cursor = update.cursor();
      Acknowledge(stream, cursor);
    }
    Place("web-5", {{"MUG", 1}});
    const v1::OrderUpdate fifth = ReadUpdate(stream);
    Acknowledge(stream, fifth.cursor());
    cursor = fifth.cursor();
    // What is told next proves that the acknowledgement before was read; not so what follows it.
    Place("web-6", {{"MUG", 1}});
    EXPECT_EQ(ReadUpdate(stream).order().order_id(), "web-6");
    stream.WritesDone();
    ASSERT_TRUE(stream.Finish().ok());
  }
  EXPECT_EQ(RememberedCursor("pos-1"), cursor);
  Restart();
  EXPECT_EQ(RememberedCursor("pos-1"), cursor);
  AdapterStream stream(client(), kPatience);
  Open(stream, "pos-1", std::nullopt);
  EXPECT_EQ(ReadUpdate(stream).order().order_id(), "web-6") << "it was not acknowledged";
  Place("web-7", {{"MUG", 1}});
  EXPECT_EQ(ReadUpdate(stream).order().order_id(), "web-7");
}

TEST_F(OrderAdapters, NoMoreUpdatesAreOnTheirWayThanTheAdapterWants) {
  Stock("MUG", "S01", 9);
  for (int i = 1; i <= 4; ++i) Place("web-" + std::to_string(i), {{"MUG", 1}});
  AdapterStream stream(client(), kPatience);
  Open(stream, "pos-1", 0, /*in_flight=*/2);
  EXPECT_EQ(ReadUpdate(stream).order().order_id(), "web-1");
  EXPECT_EQ(ReadUpdate(stream).order().order_id(), "web-2");
  // Whatever else is answered comes before the third, which waits for an acknowledgement.
  const auto ack = [&] {
    v1::ConnectRequest frame;
    frame.mutable_order_facts()->set_batch(1);
    *frame.mutable_order_facts()->add_facts() = FactOf("e-1", "nobody", v1::ORDER_FACT_KIND_PICKED);
    EXPECT_TRUE(stream.Write(frame));
    v1::ConnectResponse response;
    EXPECT_TRUE(stream.Read(response));
    return response.has_order_fact_ack();
  };
  EXPECT_TRUE(ack());
  Acknowledge(stream, 0);
  EXPECT_EQ(ReadUpdate(stream).order().order_id(), "web-3");
}

TEST_F(OrderAdapters, WhatIsOutOfPlaceEndsTheStream) {
  const auto reason_after = [&](const v1::ConnectRequest& frame) {
    AdapterStream stream(client(), kPatience);
    EXPECT_TRUE(stream.Write(HelloOf("pos-1", std::nullopt)));
    stream.Write(frame);
    return ReasonOf(stream.Finish());
  };
  v1::ConnectRequest ack;
  ack.mutable_order_ack()->set_cursor(77);
  EXPECT_EQ(reason_after(ack), "FRAME_UNEXPECTED");
  v1::ConnectRequest empty;
  empty.mutable_order_facts()->set_batch(1);
  EXPECT_EQ(reason_after(empty), "BATCH_TOO_LARGE");
  for (int i = 0; i < 1001; ++i) empty.mutable_order_facts()->add_facts();
  EXPECT_EQ(reason_after(empty), "BATCH_TOO_LARGE");
  AdapterStream ahead(client(), kPatience);
  EXPECT_TRUE(ahead.Write(HelloOf("pos-1", 1000)));
  EXPECT_EQ(ReasonOf(ahead.Finish()), "CURSOR_AHEAD");
  AdapterStream unasked(client(), kPatience);
  ASSERT_TRUE(unasked.Open("pos-1"));
  v1::ConnectRequest first;
  first.mutable_order_ack()->set_cursor(0);
  unasked.Write(first);
  EXPECT_EQ(ReasonOf(unasked.Finish()), "FRAME_UNEXPECTED") << "no orders were asked for";
}

// --- telling -------------------------------------------------------------------------------------

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
  AdapterStream stream(client(), kPatience);
  Open(stream, "dhl", 0);
  Place("web-2", {{"MUG", 2}}, "S02");
  EXPECT_EQ(ReadUpdate(stream).order().order_id(), "web-2") << "nothing of S01";
}

}  // namespace
}  // namespace stockd::support
