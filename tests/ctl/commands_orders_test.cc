// The commands about orders: what they ask for, and how answers are shown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "stockd/v1/order_service.pb.h"
#include "tests/ctl/run_stockctl.h"
#include "tests/ctl/scripted_server.h"

namespace stockd::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kNoon[] = "2026-11-22T12:00:00Z";

google::protobuf::Timestamp At(const char* text) { return ToProto(*ParseTimestamp(text)); }

v1::Order OrderOf(v1::OrderState state) {
  v1::Order order;
  order.set_order_id("web-1");
  order.set_state(state);
  order.set_channel("web");
  order.set_customer_reference("customer-7");
  *order.mutable_place_time() = At(kNoon);
  v1::OrderLine& line = *order.add_lines();
  line.set_line_id("1");
  line.set_sku("MUG");
  line.set_ordered(3);
  line.set_unit_price_micros(12'500'000);
  line.set_currency("EUR");
  line.mutable_units()->set_claimed(1);
  line.mutable_units()->set_picked(2);
  v1::Fulfilment& part = *order.add_fulfilments();
  part.set_number(1);
  part.set_method(v1::FULFILMENT_METHOD_PICKUP);
  part.set_state(state);
  part.set_location("S01");
  part.set_holding_area("shelf 3");
  *part.mutable_ready_promise()->mutable_first_time() = At("2026-11-22T14:00:00Z");
  *part.mutable_ready_promise()->mutable_current_time() = At("2026-11-22T14:00:00Z");
  *part.mutable_deadline_time() = At("2026-11-25T12:00:00Z");
  v1::FulfilmentLine& claimed = *part.add_lines();
  claimed.set_line_id("1");
  claimed.mutable_units()->set_claimed(1);
  part.add_allowed_moves(v1::ORDER_MOVE_RECORD_PICK);
  return order;
}

v1::OrderEvent EventOf(uint64_t number, v1::OrderEventKind kind, v1::OrderState state) {
  v1::OrderEvent event;
  event.set_number(number);
  event.set_order_id("web-1");
  event.set_fulfilment(1);
  event.set_kind(kind);
  event.set_state(state);
  event.set_location("S01");
  *event.mutable_occur_time() = At(kNoon);
  return event;
}

class OrderCommands : public testing::Test {
 protected:
  Ran Run(std::vector<std::string> words) {
    words.insert(words.end(), {"--server", server_.address()});
    return RunHere(words);
  }
  // Answers this method with the order.
  template <typename Response>
  void AnswerOrder(const std::string& method, v1::OrderState state = v1::ORDER_STATE_PICKING) {
    Response response;
    *response.mutable_order() = OrderOf(state);
    server_.Answer(method, response);
  }
  template <typename Request>
  Request Asked(const std::string& method) {
    const auto requests = server_.Requests<Request>(method);
    EXPECT_FALSE(requests.empty()) << method;
    return requests.empty() ? Request() : requests.back();
  }

  ScriptedServer server_;
};

