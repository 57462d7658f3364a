// What is known of orders: lists, events, and the stream of what happens.
#include <memory>
#include <set>

#include "tests/rpc/order_fixture.h"
#include "tests/support/process_clock.h"

namespace stockd::support {
namespace {

class OrderReads : public OrderFixture {
 protected:
  // The ids of the orders that fit, as "web-1 web-2".
  std::string Ids(const v1::ListOrdersRequest& request) {
    std::string ids;
    const v1::ListOrdersResponse response = Must(&Orders::ListOrders, request);
    for (const v1::Order& order : response.orders()) {
      ids += (ids.empty() ? "" : " ") + order.order_id();
    }
    return ids;
  }

  // One watch. The stream breaks off after ten seconds, so that no test hangs.
  class Watch {
   public:
    Watch(GrpcClient& client, const v1::WatchOrderEventsRequest& request)
        : stub_(client.channel()) {
      context_.set_deadline(CalendarNow() + std::chrono::seconds(10));
      context_.set_wait_for_ready(true);
      reader_ = stub_.WatchOrderEvents(&context_, request);
    }
    ~Watch() {
      if (!is_finished_) Finish();
    }
    // So many events, in whatever messages they come; fewer when the stream ends.
    std::vector<v1::WatchedOrderEvent> Read(size_t count) {
      std::vector<v1::WatchedOrderEvent> events;
      v1::WatchOrderEventsResponse message;
      while (events.size() < count && reader_->Read(&message)) {
        events.insert(events.end(), message.events().begin(), message.events().end());
        cursor_ = message.cursor();
      }
      return events;
    }
    uint64_t cursor() const { return cursor_; }
    grpc::Status Finish() {
      is_finished_ = true;
      context_.TryCancel();
      return reader_->Finish();
    }
    grpc::Status Refusal() {
      is_finished_ = true;
      v1::WatchOrderEventsResponse message;
      EXPECT_FALSE(reader_->Read(&message));
      return reader_->Finish();
    }

