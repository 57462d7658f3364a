// Commands for the people of a store: what to pick, what was found, what waits.
#include <ostream>

#include "daemon/ctl/order_arguments.h"

namespace stockd::ctl {
namespace {

constexpr std::string_view kGroup = "Orders in the store";

ExitCode RunPicks(Session& session, const Arguments& arguments) {
  v1::ListPicksRequest request;
  request.set_location(arguments.Text("location"));
  request.set_orders_max(static_cast<int32_t>(arguments.Number("orders", 1, 100, 0)));
  request.set_placed_only(arguments.Has("new"));
  const v1::ListPicksResponse response = session.client.Call(&OrderStub::ListPicks, request);
  if (session.json) return PrintJson(session, response);
  if (response.picks().empty()) {
    session.out << "Nothing is to be picked.\n";
    return ExitCode::kOk;
  }
  Table table({{"SHELF"},
               {"SKU"},
               {"NAME"},
               {"PICK", Align::kRight},
               {"ORDER"},
               {"LINE"},
               {"STATE"},
               {"READY BY"}});
  for (const v1::Pick& pick : response.picks()) {
    std::string order = pick.order_id();
    if (pick.fulfilment() > 1) order += " (" + std::to_string(pick.fulfilment()) + ")";
    table.Add({pick.shelf_position(), pick.sku(), pick.name(), pick.quantity(), order,
               pick.line_id(), StateCell(pick.state()),
               FormatDeadline(pick.promised_ready_time(), session.now)});
  }
  table.Print(session.out, session.colours);
  if (response.further_orders() > 0) {
    session.err << response.further_orders() << " further orders wait to be picked.\n";
  }
  return ExitCode::kOk;
}

ExitCode RunHoldings(Session& session, const Arguments& arguments) {
  v1::ListHoldingsRequest request;
  request.set_location(arguments.Text("location"));
  request.set_at_counter_only(arguments.Has("at-counter"));
  request.set_customer_reference(arguments.Text("customer"));
  request.set_limit(static_cast<int32_t>(arguments.Number("limit", 1, 1000, 0)));
  const v1::ListHoldingsResponse response = session.client.Call(&OrderStub::ListHoldings, request);
  if (session.json) return PrintJson(session, response);
  if (response.holdings().empty()) {
    session.out << (arguments.Has("at-counter") ? "Nobody is at the counter.\n"
                                                : "Nothing waits for a customer.\n");
    return ExitCode::kOk;
  }
  Table table({{"ORDER"},
               {"STATE"},
               {"KEPT IN"},
               {"UNITS", Align::kRight},
               {"CUSTOMER"},
               {"AT THE COUNTER"},
               {"KEPT UNTIL"}});
  for (const v1::Holding& holding : response.holdings()) {
    table.Add({holding.order_id(), StateCell(holding.state()), holding.holding_area(),
               holding.units(), holding.customer_reference(),
               holding.state() == v1::ORDER_STATE_CUSTOMER_WAITING
                   ? FormatDeadline(holding.arrive_time(), session.now)
                   : "",
               FormatDeadline(holding.deadline_time(), session.now)});
  }
  table.Print(session.out, session.colours);
  if (response.more()) session.err << "There are more: raise --limit.\n";
  return ExitCode::kOk;
}

ExitCode RunStart(Session& session, const Arguments& arguments) {
  v1::StartPickingRequest request;
  FillMove(session, arguments, request);
  return FinishMove(session, session.client.Call(&OrderStub::StartPicking, request));
}

ExitCode FinishPick(const Session& session, const v1::RecordPickResponse& response) {
  if (session.json) return PrintJson(session, response);
  PrintOrder(session, response.order());
  PrintShortOptions(session, response.options());
  return ExitCode::kOk;
}

// The lines with what is still claimed of them.
void AddClaimed(Session& session, const v1::RecordPickRequest& request,
                google::protobuf::RepeatedPtrField<v1::PickedLine>& lines) {
  v1::GetOrderRequest get;
  get.set_order_id(request.order_id());
  const v1::Order order = session.client.Call(&OrderStub::GetOrder, get).order();
  for (const v1::Fulfilment& part : order.fulfilments()) {
    if (request.fulfilment() != 0 ? part.number() != request.fulfilment()
                                  : order.fulfilments_size() != 1) {
      continue;
    }
    for (const v1::FulfilmentLine& line : part.lines()) {
      if (line.units().claimed() == 0) continue;
      v1::PickedLine& picked = *lines.Add();
      picked.set_line_id(line.line_id());
      picked.set_picked(line.units().claimed());
    }
  }
  if (lines.empty()) {
    throw UsageError("nothing of it is left to pick; see `stockctl orders show " +
                     request.order_id() + "`, and name its --fulfilment if it has several");
  }
}

ExitCode RunPick(Session& session, const Arguments& arguments) {
  v1::RecordPickRequest request;
  FillMove(session, arguments, request);
  for (const std::string& text : arguments.Texts("lines")) {
    const v1::OrderLineQuantity line = ParseMoveLine(text);
    v1::PickedLine& picked = *request.add_lines();
    picked.set_line_id(line.line_id());
    picked.set_picked(line.quantity());
  }
  if (request.lines().empty()) AddClaimed(session, request, *request.mutable_lines());
  return FinishPick(session, session.client.Call(&OrderStub::RecordPick, request));
}

ExitCode RunMissing(Session& session, const Arguments& arguments) {
  v1::RecordPickRequest request;
  FillMove(session, arguments, request);
  for (const std::string& text : arguments.Texts("lines")) {
    const v1::OrderLineQuantity line = ParseMoveLine(text);
    v1::PickedLine& missing = *request.add_lines();
    missing.set_line_id(line.line_id());
    missing.set_missing(line.quantity());
    missing.set_reason(ReasonOf(arguments.Text("reason")));
  }
  return FinishPick(session, session.client.Call(&OrderStub::RecordPick, request));
}

ExitCode RunOptions(Session& session, const Arguments& arguments) {
  v1::ListShortOptionsRequest request;
  request.set_order_id(arguments.Text("id"));
  request.set_fulfilment(static_cast<int32_t>(arguments.Number("fulfilment", 1, 50, 0)));
  AddMoveLines(arguments, request);
  const v1::ListShortOptionsResponse response =
      session.client.Call(&OrderStub::ListShortOptions, request);
  if (session.json) return PrintJson(session, response);
  if (response.options().empty()) session.out << "Nothing is missing.\n";
  PrintShortOptions(session, response.options());
  return ExitCode::kOk;
}

// The line of the request about this line of the order.
v1::UndoneLine& LineOf(v1::UndoPickRequest& request, const std::string& line_id) {
  for (v1::UndoneLine& line : *request.mutable_lines()) {
    if (line.line_id() == line_id) return line;
  }
  v1::UndoneLine& line = *request.add_lines();
  line.set_line_id(line_id);
  return line;
}

ExitCode RunUndo(Session& session, const Arguments& arguments) {
  v1::UndoPickRequest request;
  FillMove(session, arguments, request);
  for (const std::string& text : arguments.Texts("picked")) {
    const v1::OrderLineQuantity line = ParseMoveLine(text);
    LineOf(request, line.line_id()).set_picked(line.quantity());
  }
  for (const std::string& text : arguments.Texts("found")) {
    const v1::OrderLineQuantity line = ParseMoveLine(text);
    LineOf(request, line.line_id()).set_found(line.quantity());
  }
  if (request.lines().empty()) throw UsageError("give --picked, --found or both");
  return FinishMove(session, session.client.Call(&OrderStub::UndoPick, request));
}

ExitCode RunSubstitute(Session& session, const Arguments& arguments) {
  const v1::OrderLineQuantity line = ParseMoveLine(arguments.Text("line"));
  const v1::OrderLineRequest other =
      ParseOrderLine(arguments.Text("other"), 0, arguments.Text("currency"));
  v1::SubstituteLineRequest request;
  FillMove(session, arguments, request);
  request.set_line_id(line.line_id());
  request.set_quantity(line.quantity());
  // A line without a name is called by what it replaces and what it is.
  request.set_substitute_line_id(other.line_id() == "0" ? line.line_id() + "/" + other.sku()
                                                        : other.line_id());
  request.set_substitute_sku(other.sku());
  request.set_substitute_quantity(other.quantity());
  request.set_unit_price_micros(other.unit_price_micros());
  request.set_currency(other.currency());
  return FinishMove(session, session.client.Call(&OrderStub::SubstituteLine, request));
}

ExitCode RunReassign(Session& session, const Arguments& arguments) {
  v1::ReassignUnitsRequest request;
  FillMove(session, arguments, request);
  AddMoveLines(arguments, request);
  request.set_location(arguments.Text("location"));
  request.set_method(MethodOf(arguments.Text("method")));
  request.set_destination(arguments.Text("to"));
  request.set_reason(ReasonOf(arguments.Text("reason")));
  if (arguments.Has("slot")) {
    *request.mutable_slot_time() = ParseInstant("slot", arguments.Text("slot"));
  }
  return FinishMove(session, session.client.Call(&OrderStub::ReassignUnits, request));
}

ExitCode RunReady(Session& session, const Arguments& arguments) {
  v1::FinishPickingRequest request;
  FillMove(session, arguments, request);
  request.set_holding_area(arguments.Text("area"));
  return FinishMove(session, session.client.Call(&OrderStub::FinishPicking, request));
}

}  // namespace

void AddOrderPickingCommands(std::vector<Command>& commands) {
  const Argument location = Operand("location", "LOCATION", "The store.");
  Argument method = Option("method", "METHOD", "How the customer gets them; default: as before.");
  method.choices = MethodWords();
  commands.push_back(
      {"orders picks",
       kGroup,
       "List what a store must pick next, in the order of its shelves.",
       "stockctl orders picks S01 --orders 5",
       {location, Option("orders", "N", "Orders in the wave, at most 100; default 10."),
        Flag("new", "Leave out what somebody has begun to pick.")},
       RunPicks});
  commands.push_back({"orders holdings",
                      kGroup,
                      "List what waits for customers: who is at the counter first.",
                      "stockctl orders holdings S01 --at-counter",
                      {location, Flag("at-counter", "Only who is at the counter."),
                       Option("customer", "TEXT", "Only of this customer."),
                       Option("limit", "ROWS", "Rows at most; default 100.")},
                      RunHoldings});
  commands.push_back({"orders start", kGroup, "Say that somebody picks it.",
                      "stockctl orders start web-1001", MoveArguments({OrderOperand()}), RunStart});
  commands.push_back(
      {"orders pick", kGroup, "Record units taken from the shelf.",
       "stockctl orders pick web-1001\n"
       "stockctl orders pick web-1001 1:2",
       MoveArguments({OrderOperand(), MoveLinesOperand("Units; without any: all of them.")}),
       RunPick});
  commands.push_back(
      {"orders missing", kGroup,
       "Record units not found: corrects the record and says what can be done.",
       "stockctl orders missing web-1001 2:1 --reason damaged",
       MoveArguments({OrderOperand(), Operands("lines", "LINE:UNITS", "What is missing."),
                      ReasonOption("Why; default: not-found.")}),
       RunMissing});
  commands.push_back(
      {"orders options",
       kGroup,
       "Say what can be done about missing units.",
       "stockctl orders options web-1001",
       {OrderOperand(), MoveLinesOperand("About these units; without any: all that are missing."),
        Option("fulfilment", "N", "Which one, if the order has several.")},
       RunOptions});
  commands.push_back(
      {"orders undo", kGroup, "Take back what was recorded: a wrong scan, or units that turned up.",
       "stockctl orders undo web-1001 --found 2:1",
       MoveArguments({OrderOperand(),
                      Options("picked", "LINE:UNITS", "Picked units that were put back."),
                      Options("found", "LINE:UNITS", "Missing units that turned up.")}),
       RunUndo});
  commands.push_back(
      {"orders substitute", kGroup, "Let another item take the place of missing or unpicked units.",
       "stockctl orders substitute web-1001 2:1 TEA-4:1*3.20 --currency EUR",
       MoveArguments({OrderOperand(), Operand("line", "LINE:UNITS", "What is replaced."),
                      Operand("other", "[LINE=]SKU:UNITS[*PRICE]", "What takes its place."),
                      Option("currency", "CODE", "Of the price, for example EUR.")}),
       RunSubstitute});
  commands.push_back(
      {"orders reassign", kGroup, "Let another location take over missing or unpicked units.",
       "stockctl orders reassign web-1001 2:1 --location S02",
       MoveArguments({OrderOperand(), MoveLinesOperand("Units; without any: all of both."),
                      Required(Option("location", "LOCATION", "Who takes over.")), method,
                      Option("to", "LOCATION", "Who hands them over, for ship-to-store."),
                      Option("slot", "INSTANT", "The picking slot as it was quoted."),
                      ReasonOption("Why; default: not-found.")}),
       RunReassign});
  commands.push_back(
      {"orders ready", kGroup, "Say that it is ready for the customer, or packed for the carrier.",
       "stockctl orders ready web-1001 --area \"shelf 3\"",
       MoveArguments({OrderOperand(), Option("area", "TEXT", "Where it is kept.")}), RunReady});
}

}  // namespace stockd::ctl
