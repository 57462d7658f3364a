#include "tests/rpc/order_fixture.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace stockd::support {

google::protobuf::Timestamp ToProtoTime(Timestamp time) {
  google::protobuf::Timestamp proto;
  proto.set_seconds(ToMicros(time) / 1'000'000);
  proto.set_nanos(static_cast<int32_t>(ToMicros(time) % 1'000'000 * 1000));
  return proto;
}

Timestamp FromProtoTime(const google::protobuf::Timestamp& time) {
  return FromMicros(time.seconds() * 1'000'000 + time.nanos() / 1000);
}

void OrderFixture::SetUp() {
  DaemonFixture::SetUp();
  v1::PutLocationsRequest locations;
  double latitude = 50;
  for (const char* code : {"S01", "S02", "W01"}) {
    v1::Location& location = *locations.add_locations();
    location.set_code(code);
    location.set_ships(true);
    location.set_collects(code[0] == 'S');
    location.mutable_coordinate()->set_latitude(latitude);
    location.mutable_coordinate()->set_longitude(10);
    latitude += location.collects() && latitude == 50 ? 0.009 : 0.09;
  }
  v1::PutLocationsResponse put;
  ASSERT_TRUE(client()
                  .Call(client().catalogue(), &GrpcClient::Catalogue::PutLocations, locations, put)
                  .ok());
  v1::PutItemsRequest items;
  int64_t price = 5'000'000;
  for (const char* sku : {"MUG", "TEA", "CUP"}) {
    v1::Item& item = *items.add_items();
    item.set_sku(sku);
    item.set_category("kitchen");
    item.set_price_micros(price);
    item.set_currency("EUR");
    price += 1'000'000;
  }
  v1::PutItemsResponse kept;
  ASSERT_TRUE(
      client().Call(client().catalogue(), &GrpcClient::Catalogue::PutItems, items, kept).ok());
}

std::string OrderFixture::Metadata(const std::string& key) const {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  if (!details.ParseFromString(status.error_details()) || details.details().empty() ||
      !details.details(0).UnpackTo(&info)) {
    return {};
  }
  const auto found = info.metadata().find(key);
  return found == info.metadata().end() ? "" : found->second;
}

v1::PlaceOrderRequest OrderFixture::PlaceOf(const std::string& id, const std::vector<Line>& lines,
                                            const std::string& location,
                                            v1::FulfilmentMethod method) {
  v1::PlaceOrderRequest request;
  request.set_order_id(id);
  int number = 0;
  for (const Line& line : lines) {
    v1::OrderLineRequest& asked = *request.add_lines();
    asked.set_line_id(std::to_string(++number));
    asked.set_sku(line.sku);
    asked.set_quantity(line.quantity);
  }
  v1::FulfilmentRequest& part = *request.add_fulfilments();
  part.set_method(method);
  part.set_location(location);
  return request;
}

v1::Order OrderFixture::Get(const std::string& id) {
  v1::GetOrderRequest request;
  request.set_order_id(id);
  return Must(&Orders::GetOrder, request).order();
}

std::string OrderFixture::CodeOf(const std::string& id) {
  v1::GetOrderRequest request;
  request.set_order_id(id);
  request.set_include_codes(true);
  const v1::GetOrderResponse response = Must(&Orders::GetOrder, request);
  return response.codes().empty() ? "" : response.codes(0).code();
}

v1::Order OrderFixture::Pick(const std::string& id,
                             const std::vector<std::pair<std::string, int64_t>>& lines) {
  auto request = MoveOf<v1::RecordPickRequest>(id);
  for (const auto& [line_id, quantity] : lines) {
    v1::PickedLine& line = *request.add_lines();
    line.set_line_id(line_id);
    line.set_picked(quantity);
  }
  return Must(&Orders::RecordPick, request).order();
}

v1::RecordPickResponse OrderFixture::Miss(const std::string& id, const std::string& line_id,
                                          int64_t quantity, v1::UnitReason why) {
  auto request = MoveOf<v1::RecordPickRequest>(id);
  v1::PickedLine& line = *request.add_lines();
  line.set_line_id(line_id);
  line.set_missing(quantity);
  line.set_reason(why);
  return Must(&Orders::RecordPick, request);
}

v1::Order OrderFixture::Finish(const std::string& id, const std::string& area) {
  auto request = MoveOf<v1::FinishPickingRequest>(id);
  request.set_holding_area(area);
  return Must(&Orders::FinishPicking, request).order();
}

v1::Order OrderFixture::MakeReady(const std::string& id, const std::vector<Line>& lines) {
  std::vector<std::pair<std::string, int64_t>> picks;
  const v1::Order placed = Place(id, lines);
  for (const v1::OrderLine& line : placed.lines()) {
    picks.emplace_back(line.line_id(), line.ordered());
  }
  Pick(id, picks);
  return Finish(id, "shelf 3");
}

v1::Order OrderFixture::MakePacked(const std::string& id, const std::vector<Line>& lines) {
  std::vector<std::pair<std::string, int64_t>> picks;
  const v1::Order placed = Place(id, lines, "W01", v1::FULFILMENT_METHOD_SHIP);
  for (const v1::OrderLine& line : placed.lines()) {
    picks.emplace_back(line.line_id(), line.ordered());
  }
  Pick(id, picks);
  return Finish(id);
}

std::vector<v1::OrderEvent> OrderFixture::Events(const std::string& id) {
  v1::ListOrderEventsRequest request;
  request.set_order_id(id);
  request.set_page_size(1000);
  const v1::ListOrderEventsResponse response = Must(&Orders::ListOrderEvents, request);
  return {response.events().begin(), response.events().end()};
}

std::string OrderFixture::Story(const std::string& id) {
  constexpr std::string_view kPrefix = "ORDER_EVENT_KIND_";
  std::string story;
  for (const v1::OrderEvent& event : Events(id)) {
    if (!story.empty()) story += ' ';
    story += v1::OrderEventKind_Name(event.kind()).substr(kPrefix.size());
  }
  return story;
}

}  // namespace stockd::support
