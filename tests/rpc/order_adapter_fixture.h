#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/rpc/order_fixture.h"

namespace stockd::support {

inline constexpr std::chrono::seconds kStreamPatience{10};

// Sources that act on orders: "pos-1", which may speak of S01 alone, and the carrier "dhl".
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
    AdapterStream stream(client(), kStreamPatience);
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

}  // namespace stockd::support
