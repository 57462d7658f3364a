#include "tests/system/real_orders.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "daemon/base/time_text.h"
#include "stockd/v1/order_service.grpc.pb.h"
#include "tests/support/grpc_client_stream.h"

namespace stockd::system_test {
namespace {

using Orders = v1::OrderService::Stub;

constexpr int kCallers = 8;
constexpr int kFactsPerBatch = 200;

void SetInstant(const std::string& text, google::protobuf::Timestamp& time) {
  const int64_t micros = ToMicros(ParseTimestamp(text).value());
  time.set_seconds(micros / 1'000'000);
  time.set_nanos(static_cast<int32_t>(micros % 1'000'000) * 1000);
}

v1::PlaceOrderRequest PlacingOf(const RealOrder& order) {
  v1::PlaceOrderRequest request;
  request.set_order_id(order.id);
  request.set_channel(order.channel);
  SetInstant(order.placed_at, *request.mutable_place_time());
  for (size_t i = 0; i < order.parcels.size(); ++i) {
    const RealParcel& parcel = order.parcels[i];
    v1::OrderLineRequest& line = *request.add_lines();
    line.set_line_id(std::to_string(i + 1));
    line.set_sku(kParcelSku);
    line.set_quantity(1);
    v1::FulfilmentRequest& part = *request.add_fulfilments();
    part.set_method(v1::FULFILMENT_METHOD_SHIP);
    part.set_location(parcel.location);
    SetInstant(parcel.promised_at, *part.mutable_promised_delivery_time());
    v1::OrderLineQuantity& units = *part.add_lines();
    units.set_line_id(line.line_id());
    units.set_quantity(1);
  }
  return request;
}

void AddFacts(const RealOrder& order, std::vector<v1::OrderFact>& facts) {
  for (size_t i = 0; i < order.parcels.size(); ++i) {
    const RealParcel& parcel = order.parcels[i];
    const auto add = [&](v1::OrderFactKind kind, const std::string& at) -> v1::OrderFact& {
      v1::OrderFact& fact = facts.emplace_back();
      fact.set_event_id(order.id + "/" + std::to_string(i + 1) + "/" + std::to_string(kind));
      fact.set_order_id(order.id);
      fact.set_fulfilment(static_cast<int>(i + 1));
      fact.set_kind(kind);
      SetInstant(at, *fact.mutable_occurred_at());
      return fact;
    };
    if (order.is_cancelled) {
      add(v1::ORDER_FACT_KIND_CANCELLED, order.placed_at).set_reason(v1::UNIT_REASON_CUSTOMER);
      continue;
    }
    if (parcel.delivered_at.empty()) continue;
    add(v1::ORDER_FACT_KIND_PICKED, order.placed_at);
    add(v1::ORDER_FACT_KIND_READY, order.placed_at);
    v1::Shipment& shipment = *add(v1::ORDER_FACT_KIND_SHIPPED, order.placed_at).mutable_shipment();
    shipment.set_shipment_id("P" + std::to_string(i + 1));
    shipment.set_carrier(parcel.carrier);
    shipment.set_service(parcel.service);
    add(v1::ORDER_FACT_KIND_DELIVERED, parcel.delivered_at);
  }
}

}  // namespace

void TellOrders(support::GrpcClient& client, const std::vector<RealOrder>& orders) {
  std::atomic<size_t> next{0};
  std::atomic<int> failures{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&] {
      Orders stub(client.channel());
      for (size_t i = next++; i < orders.size(); i = next++) {
        v1::PlaceOrderResponse response;
        const grpc::Status status =
            client.Call(stub, &Orders::PlaceOrder, PlacingOf(orders[i]), response);
        if (!status.ok() && failures++ < 3) {
          ADD_FAILURE() << orders[i].id << ": " << status.error_message();
        }
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  ASSERT_EQ(failures, 0);
  std::vector<v1::OrderFact> facts;
  for (const RealOrder& order : orders) AddFacts(order, facts);
  support::AdapterStream stream(client, std::chrono::minutes(10));
  ASSERT_TRUE(stream.Open("carrier"));
  uint64_t batch = 0;
  for (size_t at = 0; at < facts.size();) {
    v1::ConnectRequest frame;
    frame.mutable_order_facts()->set_batch(++batch);
    for (int i = 0; i < kFactsPerBatch && at < facts.size(); ++i, ++at) {
      *frame.mutable_order_facts()->add_facts() = facts[at];
    }
    v1::ConnectResponse response;
    ASSERT_TRUE(stream.Write(frame));
    ASSERT_TRUE(stream.Read(response));
    ASSERT_TRUE(response.has_order_fact_ack()) << response.ShortDebugString();
    ASSERT_EQ(response.order_fact_ack().applied(), frame.order_facts().facts_size())
        << response.ShortDebugString();
  }
  stream.WritesDone();
  EXPECT_TRUE(stream.Finish().ok());
}

}  // namespace stockd::system_test