TEST_F(OrderCommands, AQuoteAsksForTheCartAndShowsWhyNot) {
  v1::QuotePickupResponse response;
  v1::PickupQuote& yes = *response.add_quotes();
  yes.set_location("S01");
  yes.set_distance_m(420);
  yes.set_possible(true);
  *yes.mutable_slot()->mutable_ready_time() = At("2026-11-22T14:00:00Z");
  v1::PickupQuote& no = *response.add_quotes();
  no.set_location("S02");
  no.set_obstacle(v1::PICKUP_OBSTACLE_NO_STOCK);
  v1::LackingItem& lacking = *no.add_lacking();
  lacking.set_sku("MUG");
  lacking.set_wanted(2);
  lacking.set_available(1);
  server_.Answer("QuotePickup", response);
  const Ran ran = Run({"orders", "quote", "MUG:2", "TEA:1", "--near", "50,10", "--channel", "web",
                       "--reservation", "basket", "--slots", "3", "--possible", "--limit", "5"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("420 m"));
  EXPECT_THAT(ran.out, HasSubstr("2026-11-22T14:00:00Z (in 2h)"));
  EXPECT_THAT(ran.out, HasSubstr("no-stock"));
  EXPECT_THAT(ran.out, HasSubstr("MUG (1 of 2)"));
  const auto asked = Asked<v1::QuotePickupRequest>("QuotePickup");
  ASSERT_EQ(asked.lines_size(), 2);
  EXPECT_EQ(asked.lines(0).sku(), "MUG");
  EXPECT_EQ(asked.lines(0).quantity(), 2);
  EXPECT_EQ(asked.near().latitude(), 50);
  EXPECT_EQ(asked.reservation_id(), "basket");
  EXPECT_EQ(asked.slots_max(), 3);
  EXPECT_TRUE(asked.possible_only());
  response.mutable_quotes(0)->set_possible(false);
  server_.Answer("QuotePickup", response);
  EXPECT_EQ(Run({"orders", "quote", "MUG:2"}).exit_code, ExitCode::kNegative);
}

TEST_F(OrderCommands, PlacingNamesLinesByNumberUnlessTheyAreNamed) {
  AnswerOrder<v1::PlaceOrderResponse>("PlaceOrder", v1::ORDER_STATE_PLACED);
  const Ran ran = Run({"orders",
                       "place",
                       "web-1",
                       "MUG:2*12.50",
                       "gift=A:B:1",
                       "--location",
                       "W01",
                       "--method",
                       "ship-to-store",
                       "--to",
                       "S01",
                       "--channel",
                       "web",
                       "--currency",
                       "EUR",
                       "--customer",
                       "customer-7",
                       "--reservation",
                       "basket",
                       "--slot",
                       kNoon,
                       "--ready",
                       "2026-11-22T15:00:00Z",
                       "--delivery",
                       "2026-11-23T15:00:00Z"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("web-1 is placed"));
  EXPECT_THAT(ran.out, HasSubstr("1 claimed, 2 picked"));
  EXPECT_THAT(ran.out, HasSubstr("12.50 EUR"));
  EXPECT_THAT(ran.out, HasSubstr("may be done: record-pick"));
  const auto asked = Asked<v1::PlaceOrderRequest>("PlaceOrder");
  EXPECT_EQ(asked.order_id(), "web-1");
  EXPECT_EQ(asked.lines(0).line_id(), "1");
  EXPECT_EQ(asked.lines(0).unit_price_micros(), 12'500'000);
  EXPECT_EQ(asked.lines(0).currency(), "EUR");
  EXPECT_EQ(asked.lines(1).line_id(), "gift");
  EXPECT_EQ(asked.lines(1).sku(), "A:B");
  EXPECT_EQ(asked.fulfilments(0).method(), v1::FULFILMENT_METHOD_SHIP_TO_STORE);
  EXPECT_EQ(asked.fulfilments(0).location(), "W01");
  EXPECT_EQ(asked.fulfilments(0).destination(), "S01");
  EXPECT_EQ(asked.fulfilments(0).slot_time().seconds(), At(kNoon).seconds());
  EXPECT_TRUE(asked.fulfilments(0).has_promised_delivery_time());
  EXPECT_EQ(asked.reservation_id(), "basket");
}

TEST_F(OrderCommands, WordsThatAreNoLinesAskForNothing) {
  for (const char* line : {"MUG", "MUG:0", "MUG:x", ":1", "=MUG:1", "MUG:1*x", "MUG:1*1.1234567"}) {
    EXPECT_EQ(Run({"orders", "place", "web-1", line, "--location", "S01"}).exit_code,
              ExitCode::kUsage)
        << line;
  }
  for (const char* line : {"1:0", "1:x", ":1", ""}) {
    EXPECT_EQ(Run({"orders", "cancel", "web-1", line}).exit_code, ExitCode::kUsage) << line;
  }
  EXPECT_EQ(Run({"orders", "place", "web-1", "MUG:1"}).exit_code, ExitCode::kUsage) << "where?";
  EXPECT_EQ(Run({"orders", "start", "web-1", "--at", "noon"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"orders", "cancel", "web-1", "--reason", "mood"}).exit_code, ExitCode::kUsage);
}

TEST_F(OrderCommands, AListFiltersAndShowsOneRowForEachOrder) {
  v1::ListOrdersResponse response;
  *response.add_orders() = OrderOf(v1::ORDER_STATE_READY);
  server_.Answer("ListOrders", response);
  const Ran ran = Run({"orders", "list", "--location", "S01", "--state", "customer-waiting",
                       "--open", "--channel", "web", "--customer", "customer-7", "--from", kNoon});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("web-1"));
  EXPECT_THAT(ran.out, HasSubstr("pickup"));
  const auto asked = Asked<v1::ListOrdersRequest>("ListOrders");
  EXPECT_EQ(asked.state(), v1::ORDER_STATE_CUSTOMER_WAITING);
  EXPECT_TRUE(asked.open_only());
  EXPECT_TRUE(asked.has_placed_from());
  server_.Answer("ListOrders", v1::ListOrdersResponse());
  EXPECT_THAT(Run({"orders", "list"}).out, HasSubstr("no such order"));
}

TEST_F(OrderCommands, ShowTellsTheWholeLifeAndFollowsItToItsEnd) {
  v1::GetOrderResponse open;
  *open.mutable_order() = OrderOf(v1::ORDER_STATE_READY);
  open.add_codes()->set_code("402118");
  server_.Answer("GetOrder", open);
  v1::ListOrderEventsResponse events;
  *events.add_events() = EventOf(1, v1::ORDER_EVENT_KIND_PLACED, v1::ORDER_STATE_PLACED);
  v1::OrderEvent& missing = *events.add_events() =
      EventOf(2, v1::ORDER_EVENT_KIND_MISSING, v1::ORDER_STATE_SHORT);
  missing.set_reason(v1::UNIT_REASON_NOT_FOUND);
  missing.set_note("gone");
  v1::OrderLineQuantity& line = *missing.add_lines();
  line.set_line_id("1");
  line.set_quantity(1);
  server_.Answer("ListOrderEvents", events);
  const Ran shown = Run({"orders", "show", "web-1", "--codes"});
  EXPECT_EQ(shown.exit_code, ExitCode::kOk) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("kept until 2026-11-25T12:00:00Z (in 3d)"));
  EXPECT_THAT(shown.out, HasSubstr("402118"));
  EXPECT_THAT(shown.out, HasSubstr("missing: 1 of line 1, not-found - gone"));
  EXPECT_TRUE(Asked<v1::GetOrderRequest>("GetOrder").include_codes());

  v1::WatchOrderEventsResponse collected;
  *collected.add_events()->mutable_event() =
      EventOf(3, v1::ORDER_EVENT_KIND_COLLECTED, v1::ORDER_STATE_COLLECTED);
  collected.set_cursor(3);
  server_.AnswerAll("WatchOrderEvents", {&collected});
  v1::GetOrderResponse closed;
  *closed.mutable_order() = OrderOf(v1::ORDER_STATE_COLLECTED);
  server_.Answer("GetOrder", open);
  server_.Answer("GetOrder", closed);
  const Ran followed = Run({"orders", "show", "web-1", "--follow"});
  EXPECT_EQ(followed.exit_code, ExitCode::kOk) << followed.err;
  EXPECT_THAT(followed.out, HasSubstr("collected"));
  const auto watched = Asked<v1::WatchOrderEventsRequest>("WatchOrderEvents");
  EXPECT_EQ(watched.order_id(), "web-1");
  EXPECT_EQ(watched.cursor(), 2U) << "behind what was shown";
}

