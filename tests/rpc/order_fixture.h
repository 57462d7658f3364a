#pragma once

#include <string>
#include <utility>
#include <vector>

#include "stockd/v1/order_service.grpc.pb.h"
#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {

using Orders = v1::OrderService::Stub;

// A daemon whose stores take orders: S01 and S02 collect and ship, W01 ships; they lie 1 km and
// 10 km from each other. MUG, TEA and CUP are in the category "kitchen". Without calendars every
// location is open day and night.
class OrderFixture : public DaemonFixture {
 protected:
  void SetUp() override;

  // One call; its refusal's reason goes to `reason`, which is empty when it succeeded.
  template <typename Request, typename Response>
  Response Call(grpc::Status (Orders::*method)(grpc::ClientContext*, const Request&, Response*),
                const Request& request) {
    Response response;
    Orders stub(client().channel());
    status = client().Call(stub, method, request, response);
    reason = ReasonOf(status);
    return response;
  }
  // One that must succeed.
  template <typename Request, typename Response>
  Response Must(grpc::Status (Orders::*method)(grpc::ClientContext*, const Request&, Response*),
                const Request& request) {
    Response response = Call(method, request);
    EXPECT_TRUE(status.ok()) << Describe(status);
    return response;
  }
  // How the last call ended, its reason, and the entry of its metadata.
  grpc::Status status;
  std::string reason;
  std::string Metadata(const std::string& key) const;

  struct Line {
    std::string sku;
    int64_t quantity = 1;
  };
  // Lines "1", "2", ... handled by one location.
  static v1::PlaceOrderRequest PlaceOf(const std::string& id, const std::vector<Line>& lines,
                                       const std::string& location = "S01",
                                       v1::FulfilmentMethod method = v1::FULFILMENT_METHOD_PICKUP);
  v1::Order Place(const v1::PlaceOrderRequest& request) {
    return Must(&Orders::PlaceOrder, request).order();
  }
  v1::Order Place(const std::string& id, const std::vector<Line>& lines,
                  const std::string& location = "S01",
                  v1::FulfilmentMethod method = v1::FULFILMENT_METHOD_PICKUP) {
    return Place(PlaceOf(id, lines, location, method));
  }
  v1::Order Get(const std::string& id);
  std::string CodeOf(const std::string& id);

  // The request of a move with a request id of its own.
  template <typename Request>
  Request MoveOf(const std::string& id) {
    Request request;
    request.set_order_id(id);
    request.set_request_id("request-" + std::to_string(++requests_));
    return request;
  }
  template <typename Request>
  static void AddLine(Request& request, const std::string& line_id, int64_t quantity) {
    v1::OrderLineQuantity& line = *request.add_lines();
    line.set_line_id(line_id);
    line.set_quantity(quantity);
  }

  // Moves that most tests begin with; all of what the order has.
  v1::Order Pick(const std::string& id, const std::vector<std::pair<std::string, int64_t>>& lines);
  v1::RecordPickResponse Miss(const std::string& id, const std::string& line_id, int64_t quantity,
                              v1::UnitReason why = v1::UNIT_REASON_UNSPECIFIED);
  v1::Order Finish(const std::string& id, const std::string& area = "");
  // Placed, picked and ready for the customer.
  v1::Order MakeReady(const std::string& id, const std::vector<Line>& lines);
  // Packed by the warehouse.
  v1::Order MakePacked(const std::string& id, const std::vector<Line>& lines);

  std::vector<v1::OrderEvent> Events(const std::string& id = "");
  // The kinds of an order's events, as "PLACED PICKED READY".
  std::string Story(const std::string& id);

 private:
  int requests_ = 0;
};

google::protobuf::Timestamp ToProtoTime(Timestamp time);
Timestamp FromProtoTime(const google::protobuf::Timestamp& time);

}  // namespace stockd::support