   private:
    Orders stub_;
    grpc::ClientContext context_;
    std::unique_ptr<grpc::ClientReader<v1::WatchOrderEventsResponse>> reader_;
    uint64_t cursor_ = 0;
    bool is_finished_ = false;
  };
  static v1::WatchOrderEventsRequest From(uint64_t cursor) {
    v1::WatchOrderEventsRequest request;
    request.set_cursor(cursor);
    return request;
  }
};

TEST_F(OrderReads, OrdersAreListedByWhatTheyAre) {
  Stock("MUG", "S01", 9);
  Stock("MUG", "W01", 9);
  Place("web-1", {{"MUG", 1}});
  clock.Advance(std::chrono::hours(1));
  const Timestamp later = clock.Now();
  auto of_app = PlaceOf("app-2", {{"MUG", 1}});
  of_app.set_channel("app");
  of_app.set_customer_reference("customer-7");
  Place(of_app);
  Place("web-3", {{"MUG", 1}}, "W01", v1::FULFILMENT_METHOD_SHIP);
  Pick("app-2", {{"1", 1}});
  Must(&Orders::CancelUnits, MoveOf<v1::CancelUnitsRequest>("web-1"));

  v1::ListOrdersRequest request;
  EXPECT_EQ(Ids(request), "web-1 app-2 web-3");
  request.set_open_only(true);
  EXPECT_EQ(Ids(request), "app-2 web-3");
  request.set_location("S01");
  EXPECT_EQ(Ids(request), "app-2");
  request.set_open_only(false);
  EXPECT_EQ(Ids(request), "web-1 app-2");
  request.set_state(v1::ORDER_STATE_CANCELLED);
  EXPECT_EQ(Ids(request), "web-1");
  request.Clear();
  request.set_channel("app");
  EXPECT_EQ(Ids(request), "app-2");
  request.Clear();
  request.set_customer_reference("customer-7");
  EXPECT_EQ(Ids(request), "app-2");
  request.Clear();
  *request.mutable_placed_until() = ToProtoTime(later);
  EXPECT_EQ(Ids(request), "web-1");
  request.Clear();
  *request.mutable_placed_from() = ToProtoTime(later);
  EXPECT_EQ(Ids(request), "app-2 web-3");
  request.Clear();
  request.set_page_size(2);
  const v1::ListOrdersResponse page = Must(&Orders::ListOrders, request);
  ASSERT_EQ(page.orders_size(), 2);
  request.set_page_token(page.next_page_token());
  EXPECT_EQ(Ids(request), "web-3");

  const auto refusal = [&](auto change) {
    v1::ListOrdersRequest bad;
    change(bad);
    Call(&Orders::ListOrders, bad);
    return reason;
  };
  EXPECT_EQ(refusal([](auto& r) { r.set_page_size(-1); }), "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.set_page_token("x"); }), "PAGE_TOKEN_INVALID");
  EXPECT_EQ(refusal([](auto& r) { r.set_location("NONE"); }), "LOCATION_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.set_channel("nobody"); }), "CHANNEL_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.set_state(static_cast<v1::OrderState>(99)); }),
            "FIELD_INVALID");
  v1::GetOrderRequest get;
  get.set_order_id("nobody");
  Call(&Orders::GetOrder, get);
  EXPECT_EQ(reason, "ORDER_UNKNOWN");
  get.clear_order_id();
  Call(&Orders::GetOrder, get);
  EXPECT_EQ(reason, "FIELD_INVALID");
}

TEST_F(OrderReads, EventsAreListedInPagesWithTheUnitsTheyMoved) {
  Stock("MUG", "S01", 9);
  Place("web-1", {{"MUG", 3}});
  Place("web-2", {{"MUG", 1}});
  Pick("web-1", {{"1", 2}});
  Miss("web-1", "1", 1, v1::UNIT_REASON_DAMAGED);
  EXPECT_EQ(Story("web-1"), "PLACED PICKING_STARTED PICKED MISSING");
  const v1::OrderEvent last = Events("web-1").back();
  EXPECT_EQ(last.reason(), v1::UNIT_REASON_DAMAGED);
  EXPECT_EQ(last.state(), v1::ORDER_STATE_SHORT);
  EXPECT_EQ(last.location(), "S01");
  EXPECT_EQ(last.fulfilment(), 1);
  ASSERT_EQ(last.lines_size(), 1);
  EXPECT_EQ(last.lines(0).line_id(), "1");
  EXPECT_EQ(last.lines(0).quantity(), 1);

  v1::ListOrderEventsRequest request;
  request.set_page_size(2);
  uint64_t number = 0;
  int events = 0;
  do {
    const v1::ListOrderEventsResponse page = Must(&Orders::ListOrderEvents, request);
    for (const v1::OrderEvent& event : page.events()) {
      EXPECT_EQ(event.number(), ++number);
      ++events;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(events, 5);
  request.set_after_number(4);
  EXPECT_EQ(Must(&Orders::ListOrderEvents, request).events_size(), 1);
  request.set_order_id("nobody");
  Call(&Orders::ListOrderEvents, request);
  EXPECT_EQ(reason, "ORDER_UNKNOWN");
}

// A reader that was cut off at any moment reads every event once, in order, also behind a restart.
TEST_F(OrderReads, AWatchResumesWithoutAGap) {
  Stock("MUG", "S01", 50);
  Place("web-1", {{"MUG", 1}});
  std::vector<uint64_t> numbers;
  uint64_t cursor = 0;
  const auto read = [&](size_t count) {
    Watch watch(client(), From(cursor));
    for (const auto& watched : watch.Read(count)) numbers.push_back(watched.event().number());
    cursor = watch.cursor();
  };
  read(1);
  for (int i = 2; i < 12; ++i) Place("web-" + std::to_string(i), {{"MUG", 1}});
  read(4);
  Restart();
  Pick("web-1", {{"1", 1}});
  read(3);
  Finish("web-1");
  while (numbers.size() < 14) {
    const size_t before = numbers.size();
    read(1);
    ASSERT_GT(numbers.size(), before);
  }
  for (size_t i = 0; i < numbers.size(); ++i) EXPECT_EQ(numbers[i], i + 1);
  EXPECT_EQ(numbers.size(), Events().size());
}

TEST_F(OrderReads, AWatchTellsWhatHappensWhileItIsOpen) {
  Stock("MUG", "S01", 5);
  Place("web-1", {{"MUG", 1}});
  v1::WatchOrderEventsRequest from_now;
  from_now.set_include_codes(true);
  from_now.add_kinds(v1::ORDER_EVENT_KIND_READY);
  from_now.add_kinds(v1::ORDER_EVENT_KIND_RATED);
  // The first message proves that the stream stands before something happens.
  auto from_start = from_now;
  from_start.set_cursor(0);
  from_start.add_kinds(v1::ORDER_EVENT_KIND_PLACED);
  Watch watch(client(), from_start);
  ASSERT_EQ(watch.Read(1).size(), 1U);
  Pick("web-1", {{"1", 1}});
  Finish("web-1");
  const auto ready = watch.Read(1);
  ASSERT_EQ(ready.size(), 1U);
  EXPECT_EQ(ready[0].event().kind(), v1::ORDER_EVENT_KIND_READY);
  EXPECT_EQ(ready[0].pickup_code(), CodeOf("web-1"));
  auto rate = MoveOf<v1::RateOrderRequest>("web-1");
  rate.mutable_rating()->set_nps(9);
  Must(&Orders::RateOrder, rate);
  const auto rated = watch.Read(1);
  ASSERT_EQ(rated.size(), 1U);
  EXPECT_EQ(rated[0].event().fulfilment(), 0);
  EXPECT_EQ(rated[0].pickup_code(), "");
}

TEST_F(OrderReads, AWatchTellsOnlyWhatIsAskedFor) {
  Stock("MUG", "S01", 5);
  Stock("MUG", "S02", 5);
  Stock("MUG", "W01", 5);
  auto app = PlaceOf("app-1", {{"MUG", 1}});
  app.set_channel("app");
  app.set_customer_reference("customer-7");
  Place(app);
  Place("web-2", {{"MUG", 1}}, "S02");
  auto to_store = PlaceOf("web-3", {{"MUG", 1}}, "W01", v1::FULFILMENT_METHOD_SHIP_TO_STORE);
  to_store.mutable_fulfilments(0)->set_destination("S02");
  Place(to_store);
  const auto told = [&](auto change, size_t count) {
    auto request = From(0);
    change(request);
    Watch watch(client(), request);
    std::string ids;
    for (const auto& watched : watch.Read(count)) ids += watched.event().order_id() + " ";
    return ids;
  };
  EXPECT_EQ(told([](auto& r) { r.set_channel("app"); }, 1), "app-1 ");
  EXPECT_EQ(told([](auto& r) { r.add_locations("S02"); }, 2), "web-2 web-3 ")
      << "also what is on its way there";
  EXPECT_EQ(told([](auto& r) { r.set_order_id("web-3"); }, 1), "web-3 ");
  Watch watch(client(), From(0));
  const auto first = watch.Read(1);
  EXPECT_EQ(first.at(0).channel(), "app");
  EXPECT_EQ(first.at(0).customer_reference(), "customer-7");

  const auto refusal = [&](auto change) {
    auto request = From(0);
    change(request);
    return ReasonOf(Watch(client(), request).Refusal());
  };
  EXPECT_EQ(refusal([](auto& r) { r.set_cursor(1'000'000); }), "CURSOR_AHEAD");
  EXPECT_EQ(refusal([](auto& r) { r.add_locations("NONE"); }), "LOCATION_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.set_channel("nobody"); }), "CHANNEL_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.set_order_id("nobody"); }), "ORDER_UNKNOWN");
  EXPECT_EQ(refusal([](auto& r) { r.add_kinds(v1::ORDER_EVENT_KIND_UNSPECIFIED); }),
            "FIELD_INVALID");
  EXPECT_EQ(refusal([](auto& r) {
              for (int i = 0; i < 1001; ++i) r.add_locations("S01");
            }),
            "FIELD_INVALID");
}

TEST_F(OrderReads, ThereAreNoMoreWatchesThanTheLimit) {
  std::vector<std::unique_ptr<Watch>> watches;
  Stock("MUG", "S01", 5);
  Place("web-1", {{"MUG", 1}});
  for (int i = 0; i < 64; ++i) {
    watches.push_back(std::make_unique<Watch>(client(), From(0)));
    ASSERT_EQ(watches.back()->Read(1).size(), 1U);
  }
  EXPECT_EQ(ReasonOf(Watch(client(), From(0)).Refusal()), "STREAMS_EXHAUSTED");
}

}  // namespace
}  // namespace stockd::support
