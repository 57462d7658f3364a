// Figures about customers' orders, and the orders behind them.
#include <gmock/gmock.h>

#include <map>

#include "stockd/v1/report_service.grpc.pb.h"
#include "tests/rpc/order_fixture.h"

namespace stockd::support {
namespace {

using Reports = v1::ReportService::Stub;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr Duration kHour = std::chrono::hours(1);
constexpr Duration kDay = 24 * kHour;

// A week of a chain:
//   web-1  by dhl, promised in a day, there after 20 hours
//   web-2  by ups, promised in a day, there after 30 hours and damaged
//   web-3  by ups, promised in a day, never there
//   shop-1 collected, one of two mugs not found and cancelled by the store
//   shop-2 ready, and nobody came
//   web-4  given up by the customer before anybody picked
//   web-5  promised for a month later
class ReportOrders : public OrderFixture {
 protected:
  void SetUp() override {
    OrderFixture::SetUp();
    begin_ = std::chrono::floor<std::chrono::days>(clock.Now());
    Stock("MUG", "W01", 50);
    Stock("MUG", "S01", 50);
    placed_at_ = clock.Now();
    PlacePromised("web-1", kDay);
    PlacePromised("web-2", kDay);
    PlacePromised("web-3", kDay);
    PlacePromised("web-5", 30 * kDay);
    Place("web-4", {{"MUG", 1}}, "W01", v1::FULFILMENT_METHOD_SHIP);
    auto give_up = MoveOf<v1::CancelUnitsRequest>("web-4");
    give_up.set_reason(v1::UNIT_REASON_CUSTOMER);
    Must(&Orders::CancelUnits, give_up);
    TellShop();
    clock.Advance(kHour);
    SendBy("web-1", "dhl");
    SendBy("web-2", "ups");
    SendBy("web-3", "ups");
    clock.Advance(19 * kHour);
    Must(&Orders::RecordDelivery, MoveOf<v1::RecordDeliveryRequest>("web-1"));
    clock.Advance(10 * kHour);
    Must(&Orders::RecordDelivery, MoveOf<v1::RecordDeliveryRequest>("web-2"));
    auto damaged = MoveOf<v1::RecordExceptionRequest>("web-2");
    damaged.set_kind(v1::DELIVERY_EXCEPTION_KIND_DAMAGED);
    Must(&Orders::RecordException, damaged);
    v1::RateOrderRequest rate = MoveOf<v1::RateOrderRequest>("web-1");
    rate.mutable_rating()->set_nps(9);
    rate.mutable_rating()->set_csat(3);
    Must(&Orders::RateOrder, rate);
    clock.Advance(6 * kDay);
    // Whatever is decided next writes down who did not come.
    Stock("TEA", "S02", 1);
    end_ = std::chrono::floor<std::chrono::days>(clock.Now()) + kDay;
  }

  void PlacePromised(const std::string& id, Duration promise) {
    auto place = PlaceOf(id, {{"MUG", 1}}, "W01", v1::FULFILMENT_METHOD_SHIP);
    *place.mutable_fulfilments(0)->mutable_promised_delivery_time() =
        ToProtoTime(clock.Now() + promise);
    Place(place);
  }

  void TellShop() {
    Place("shop-1", {{"MUG", 2}});
    Pick("shop-1", {{"1", 1}});
    Miss("shop-1", "1", 1, v1::UNIT_REASON_NOT_FOUND);
    auto cancel = MoveOf<v1::CancelUnitsRequest>("shop-1");
    AddLine(cancel, "1", 1);
    cancel.set_reason(v1::UNIT_REASON_NOT_FOUND);
    Must(&Orders::CancelUnits, cancel);
    Finish("shop-1");
    auto hand_over = MoveOf<v1::HandOverRequest>("shop-1");
    hand_over.set_code(CodeOf("shop-1"));
    Must(&Orders::HandOver, hand_over);
    MakeReady("shop-2", {{"MUG", 1}});
  }

  void SendBy(const std::string& id, const std::string& carrier) {
    Pick(id, {{"1", 1}});
    Finish(id);
    auto request = MoveOf<v1::ShipUnitsRequest>(id);
    request.mutable_shipment()->set_shipment_id("P-" + id);
    request.mutable_shipment()->set_carrier(carrier);
    request.mutable_shipment()->set_service("parcel");
    Must(&Orders::ShipUnits, request);
  }

