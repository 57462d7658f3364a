// Commands that quote, place and show orders.
#include <cstdint>
#include <limits>
#include <memory>
#include <ostream>

#include "daemon/ctl/feed_watcher.h"
#include "daemon/ctl/order_arguments.h"
#include "daemon/ctl/parse_line.h"

namespace stockd::ctl {
namespace {

constexpr std::string_view kGroup = "Orders";
constexpr int64_t kEventsMax = 10'000;

ExitCode RunQuote(Session& session, const Arguments& arguments) {
  v1::QuotePickupRequest request;
  for (const std::string& text : arguments.Texts("lines")) {
    const v1::OrderLineRequest line = ParseOrderLine(text, 1, {});
    v1::CartLine& cart = *request.add_lines();
    cart.set_sku(line.sku());
    cart.set_quantity(line.quantity());
  }
  request.set_channel(arguments.Text("channel"));
  if (arguments.Has("near")) *request.mutable_near() = ParseCoordinate(arguments.Text("near"));
  for (const std::string& location : arguments.Texts("location")) {
    request.add_locations(location);
  }
  request.set_limit(static_cast<int32_t>(arguments.Number("limit", 1, 1000, 0)));
  request.set_possible_only(arguments.Has("possible"));
  request.set_reservation_id(arguments.Text("reservation"));
  request.set_slots_max(static_cast<int32_t>(arguments.Number("slots", 1, 50, 0)));
  const v1::QuotePickupResponse response = session.client.Call(&OrderStub::QuotePickup, request);
  bool possible = false;
  for (const v1::PickupQuote& quote : response.quotes()) possible = possible || quote.possible();
  if (session.json) {
    PrintJson(session, response);
  } else if (response.quotes().empty()) {
    session.out << "Customers collect nowhere.\n";
  } else {
    PrintQuotes(session, response.quotes());
  }
  return possible ? ExitCode::kOk : ExitCode::kNegative;
}

ExitCode RunPlace(Session& session, const Arguments& arguments) {
  v1::PlaceOrderRequest request;
  request.set_order_id(arguments.Text("id"));
  int number = 0;
  for (const std::string& text : arguments.Texts("lines")) {
    *request.add_lines() = ParseOrderLine(text, ++number, arguments.Text("currency"));
  }
  request.set_channel(arguments.Text("channel"));
  request.set_customer_reference(arguments.Text("customer"));
  request.set_reservation_id(arguments.Text("reservation"));
  v1::FulfilmentRequest& part = *request.add_fulfilments();
  part.set_method(arguments.Has("method") ? MethodOf(arguments.Text("method"))
                                          : v1::FULFILMENT_METHOD_PICKUP);
  part.set_location(arguments.Text("location"));
  part.set_destination(arguments.Text("to"));
  if (arguments.Has("slot")) {
    *part.mutable_slot_time() = ParseInstant("slot", arguments.Text("slot"));
  }
  if (arguments.Has("ready")) {
    *part.mutable_promised_ready_time() = ParseInstant("ready", arguments.Text("ready"));
  }
  if (arguments.Has("delivery")) {
    *part.mutable_promised_delivery_time() = ParseInstant("delivery", arguments.Text("delivery"));
  }
  if (arguments.Has("wanted")) {
    *request.mutable_requested_time() = ParseInstant("wanted", arguments.Text("wanted"));
  }
  return FinishMove(session, session.client.Call(&OrderStub::PlaceOrder, request));
}

ExitCode RunList(Session& session, const Arguments& arguments) {
  v1::ListOrdersRequest request;
  request.set_location(arguments.Text("location"));
  request.set_state(StateOf(arguments.Text("state")));
  request.set_open_only(arguments.Has("open"));
  request.set_channel(arguments.Text("channel"));
  request.set_customer_reference(arguments.Text("customer"));
  if (arguments.Has("from")) {
    *request.mutable_placed_from() = ParseInstant("from", arguments.Text("from"));
  }
  if (arguments.Has("until")) {
    *request.mutable_placed_until() = ParseInstant("until", arguments.Text("until"));
  }
  const v1::ListOrdersResponse response = session.client.CallPages(
      &OrderStub::ListOrders, &v1::ListOrdersResponse::mutable_orders, request, LimitOf(arguments));
  if (session.json) return PrintJson(session, response);
  if (response.orders().empty()) {
    session.out << "There is no such order.\n";
    return ExitCode::kOk;
  }
  PrintOrders(session, response.orders());
  NoteIfMore(session, response.next_page_token());
  return ExitCode::kOk;
}

bool IsClosed(v1::OrderState state) { return state >= v1::ORDER_STATE_COLLECTED; }

// Events of orders as they happen; for one order until it is closed.
class OrderFeed {
 public:
  using Request = v1::WatchOrderEventsRequest;
  using Response = v1::WatchOrderEventsResponse;

