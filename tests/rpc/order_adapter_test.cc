// What adapters are told of orders.
#include "tests/rpc/order_adapter_fixture.h"

namespace stockd::support {
namespace {

TEST_F(OrderAdapters, AStoresTillGetsItsOpenOrdersAndThenWhatHappens) {
  Stock("MUG", "S01", 9);
  Stock("MUG", "S02", 9);
  Place("web-1", {{"MUG", 1}});
  Place("web-2", {{"MUG", 1}}, "S02");
  Place("web-3", {{"MUG", 1}});
  Must(&Orders::CancelUnits, MoveOf<v1::CancelUnitsRequest>("web-3"));
  Place("web-4", {{"MUG", 1}});
  AdapterStream stream(client(), kStreamPatience);
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
  AdapterStream stream(client(), kStreamPatience);
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
    AdapterStream stream(client(), kStreamPatience);
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
  AdapterStream stream(client(), kStreamPatience);
  Open(stream, "pos-1", std::nullopt);
  EXPECT_EQ(ReadUpdate(stream).order().order_id(), "web-6") << "it was not acknowledged";
  Place("web-7", {{"MUG", 1}});
  EXPECT_EQ(ReadUpdate(stream).order().order_id(), "web-7");
}

TEST_F(OrderAdapters, NoMoreUpdatesAreOnTheirWayThanTheAdapterWants) {
  Stock("MUG", "S01", 9);
  for (int i = 1; i <= 4; ++i) Place("web-" + std::to_string(i), {{"MUG", 1}});
  AdapterStream stream(client(), kStreamPatience);
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
    AdapterStream stream(client(), kStreamPatience);
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
  AdapterStream ahead(client(), kStreamPatience);
  EXPECT_TRUE(ahead.Write(HelloOf("pos-1", 1000)));
  EXPECT_EQ(ReasonOf(ahead.Finish()), "CURSOR_AHEAD");
  AdapterStream unasked(client(), kStreamPatience);
  ASSERT_TRUE(unasked.Open("pos-1"));
  v1::ConnectRequest first;
  first.mutable_order_ack()->set_cursor(0);
  unasked.Write(first);
  EXPECT_EQ(ReasonOf(unasked.Finish()), "FRAME_UNEXPECTED") << "no orders were asked for";
}

}  // namespace
}  // namespace stockd::support