  v1::QueryReportRequest Ask(const std::string& figure) {
    v1::QueryReportRequest request;
    request.add_figures(figure);
    *request.mutable_begin_time() = ToProtoTime(begin_);
    *request.mutable_end_time() = ToProtoTime(end_ + 60 * kDay);
    request.set_up_to_date(true);
    return request;
  }

  // The rows as "GROUP NUMERATOR/DENOMINATOR".
  std::vector<std::string> Rows(const v1::QueryReportRequest& request) {
    Reports stub(client().channel());
    grpc::ClientContext context;
    const auto stream = stub.QueryReport(&context, request);
    v1::QueryReportResponse message;
    std::vector<std::string> rows;
    while (stream->Read(&message)) {
      for (const v1::ReportRow& row : message.rows()) {
        rows_[row.figure()] = row;
        std::string text;
        for (const std::string& value : row.group()) text += value + " ";
        rows.push_back(text + row.numerator() + "/" + row.denominator());
      }
    }
    const grpc::Status finished = stream->Finish();
    EXPECT_TRUE(finished.ok()) << Describe(finished);
    return rows;
  }
  std::string Whole(const std::string& figure) {
    const auto rows = Rows(Ask(figure));
    return rows.size() == 1 ? rows.front() : "no single row";
  }
  std::vector<std::string> ByCarrier(const std::string& figure) {
    auto request = Ask(figure);
    request.add_group_by("carrier");
    return Rows(request);
  }

  v1::ExplainFigureResponse Explain(const v1::ExplainFigureRequest& request) {
    v1::ExplainFigureResponse response;
    Reports stub(client().channel());
    const grpc::Status finished = client().Call(stub, &Reports::ExplainFigure, request, response);
    EXPECT_TRUE(finished.ok()) << Describe(finished);
    return response;
  }