  OrderFeed(const Session& session, bool with_order) : session_(session), with_order_(with_order) {}

  static auto Open(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context,
                   const Request& request) {
    return OrderStub(channel).WatchOrderEvents(&context, request);
  }
  void Begin() {
    if (!session_.json) session_.err << "Events follow. Ctrl-C ends.\n";
  }
  void Print(const Response& message) {
    if (session_.json) {
      session_.out << ToJson(message) << std::endl;
      return;
    }
    for (const v1::WatchedOrderEvent& watched : message.events()) {
      if (with_order_) session_.out << Printable(watched.event().order_id()) << "  ";
      PrintEvent(session_, watched.event());
      if (!watched.pickup_code().empty()) {
        session_.out << "  pick-up code " << Printable(watched.pickup_code()) << "\n";
      }
    }
    session_.out.flush();
  }
  static int Rows(const Response& message) { return message.events_size(); }
  static void ResumeAt(Request& request, uint64_t cursor) { request.set_cursor(cursor); }

 private:
  const Session& session_;
  bool with_order_;
};

// Follows one order until nothing more is to be done about it.
ExitCode Follow(Session& session, const std::string& order_id, uint64_t cursor) {
  v1::WatchOrderEventsRequest request;
  request.set_order_id(order_id);
  request.set_cursor(cursor);
  const InterruptGuard guard([] {});
  grpc::ClientContext context;
  OrderStub stub(session.client.channel());
  const auto reader = stub.WatchOrderEvents(&context, request);
  v1::WatchOrderEventsResponse message;
  OrderFeed feed(session, /*with_order=*/false);
  bool closed = false;
  while (!closed && !guard.interrupted() && session.out && reader->Read(&message)) {
    feed.Print(message);
    if (message.events().empty()) continue;
    v1::GetOrderRequest get;
    get.set_order_id(order_id);
    closed = IsClosed(session.client.Call(&OrderStub::GetOrder, get).order().state());
  }
  context.TryCancel();
  const grpc::Status status = reader->Finish();
  if (!closed && !guard.interrupted() && session.out) throw CallFailed(status);
  return ExitCode::kOk;
}

ExitCode RunShow(Session& session, const Arguments& arguments) {
  v1::GetOrderRequest request;
  request.set_order_id(arguments.Text("id"));
  request.set_include_codes(arguments.Has("codes"));
  const v1::GetOrderResponse response = session.client.Call(&OrderStub::GetOrder, request);
  v1::ListOrderEventsRequest list;
  list.set_order_id(arguments.Text("id"));
  const v1::ListOrderEventsResponse events = session.client.CallPages(
      &OrderStub::ListOrderEvents, &v1::ListOrderEventsResponse::mutable_events, list, kEventsMax);
  if (session.json) {
    PrintJson(session, response);
    for (const v1::OrderEvent& event : events.events()) session.out << ToJson(event) << "\n";
  } else {
    PrintOrder(session, response.order());
    for (const v1::PickupCode& code : response.codes()) {
      session.out << "Pick-up code of fulfilment " << code.fulfilment() << ": "
                  << Printable(code.code()) << "\n";
    }
    session.out << "\n";
    for (const v1::OrderEvent& event : events.events()) PrintEvent(session, event);
  }
  session.out.flush();
  if (!arguments.Has("follow") || IsClosed(response.order().state())) return ExitCode::kOk;
  const uint64_t cursor =
      events.events().empty() ? 0 : events.events(events.events_size() - 1).number();
  return Follow(session, arguments.Text("id"), cursor);
}

ExitCode RunEvents(Session& session, const Arguments& arguments) {
  v1::WatchOrderEventsRequest request;
  for (const std::string& location : arguments.Texts("location")) {
    request.add_locations(location);
  }
  request.set_channel(arguments.Text("channel"));
  request.set_include_codes(arguments.Has("codes"));
  if (arguments.Has("cursor")) {
    request.set_cursor(static_cast<uint64_t>(
        arguments.Number("cursor", 0, std::numeric_limits<int64_t>::max(), 0)));
  }
  const int64_t messages_max =
      arguments.Number("count", 1, std::numeric_limits<int64_t>::max(), -1);
  return FeedWatcher<OrderFeed>(session, OrderFeed(session, /*with_order=*/true),
                                std::move(request), messages_max)
      .Run();
}

}  // namespace

void AddOrderCommands(std::vector<Command>& commands) {
  const Argument channel = Option("channel", "CHANNEL", "The channel: its group and buffer count.");
  const Argument reservation = Option("reservation", "ID", "The basket's hold.");
  Argument method = Option("method", "METHOD", "How the customer gets it; default: pickup.");
  method.choices = MethodWords();
  Argument state = Option("state", "STATE", "Only those in this state.");
  state.choices = StateWords();
  commands.push_back(
      {"orders quote",
       kGroup,
       "Say where a cart can be collected, when, and why not elsewhere; exits with 4 if nowhere.",
       "stockctl orders quote MUG-1:2 TEA-3:1 --near 41.03,28.98 --channel web",
       {Operands("lines", "SKU:UNITS", "What is in the cart."),
        Option("near", "LAT,LON", "Where the customer is: nearest stores first."),
        Options("location", "LOCATION", "Only there; may be given several times."), channel,
        reservation, Flag("possible", "Only where it is possible."),
        Option("slots", "N", "So many slots to choose from, at most 50."),
        Option("limit", "ROWS", "Stores at most; default 20.")},
       RunQuote});
  commands.push_back(
      {"orders place",
       kGroup,
       "Place an order: claims the units and the picking slot.",
       "stockctl orders place web-1001 MUG-1:2*12.50 TEA-3:1 --location S01 --channel web "
       "--currency EUR\n"
       "stockctl orders place web-1002 MUG-1:1 --location W01 --method ship-to-store --to S01",
       {Operand("id", "ORDER", "Your own id: the same call again gets the same answer."),
        Operands("lines", "[LINE=]SKU:UNITS[*PRICE]",
                 "What is ordered; lines without a name are called 1, 2, ..."),
        Required(Option("location", "LOCATION", "Who picks it.")), method,
        Option("to", "LOCATION", "Who hands it over, for ship-to-store."), channel, reservation,
        Option("slot", "INSTANT", "The picking slot as it was quoted; default: the first free."),
        Option("ready", "INSTANT", "Promised to be ready then; default: what the slot promises."),
        Option("delivery", "INSTANT", "Promised to be delivered then."),
        Option("wanted", "INSTANT", "The customer wants it no earlier."),
        Option("customer", "TEXT", "Your opaque reference to the customer."),
        Option("currency", "CODE", "Of the prices, for example EUR.")},
       RunPlace});
  commands.push_back({"orders list",
                      kGroup,
                      "List orders, in the order they came.",
                      "stockctl orders list --location S01 --open",
                      {Option("location", "LOCATION", "Only those handled there."), state,
                       Flag("open", "Only those that are not closed."),
                       Option("channel", "CHANNEL", "Only of this channel."),
                       Option("customer", "TEXT", "Only of this customer."),
                       Option("from", "INSTANT", "Placed at or after it."),
                       Option("until", "INSTANT", "Placed before it."), LimitOption()},
                      RunList});
  commands.push_back(
      {"orders show",
       kGroup,
       "Show an order: where each unit is, and its whole life.",
       "stockctl orders show web-1001 --follow",
       {OrderOperand(), Flag("follow", "Go on showing what happens, until it is closed."),
        Flag("codes", "Also the pick-up codes; for those who tell them to the customer.")},
       RunShow});
  commands.push_back(
      {"orders events",
       kGroup,
       "Show what happens to orders, as it happens.",
       "stockctl orders events --location S01\n"
       "stockctl orders events --cursor 0 --json",
       {Options("location", "LOCATION", "Only there; may be given several times."),
        Option("channel", "CHANNEL", "Only of this channel."),
        Flag("codes", "Also the pick-up codes; for those who tell them to the customer."),
        Option("cursor", "N", "Go on behind this cursor; 0: from the beginning; else from now on."),
        Option("count", "N", "End after N messages with events.")},
       RunEvents});
}

}  // namespace stockd::ctl