TEST_F(OrderCommands, EventsAreShownAsTheyCome) {
  v1::WatchOrderEventsResponse message;
  v1::WatchedOrderEvent& ready = *message.add_events();
  *ready.mutable_event() = EventOf(7, v1::ORDER_EVENT_KIND_READY, v1::ORDER_STATE_READY);
  ready.set_pickup_code("402118");
  message.set_cursor(7);
  server_.AnswerAll("WatchOrderEvents", {&message});
  const Ran ran =
      Run({"orders", "events", "--location", "S01", "--codes", "--cursor", "0", "--count", "1"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("web-1"));
  EXPECT_THAT(ran.out, HasSubstr("402118"));
  EXPECT_THAT(ran.err, HasSubstr("--cursor 7"));
  const auto asked = Asked<v1::WatchOrderEventsRequest>("WatchOrderEvents");
  EXPECT_TRUE(asked.has_cursor());
  EXPECT_TRUE(asked.include_codes());
  const Ran json = Run({"orders", "events", "--json", "--count", "1"});
  EXPECT_THAT(json.out, HasSubstr("\"pickupCode\":\"402118\""));
  EXPECT_FALSE(Asked<v1::WatchOrderEventsRequest>("WatchOrderEvents").has_cursor());
}

TEST_F(OrderCommands, PicksAndHoldingsAreTheStoresLists) {
  v1::ListPicksResponse picks;
  v1::Pick& pick = *picks.add_picks();
  pick.set_shelf_position("A-03-2");
  pick.set_sku("MUG");
  pick.set_name("A mug");
  pick.set_quantity(2);
  pick.set_order_id("web-1");
  pick.set_line_id("1");
  pick.set_state(v1::ORDER_STATE_PLACED);
  *pick.mutable_promised_ready_time() = At("2026-11-22T14:00:00Z");
  picks.set_further_orders(4);
  server_.Answer("ListPicks", picks);
  const Ran ran = Run({"orders", "picks", "S01", "--orders", "5", "--new"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("A-03-2"));
  EXPECT_THAT(ran.err, HasSubstr("4 further orders"));
  EXPECT_EQ(Asked<v1::ListPicksRequest>("ListPicks").orders_max(), 5);
  EXPECT_TRUE(Asked<v1::ListPicksRequest>("ListPicks").placed_only());

  v1::ListHoldingsResponse holdings;
  v1::Holding& holding = *holdings.add_holdings();
  holding.set_order_id("web-1");
  holding.set_state(v1::ORDER_STATE_CUSTOMER_WAITING);
  holding.set_holding_area("shelf 3");
  holding.set_units(3);
  *holding.mutable_arrive_time() = At("2026-11-22T11:58:00Z");
  server_.Answer("ListHoldings", holdings);
  const Ran held = Run({"orders", "holdings", "S01", "--at-counter"});
  EXPECT_THAT(held.out, HasSubstr("shelf 3"));
  EXPECT_THAT(held.out, HasSubstr("(2m ago)"));
  EXPECT_TRUE(Asked<v1::ListHoldingsRequest>("ListHoldings").at_counter_only());
  server_.Answer("ListHoldings", v1::ListHoldingsResponse());
  EXPECT_THAT(Run({"orders", "holdings", "S01", "--at-counter"}).out, HasSubstr("Nobody"));
}

TEST_F(OrderCommands, APickWithoutLinesTakesAllThatIsClaimed) {
  v1::GetOrderResponse get;
  *get.mutable_order() = OrderOf(v1::ORDER_STATE_PICKING);
  server_.Answer("GetOrder", get);
  AnswerOrder<v1::RecordPickResponse>("RecordPick");
  const Ran ran = Run({"orders", "pick", "web-1", "--fulfilment", "1", "--at", kNoon, "--note",
                       "by hand", "--request-id", "r-1"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  auto asked = Asked<v1::RecordPickRequest>("RecordPick");
  ASSERT_EQ(asked.lines_size(), 1);
  EXPECT_EQ(asked.lines(0).picked(), 1);
  EXPECT_EQ(asked.fulfilment(), 1);
  EXPECT_EQ(asked.request_id(), "r-1");
  EXPECT_EQ(asked.note(), "by hand");
  EXPECT_EQ(asked.occur_time().seconds(), At(kNoon).seconds());
  EXPECT_EQ(Run({"orders", "pick", "web-1", "1:2", "2"}).exit_code, ExitCode::kOk);
  asked = Asked<v1::RecordPickRequest>("RecordPick");
  ASSERT_EQ(asked.lines_size(), 2);
  EXPECT_EQ(asked.lines(0).picked(), 2);
  EXPECT_EQ(asked.lines(1).picked(), 1);
  EXPECT_FALSE(asked.request_id().empty());
  get.mutable_order()->mutable_fulfilments(0)->mutable_lines(0)->mutable_units()->clear_claimed();
  server_.Answer("GetOrder", get);
  EXPECT_EQ(Run({"orders", "pick", "web-1"}).exit_code, ExitCode::kUsage);
}

TEST_F(OrderCommands, MissingUnitsShowWhatCanBeDone) {
  v1::RecordPickResponse response;
  *response.mutable_order() = OrderOf(v1::ORDER_STATE_SHORT);
  v1::ShortOptions& options = *response.add_options();
  options.set_line_id("1");
  options.set_sku("MUG");
  options.set_missing(1);
  v1::PickupQuote& store = *options.add_stores();
  store.set_location("S02");
  store.set_distance_m(1300);
  options.set_can_ship(true);
  options.add_ship_locations("W01");
  v1::SubstituteOption& substitute = *options.add_substitutes();
  substitute.set_sku("CUP");
  substitute.set_available(4);
  substitute.set_price_micros(7'000'000);
  substitute.set_currency("EUR");
  server_.Answer("RecordPick", response);
  const Ran ran = Run({"orders", "missing", "web-1", "1:1", "--reason", "damaged"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("collect at S02, 1.3 km"));
  EXPECT_THAT(ran.out, HasSubstr("ship from W01"));
  EXPECT_THAT(ran.out, HasSubstr("substitute CUP, 4 here, 7.00 EUR"));
  const auto asked = Asked<v1::RecordPickRequest>("RecordPick");
  EXPECT_EQ(asked.lines(0).missing(), 1);
  EXPECT_EQ(asked.lines(0).reason(), v1::UNIT_REASON_DAMAGED);

  v1::ListShortOptionsResponse listed;
  *listed.add_options() = options;
  server_.Answer("ListShortOptions", listed);
  EXPECT_THAT(Run({"orders", "options", "web-1", "1:2"}).out, HasSubstr("ship from W01"));
  EXPECT_EQ(Asked<v1::ListShortOptionsRequest>("ListShortOptions").lines(0).quantity(), 2);
}

TEST_F(OrderCommands, EveryMoveIsAskedForWithAllThatItSays) {
  AnswerOrder<v1::StartPickingResponse>("StartPicking");
  EXPECT_EQ(Run({"orders", "start", "web-1"}).exit_code, ExitCode::kOk);
  AnswerOrder<v1::UndoPickResponse>("UndoPick");
  EXPECT_EQ(Run({"orders", "undo", "web-1", "--picked", "1:2", "--found", "1:1"}).exit_code,
            ExitCode::kOk);
  ASSERT_EQ(Asked<v1::UndoPickRequest>("UndoPick").lines_size(), 1);
  EXPECT_EQ(Asked<v1::UndoPickRequest>("UndoPick").lines(0).found(), 1);
  EXPECT_EQ(Run({"orders", "undo", "web-1"}).exit_code, ExitCode::kUsage);
  AnswerOrder<v1::SubstituteLineResponse>("SubstituteLine");
  EXPECT_EQ(Run({"orders", "substitute", "web-1", "1:2", "TEA:3*4", "--currency", "EUR"}).exit_code,
            ExitCode::kOk);
  const auto substitute = Asked<v1::SubstituteLineRequest>("SubstituteLine");
  EXPECT_EQ(substitute.line_id(), "1");
  EXPECT_EQ(substitute.quantity(), 2);
  EXPECT_EQ(substitute.substitute_line_id(), "1/TEA");
  EXPECT_EQ(substitute.substitute_sku(), "TEA");
  EXPECT_EQ(substitute.substitute_quantity(), 3);
  EXPECT_EQ(substitute.unit_price_micros(), 4'000'000);
  AnswerOrder<v1::ReassignUnitsResponse>("ReassignUnits");
  EXPECT_EQ(Run({"orders", "reassign", "web-1", "1:1", "--location", "W01", "--method",
                 "ship-to-store", "--to", "S01", "--reason", "store", "--slot", kNoon})
                .exit_code,
            ExitCode::kOk);
  const auto reassign = Asked<v1::ReassignUnitsRequest>("ReassignUnits");
  EXPECT_EQ(reassign.location(), "W01");
  EXPECT_EQ(reassign.destination(), "S01");
  EXPECT_EQ(reassign.reason(), v1::UNIT_REASON_STORE);
  AnswerOrder<v1::FinishPickingResponse>("FinishPicking", v1::ORDER_STATE_READY);
  EXPECT_THAT(Run({"orders", "ready", "web-1", "--area", "shelf 3"}).out, HasSubstr("kept in"));
  EXPECT_EQ(Asked<v1::FinishPickingRequest>("FinishPicking").holding_area(), "shelf 3");
  AnswerOrder<v1::ShipUnitsResponse>("ShipUnits");
  EXPECT_EQ(Run({"orders", "ship", "web-1", "--shipment", "P-1", "--carrier", "dhl", "--service",
                 "next-day", "--tracking", "0034", "--parcels", "2"})
                .exit_code,
            ExitCode::kOk);
  EXPECT_EQ(Asked<v1::ShipUnitsRequest>("ShipUnits").shipment().parcels(), 2);
  EXPECT_EQ(Asked<v1::ShipUnitsRequest>("ShipUnits").shipment().tracking_number(), "0034");
  AnswerOrder<v1::ReceiveAtStoreResponse>("ReceiveAtStore");
  EXPECT_EQ(Run({"orders", "receive", "web-1", "1:1", "--area", "back"}).exit_code, ExitCode::kOk);
  AnswerOrder<v1::RecordArrivalResponse>("RecordArrival");
  EXPECT_EQ(Run({"orders", "arrived", "web-1"}).exit_code, ExitCode::kOk);
  AnswerOrder<v1::HandOverResponse>("HandOver");
  EXPECT_EQ(Run({"orders", "hand-over", "web-1"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"orders", "hand-over", "web-1", "--code", "402118"}).exit_code, ExitCode::kOk);
  EXPECT_EQ(Asked<v1::HandOverRequest>("HandOver").code(), "402118");
  EXPECT_EQ(Run({"orders", "hand-over", "web-1", "--without-code", "--note", "known"}).exit_code,
            ExitCode::kOk);
  EXPECT_TRUE(Asked<v1::HandOverRequest>("HandOver").without_code());
  AnswerOrder<v1::RecordAttemptResponse>("RecordAttempt");
  EXPECT_EQ(Run({"orders", "attempt", "web-1", "--shipment", "P-1"}).exit_code, ExitCode::kOk);
  AnswerOrder<v1::RecordDeliveryResponse>("RecordDelivery");
  EXPECT_EQ(Run({"orders", "delivered", "web-1", "1:1"}).exit_code, ExitCode::kOk);
  AnswerOrder<v1::RecordExceptionResponse>("RecordException");
  EXPECT_EQ(Run({"orders", "exception", "web-1", "wrong-item", "1:1"}).exit_code, ExitCode::kOk);
  EXPECT_EQ(Asked<v1::RecordExceptionRequest>("RecordException").kind(),
            v1::DELIVERY_EXCEPTION_KIND_WRONG_ITEM);
  AnswerOrder<v1::CancelUnitsResponse>("CancelUnits");
  EXPECT_EQ(Run({"orders", "cancel", "web-1", "--reason", "late"}).exit_code, ExitCode::kOk);
  EXPECT_EQ(Asked<v1::CancelUnitsRequest>("CancelUnits").reason(), v1::UNIT_REASON_LATE);
  AnswerOrder<v1::ReturnUnitsResponse>("ReturnUnits");
  EXPECT_EQ(Run({"orders", "return", "web-1", "--location", "S02", "--unsellable"}).exit_code,
            ExitCode::kOk);
  EXPECT_TRUE(Asked<v1::ReturnUnitsRequest>("ReturnUnits").unsellable());
  v1::ReissueCodeResponse code;
  code.set_code("402118");
  server_.Answer("ReissueCode", code);
  EXPECT_THAT(Run({"orders", "code", "web-1"}).out, HasSubstr("402118"));
  AnswerOrder<v1::ExtendDeadlineResponse>("ExtendDeadline");
  EXPECT_EQ(Run({"orders", "extend", "web-1", "--until", kNoon}).exit_code, ExitCode::kOk);
  AnswerOrder<v1::RevisePromiseResponse>("RevisePromise");
  EXPECT_EQ(Run({"orders", "promise", "web-1"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"orders", "promise", "web-1", "--ready", kNoon}).exit_code, ExitCode::kOk);
  AnswerOrder<v1::RateOrderResponse>("RateOrder");
  EXPECT_EQ(Run({"orders", "rate", "web-1"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"orders", "rate", "web-1", "--nps", "0", "--csat", "5"}).exit_code, ExitCode::kOk);
  EXPECT_TRUE(Asked<v1::RateOrderRequest>("RateOrder").rating().has_nps());
}

TEST_F(OrderCommands, ThePlannersCommandsSayWhatItMayUse) {
  AnswerOrder<v1::SellElsewhereResponse>("SellElsewhere");
  EXPECT_EQ(Run({"orders", "sell-elsewhere", "till-1", "MUG:1", "--location", "S01", "--to-store",
                 "--from", "W01", "--from", "S02", "--parcels", "2"})
                .exit_code,
            ExitCode::kOk);
  const auto sale = Asked<v1::SellElsewhereRequest>("SellElsewhere");
  EXPECT_EQ(sale.method(), v1::FULFILMENT_METHOD_SHIP_TO_STORE);
  EXPECT_EQ(sale.from_locations_size(), 2);
  EXPECT_EQ(sale.parcels_max(), 2);
  AnswerOrder<v1::ReplanFulfilmentResponse>("ReplanFulfilment");
  EXPECT_EQ(Run({"orders", "replan", "web-1", "1:1", "--without", "S03"}).exit_code, ExitCode::kOk);
  EXPECT_EQ(Asked<v1::ReplanFulfilmentRequest>("ReplanFulfilment").exclude_locations(0), "S03");
}

TEST_F(OrderCommands, WaitingFactsAreListedTriedAndGivenUp) {
  v1::ListWaitingOrderFactsResponse response;
  v1::WaitingOrderFact& waiting = *response.add_facts();
  waiting.set_waiting_id(17);
  waiting.set_source("dhl");
  waiting.set_reason("ORDER_UNKNOWN");
  waiting.mutable_fact()->set_order_id("web-9");
  waiting.mutable_fact()->set_kind(v1::ORDER_FACT_KIND_DELIVERY_ATTEMPTED);
  server_.Answer("ListWaitingOrderFacts", response);
  const Ran ran = Run({"orders", "waiting", "--source", "dhl"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("delivery attempted"));
  EXPECT_THAT(ran.out, HasSubstr("ORDER_UNKNOWN"));
  v1::RetryWaitingOrderFactsResponse retried;
  retried.set_waiting(1);
  server_.Answer("RetryWaitingOrderFacts", retried);
  EXPECT_EQ(Run({"orders", "waiting", "--retry"}).exit_code, ExitCode::kNegative);
  v1::RejectWaitingOrderFactsResponse rejected;
  rejected.set_rejected(2);
  server_.Answer("RejectWaitingOrderFacts", rejected);
  EXPECT_EQ(Run({"orders", "waiting", "--reject", "17"}).exit_code, ExitCode::kUsage);
  EXPECT_THAT(Run({"orders", "waiting", "--reject", "17", "--reject", "18", "--note", "no"}).out,
              HasSubstr("2 are off"));
  EXPECT_EQ(Asked<v1::RejectWaitingOrderFactsRequest>("RejectWaitingOrderFacts").waiting_ids(1),
            18);
}

TEST_F(OrderCommands, ARefusalSaysWhatCanBeDone) {
  server_.Refuse("HandOver", grpc::StatusCode::FAILED_PRECONDITION, "CODE_WRONG",
                 "The code is not the one.", {});
  const Ran ran = Run({"orders", "hand-over", "web-1", "--code", "1"});
  EXPECT_NE(ran.exit_code, ExitCode::kOk);
  EXPECT_THAT(ran.err, HasSubstr("stockctl orders code"));
}

TEST_F(OrderCommands, EveryCommandHasHelpWithAnExample) {
  int commands = 0;
  for (const Command& command : Commands()) {
    if (!command.name.starts_with("orders ")) continue;
    ++commands;
    const std::string name(command.name.substr(command.name.find(' ') + 1));
    EXPECT_THAT(Run({"orders", name, "--help"}).out, HasSubstr("stockctl orders " + name));
  }
  EXPECT_EQ(commands, 31);
}

}  // namespace
}  // namespace stockd::ctl