  std::map<std::string, v1::ReportRow> rows_;  // The last of each figure.
  Timestamp begin_{};
  Timestamp end_{};
  Timestamp placed_at_{};
};

TEST_F(ReportOrders, DeliveriesByTheirFirstPromise) {
  // web-5 is not due yet.
  EXPECT_EQ(Whole("on_time_delivery"), "1/3");
  EXPECT_THAT(ByCarrier("on_time_delivery"), ElementsAre("dhl 1/1", "ups 0/2"));
  EXPECT_THAT(ByCarrier("delivery_error_rate"), ElementsAre(" 0/1", "dhl 0/1", "ups 1/1"));
  EXPECT_EQ(Whole("error_damaged"), "1/3");
  EXPECT_EQ(Whole("error_lost"), "0/3");
  EXPECT_EQ(Whole("first_attempt_rate"), "2/2");
  // Of two pick-ups and three parcels that are due; shop-1 lacks a mug, shop-2 could be collected.
  EXPECT_EQ(Whole("otif"), "2/5");
  EXPECT_EQ(Whole("in_full"), "3/5");
  EXPECT_EQ(Whole("otif_units"), "3/6");
  EXPECT_EQ(Whole("perfect_order"), "2/5");
}

TEST_F(ReportOrders, TimesWithTheirParts) {
  EXPECT_THAT(ByCarrier("cycle_time"),
              ElementsAre(testing::StartsWith(" 0"), "dhl 72000/1", "ups 108000/1"));
  EXPECT_EQ(ByCarrier("transit_time").back(), "ups 104400/1");
  EXPECT_EQ(Whole("ready_on_time"), "2/2");
  EXPECT_EQ(Whole("no_show_rate"), "1/2");
}

TEST_F(ReportOrders, WhatWasFoundOfWhatWasOrdered) {
  // web-4 counts only as cancelled early, web-5 is open.
  EXPECT_EQ(Whole("orders_placed"), "6/");
  EXPECT_EQ(rows_["orders_placed"].exclusions(0).reason(), "CANCELLED_EARLY");
  EXPECT_EQ(Whole("unit_fill_rate"), "5/6");
  EXPECT_EQ(rows_["unit_fill_rate"].exclusions(1).reason(), "STILL_OPEN");
  EXPECT_EQ(Whole("line_fill_rate"), "4/5");
  EXPECT_EQ(Whole("record_error_rate"), "1/6");
  EXPECT_EQ(Whole("oversold_rate"), "0/6");
  EXPECT_EQ(Whole("pickup_share"), "2/6");
}

TEST_F(ReportOrders, AnswersComeWithTheirInterval) {
  EXPECT_EQ(Whole("nps"), "1/1");
  EXPECT_DOUBLE_EQ(rows_["nps"].value(), 100);
  EXPECT_EQ(Whole("csat"), "0/1");
  EXPECT_GT(rows_["csat"].interval_high(), 70);
}

// From "one of three was on time" to the two that were not, and why.
TEST_F(ReportOrders, TheOrdersBehindAFigureSayWhyTheyAreThere) {
  v1::ExplainFigureRequest request;
  *request.mutable_query() = Ask("on_time_delivery");
  EXPECT_EQ(Explain(request).orders_size(), 3);
  request.set_orders(v1::REPORT_ORDER_SHARE_COUNTED);
  EXPECT_EQ(Explain(request).orders(0).order_id(), "web-1");
  request.set_orders(v1::REPORT_ORDER_SHARE_NOT_COUNTED);
  request.mutable_query()->add_carriers("ups");
  const auto late = Explain(request);
  ASSERT_EQ(late.orders_size(), 2);
  const v1::ReportOrder& damaged = late.orders(0);
  EXPECT_EQ(damaged.order_id(), "web-2");
  EXPECT_EQ(damaged.numerator(), "0");
  EXPECT_EQ(damaged.denominator(), "1");
  const v1::ReportFulfilment& part = damaged.fulfilments(0);
  EXPECT_EQ(part.carrier(), "ups");
  EXPECT_EQ(part.service(), "parcel");
  EXPECT_EQ(part.late_by().seconds(), 6 * 3600);
  EXPECT_THAT(part.reasons(), ElementsAre("LATE", "DAMAGED"));
  EXPECT_EQ(FromProtoTime(part.promise_time()), placed_at_ + kDay);
  EXPECT_THAT(late.orders(1).fulfilments(0).reasons(), ElementsAre("NOT_THERE_YET"));
  EXPECT_FALSE(late.orders(1).fulfilments(0).has_met_time());
  EXPECT_GT(late.orders(1).fulfilments(0).late_by().seconds(), 5 * 86'400);
}

TEST_F(ReportOrders, TheOrdersBehindAFigureComeInPagesOnceEach) {
  v1::ExplainFigureRequest request;
  *request.mutable_query() = Ask("otif");
  request.set_page_size(1);
  std::vector<std::string> ids;
  do {
    const auto page = Explain(request);
    ASSERT_LE(page.orders_size(), 1);
    for (const auto& order : page.orders()) ids.push_back(order.order_id());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(ids, UnorderedElementsAre("web-1", "web-2", "web-3", "shop-1", "shop-2"));
}

TEST_F(ReportOrders, SalesOfOrdersNameTheirCustomerAndTheirWay) {
  auto place = PlaceOf("web-9", {{"MUG", 1}}, "W01", v1::FULFILMENT_METHOD_SHIP);
  place.set_customer_reference("c-1");
  place.mutable_lines(0)->set_unit_price_micros(2'000'000);
  place.mutable_lines(0)->set_currency("EUR");
  Place(place);
  SendBy("web-9", "dhl");
  auto request = Ask("net_sales");
  request.add_group_by("fulfilment");
  request.add_currencies("EUR");
  EXPECT_THAT(Rows(request), ElementsAre("ship 2/"));
  EXPECT_EQ(Whole("active_customers"), "1/");
}

// Who comes to collect may buy something, too.
TEST_F(ReportOrders, APurchaseBesideTheCollectionIsAttached) {
  for (const char* customer : {"c-1", "c-2"}) {
    const std::string id = std::string("shop-of-") + customer;
    auto place = PlaceOf(id, {{"MUG", 1}});
    place.set_customer_reference(customer);
    Place(place);
    Pick(id, {{"1", 1}});
    Finish(id);
    auto hand_over = MoveOf<v1::HandOverRequest>(id);
    hand_over.set_code(CodeOf(id));
    Must(&Orders::HandOver, hand_over);
  }
  v1::Fact sale = ToFact({.kind = v1::FACT_KIND_SALE,
                          .event_id = "till-1",
                          .sku = "MUG",
                          .location = "S01",
                          .quantity = 1});
  sale.set_reference("receipt-1");
  sale.set_customer_reference("c-1");
  AdapterStream stream(client(), std::chrono::seconds(10));
  ASSERT_TRUE(stream.Open("till"));
  ASSERT_EQ(stream.Send(1, {sale})->applied(), 1);
  EXPECT_EQ(Whole("attach_rate"), "1/2");
  auto request = Ask("attach_rate");
  request.add_group_by("location");
  EXPECT_THAT(Rows(request), ElementsAre("S01 1/2"));
}

}  // namespace
}  // namespace stockd::support
