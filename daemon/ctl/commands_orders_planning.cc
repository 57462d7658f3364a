// Commands where the planner chooses, and what adapters told of orders.
#include <limits>
#include <ostream>

#include "daemon/ctl/order_arguments.h"
#include "daemon/ctl/parse_line.h"

namespace stockd::ctl {
namespace {

constexpr std::string_view kGroup = "Orders";

ExitCode RunSellElsewhere(Session& session, const Arguments& arguments) {
  v1::SellElsewhereRequest request;
  request.set_order_id(arguments.Text("id"));
  int number = 0;
  for (const std::string& text : arguments.Texts("lines")) {
    *request.add_lines() = ParseOrderLine(text, ++number, arguments.Text("currency"));
  }
  request.set_location(arguments.Text("location"));
  request.set_channel(arguments.Text("channel"));
  request.set_customer_reference(arguments.Text("customer"));
  request.set_method(arguments.Has("to-store") ? v1::FULFILMENT_METHOD_SHIP_TO_STORE
                                               : v1::FULFILMENT_METHOD_SHIP);
  for (const std::string& from : arguments.Texts("from")) request.add_from_locations(from);
  if (arguments.Has("near")) *request.mutable_near() = ParseCoordinate(arguments.Text("near"));
  request.set_parcels_max(static_cast<int32_t>(arguments.Number("parcels", 1, 50, 0)));
  if (arguments.Has("delivery")) {
    *request.mutable_promised_delivery_time() =
        ParseInstant("delivery", arguments.Text("delivery"));
  }
  return FinishMove(session, session.client.Call(&OrderStub::SellElsewhere, request));
}

ExitCode RunReplan(Session& session, const Arguments& arguments) {
  v1::ReplanFulfilmentRequest request;
  FillMove(session, arguments, request);
  AddMoveLines(arguments, request);
  request.set_method(MethodOf(arguments.Text("method")));
  request.set_destination(arguments.Text("to"));
  for (const std::string& location : arguments.Texts("without")) {
    request.add_exclude_locations(location);
  }
  request.set_parcels_max(static_cast<int32_t>(arguments.Number("parcels", 1, 50, 0)));
  request.set_reason(ReasonOf(arguments.Text("reason")));
  return FinishMove(session, session.client.Call(&OrderStub::ReplanFulfilment, request));
}

std::string KindWord(v1::OrderFactKind kind) {
  constexpr std::string_view kPrefix = "ORDER_FACT_KIND_";
  std::string word = v1::OrderFactKind_Name(kind).substr(kPrefix.size());
  for (char& c : word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (c == '_') c = ' ';
  }
  return word;
}

ExitCode ListWaiting(Session& session, const Arguments& arguments) {
  v1::ListWaitingOrderFactsRequest request;
  request.set_source(arguments.Text("source"));
  request.set_order_id(arguments.Text("order"));
  const v1::ListWaitingOrderFactsResponse response = session.client.CallPages(
      &OrderStub::ListWaitingOrderFacts, &v1::ListWaitingOrderFactsResponse::mutable_facts, request,
      LimitOf(arguments));
  if (session.json) return PrintJson(session, response);
  if (response.facts().empty()) {
    session.out << "Nothing waits.\n";
    return ExitCode::kOk;
  }
  Table table({{"NUMBER", Align::kRight},
               {"SOURCE"},
               {"ORDER"},
               {"WHAT"},
               {"HAPPENED"},
               {"WAITS FOR"},
               {"TRIES", Align::kRight}});
  for (const v1::WaitingOrderFact& waiting : response.facts()) {
    table.Add({waiting.waiting_id(), waiting.source(), waiting.fact().order_id(),
               KindWord(waiting.fact().kind()), FormatSecond(waiting.fact().occurred_at()),
               waiting.reason(), int64_t{waiting.attempts()}});
  }
  table.Print(session.out, session.colours);
  NoteIfMore(session, response.next_page_token());
  return ExitCode::kOk;
}

ExitCode RetryWaiting(Session& session, const Arguments& arguments) {
  v1::RetryWaitingOrderFactsRequest request;
  request.set_source(arguments.Text("source"));
  request.set_order_id(arguments.Text("order"));
  const v1::RetryWaitingOrderFactsResponse response =
      session.client.Call(&OrderStub::RetryWaitingOrderFacts, request);
  if (session.json) return PrintJson(session, response);
  session.out << response.applied() << " applied, " << response.duplicates() << " were known, "
              << response.waiting() << " go on waiting.\n";
  return response.waiting() == 0 ? ExitCode::kOk : ExitCode::kNegative;
}

ExitCode RejectWaiting(Session& session, const Arguments& arguments) {
  v1::RejectWaitingOrderFactsRequest request;
  for (const std::string& text : arguments.Texts("reject")) {
    const Arguments one({{"reject", {text}}});
    request.add_waiting_ids(one.Number("reject", 1, std::numeric_limits<int64_t>::max(), 0));
  }
  request.set_note(arguments.Text("note"));
  const v1::RejectWaitingOrderFactsResponse response =
      session.client.Call(&OrderStub::RejectWaitingOrderFacts, request);
  if (session.json) return PrintJson(session, response);
  session.out << response.rejected() << " are off the list.\n";
  return ExitCode::kOk;
}

ExitCode RunWaiting(Session& session, const Arguments& arguments) {
  if (arguments.Has("retry") && arguments.Has("reject")) {
    throw UsageError("give --retry or --reject, not both");
  }
  if (arguments.Has("reject") != arguments.Has("note")) {
    throw UsageError("--reject and --note belong together");
  }
  if (arguments.Has("retry")) return RetryWaiting(session, arguments);
  if (arguments.Has("reject")) return RejectWaiting(session, arguments);
  return ListWaiting(session, arguments);
}

}  // namespace

void AddOrderPlanningCommands(std::vector<Command>& commands) {
  Argument method = Option("method", "METHOD", "How the customer gets them; default: as before.");
  method.choices = {"ship", "ship-to-store"};
  commands.push_back(
      {"orders sell-elsewhere",
       kGroup,
       "Sell at the till what is not here: other locations ship it, to the customer or to here.",
       "stockctl orders sell-elsewhere till-17 MUG-1:1*12.50 --location S01 --to-store",
       {Operand("id", "ORDER", "Your own id: the same call again gets the same answer."),
        Operands("lines", "[LINE=]SKU:UNITS[*PRICE]", "What is sold."),
        Required(Option("location", "LOCATION", "The store where the customer is.")),
        Flag("to-store", "To be collected here; default: shipped to the customer."),
        Option("channel", "CHANNEL", "The store's channel: its group and buffer count."),
        Options("from", "LOCATION", "Only from there; may be given several times."),
        Option("near", "LAT,LON", "Where it goes; default: the store's own place."),
        Option("parcels", "N", "Parcels at most."),
        Option("delivery", "INSTANT", "Promised to be delivered then."),
        Option("customer", "TEXT", "Your opaque reference to the customer."),
        Option("currency", "CODE", "Of the prices, for example EUR.")},
       RunSellElsewhere});
  commands.push_back(
      {"orders replan", kGroup, "Let the planner choose who takes over missing or unpicked units.",
       "stockctl orders replan web-1001 2:1 --without S03",
       MoveArguments({OrderOperand(), MoveLinesOperand("Units; without any: all of both."), method,
                      Option("to", "LOCATION", "Who hands them over, for ship-to-store."),
                      Options("without", "LOCATION", "Never from there."),
                      Option("parcels", "N", "Further parcels at most."),
                      ReasonOption("Why; default: not-found.")}),
       RunReplan});
  commands.push_back(
      {"orders waiting",
       kGroup,
       "List what adapters told of orders and could not be applied yet; try it again, or give it "
       "up.",
       "stockctl orders waiting --source pos\n"
       "stockctl orders waiting --retry\n"
       "stockctl orders waiting --reject 17 --note \"order of another shop\"",
       {Option("source", "SOURCE", "Only of this source."),
        Option("order", "ORDER", "Only about this order."),
        Flag("retry", "Try them again; exits with 4 if some go on waiting."),
        Options("reject", "NUMBER", "Give it up for good; may be given several times."),
        Option("note", "TEXT", "Why it is given up."), LimitOption()},
       RunWaiting});
}

}  // namespace stockd::ctl
