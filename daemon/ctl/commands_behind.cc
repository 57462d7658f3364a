// From a figure to the orders or facts behind it.
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/order_text.h"
#include "daemon/ctl/report_question.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/report_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::ReportService::Stub;

// What the figure is made of: "facts", "orders" or nothing. Throws UsageError when it is unknown.
std::string BehindOf(const Session& session, const std::string& key) {
  const auto figures = session.client.Call(&Stub::ListFigures, v1::ListFiguresRequest());
  for (const v1::Figure& figure : figures.figures()) {
    if (figure.key() == key) return figure.behind();
  }
  throw UsageError("there is no figure \"" + key + "\"; `stockctl figures` lists them");
}

std::string Words(const google::protobuf::RepeatedPtrField<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// "sale", "transfer-out".
std::string KindWord(v1::FactKind kind) {
  constexpr std::string_view kPrefix = "FACT_KIND_";
  std::string word = v1::FactKind_Name(kind).substr(kPrefix.size());
  for (char& c : word) c = c == '_' ? '-' : static_cast<char>(c - 'A' + 'a');
  return word;
}

// By how much it was late, or is when it has not come.
Cell LateCell(const v1::ReportFulfilment& part) {
  if (!part.has_late_by()) return Cell("");
  const auto& late_by = part.late_by();
  return Cell(FormatLength(std::chrono::seconds(late_by.seconds()) +
                           std::chrono::microseconds(late_by.nanos() / 1000)),
              Colour::kBad);
}

void PrintOrders(const Session& session, const v1::ExplainFigureResponse& response) {
  Table table({{"ORDER"},
               {"PART", Align::kRight},
               {"LOCATION"},
               {"CARRIER"},
               {"STATE"},
               {"PROMISED"},
               {"THERE"},
               {"LATE BY", Align::kRight},
               {"WHY"}});
  for (const v1::ReportOrder& order : response.orders()) {
    for (const v1::ReportFulfilment& part : order.fulfilments()) {
      table.Add({order.order_id(), std::to_string(part.number()), part.location(), part.carrier(),
                 StateCell(part.state()),
                 part.has_promise_time() ? FormatSecond(part.promise_time()) : "",
                 part.has_met_time() ? FormatSecond(part.met_time()) : "", LateCell(part),
                 Words(part.reasons())});
    }
  }
  table.Print(session.out, session.colours);
}

void PrintFacts(const Session& session, const v1::ExplainFigureResponse& response) {
  Table table({{"WHEN"},
               {"KIND"},
               {"SKU"},
               {"LOCATION"},
               {"UNITS", Align::kRight},
               {"PRICE", Align::kRight},
               {"REFERENCE"},
               {"SOURCE"},
               {"ENTRY", Align::kRight}});
  for (const v1::ReportFact& row : response.facts()) {
    const v1::Fact& fact = row.fact();
    table.Add({FormatSecond(fact.occurred_at()), KindWord(fact.kind()), fact.sku(), fact.location(),
               std::to_string(fact.quantity()),
               fact.unit_price_micros() == 0
                   ? ""
                   : FormatMoney(fact.unit_price_micros(), fact.currency()),
               fact.reference(), row.source(), std::to_string(row.sequence())});
  }
  table.Print(session.out, session.colours);
}

ExitCode RunBehind(Session& session, const Arguments& arguments) {
  const std::string& key = arguments.Text("figure");
  const std::string behind = BehindOf(session, key);
  if (behind.empty()) throw UsageError("there is nothing to list behind " + key);
  v1::ExplainFigureRequest request;
  *request.mutable_query() = QuestionOf(session, arguments);
  request.mutable_query()->add_figures(key);
  if (arguments.Has("missed")) request.set_orders(v1::REPORT_ORDER_SHARE_NOT_COUNTED);
  if (arguments.Has("counted")) request.set_orders(v1::REPORT_ORDER_SHARE_COUNTED);
  const bool of_orders = behind == "orders";
  const auto response = of_orders
                            ? session.client.CallPages(&Stub::ExplainFigure,
                                                       &v1::ExplainFigureResponse::mutable_orders,
                                                       request, LimitOf(arguments))
                            : session.client.CallPages(&Stub::ExplainFigure,
                                                       &v1::ExplainFigureResponse::mutable_facts,
                                                       request, LimitOf(arguments));
  if (session.json) return PrintJson(session, response);
  if (response.orders().empty() && response.facts().empty()) {
    session.out << "Nothing is behind it there and then.\n";
    return ExitCode::kOk;
  }
  if (of_orders) {
    PrintOrders(session, response);
  } else {
    PrintFacts(session, response);
  }
  NoteIfMore(session, response.next_page_token());
  return ExitCode::kOk;
}

}  // namespace

void AddBehindCommand(std::vector<Command>& commands) {
  std::vector<Argument> arguments = {
      Operand("figure", "FIGURE", "One key, as `stockctl figures` lists them."),
      Flag("missed", "Only orders that it counts and that were not as they should be: late ones."),
      Flag("counted", "Only orders in its numerator: of errors, those with an error.")};
  for (Argument& option : QuestionOptions()) arguments.push_back(std::move(option));
  arguments.push_back(LimitOption());
  commands.push_back({"behind", "Reports", "List the orders or facts behind a figure.",
                      "stockctl behind on_time_delivery --last 30d --carrier dhl --missed\n"
                      "stockctl behind delivery_error_rate --period 2026-10 --counted\n"
                      "stockctl behind net_sales --period 2026-10-01 --location S01",
                      std::move(arguments), RunBehind});
}

}  // namespace stockd::ctl
