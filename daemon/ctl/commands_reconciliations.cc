#include <ostream>
#include <thread>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/parse_line.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/reconciliation_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::ReconciliationService::Stub;

constexpr std::chrono::milliseconds kAskAgainAfter{500};
constexpr std::chrono::minutes kPatience{10};

// "level in flight" for DRIFT_CAUSE_LEVEL_IN_FLIGHT.
std::string CauseName(v1::DriftCause cause) {
  std::string name = v1::DriftCause_Name(cause).substr(std::string_view("DRIFT_CAUSE_").size());
  for (char& c : name) c = c == '_' ? ' ' : static_cast<char>(c - 'A' + 'a');
  return name;
}

std::string ValueText(const v1::Reconciliation& reconciliation) {
  std::string text;
  for (const auto& [currency, micros] : reconciliation.drift_value_micros()) {
    text += (text.empty() ? "" : ", ") + FormatMoney(micros, currency);
  }
  return text;
}

void PrintReconciliations(
    const Session& session,
    const google::protobuf::RepeatedPtrField<v1::Reconciliation>& reconciliations) {
  Table table({{"SOURCE"},
               {"RECONCILIATION"},
               {"AS OF"},
               {"COMPARED", Align::kRight},
               {"DIFFER", Align::kRight},
               {"UNITS", Align::kRight},
               {"REPAIRED", Align::kRight},
               {"VALUE", Align::kRight}});
  for (const v1::Reconciliation& each : reconciliations) {
    const Colour colour = each.drift_positions() > 0 ? Colour::kBad : Colour::kGood;
    table.Add({each.source(), each.reconciliation_id(), FormatSecond(each.as_of()),
               each.position_count(), Cell(each.drift_positions(), colour), each.drift(),
               each.repaired(), ValueText(each)});
  }
  table.Print(session.out, session.colours);
}

v1::GetReconciliationRequest RequestFor(const std::string& source, const std::string& id) {
  v1::GetReconciliationRequest request;
  request.set_source(source);
  request.set_reconciliation_id(id);
  return request;
}

// Prints a reconciliation; kNegative when something differs.
ExitCode Show(Session& session, const v1::GetReconciliationResponse& response) {
  const bool drift = response.reconciliation().drift_positions() > 0;
  const ExitCode exit_code = drift ? ExitCode::kNegative : ExitCode::kOk;
  if (session.json) {
    PrintJson(session, response);
    return exit_code;
  }
  google::protobuf::RepeatedPtrField<v1::Reconciliation> one;
  *one.Add() = response.reconciliation();
  PrintReconciliations(session, one);
  if (response.drifts().empty()) return exit_code;
  session.out << "\n";
  Table table({{"SKU"},
               {"LOCATION"},
               {"EXPECTED", Align::kRight},
               {"STATED", Align::kRight},
               {"VALUE", Align::kRight},
               {"CAUSE"},
               {"REPAIRED"}});
  for (const v1::Drift& each : response.drifts()) {
    table.Add({each.position().sku(), each.position().location(), each.expected(), each.stated(),
               each.currency().empty() ? "" : FormatMoney(each.value_micros(), each.currency()),
               CauseName(each.cause()), each.repaired() ? "yes" : "no"});
  }
  table.Print(session.out, session.colours);
  NoteIfMore(session, response.next_page_token());
  return exit_code;
}

bool IsNotThereYet(const CallFailed& error) {
  return error.status.error_code() == grpc::StatusCode::NOT_FOUND;
}

// Waits until the source's snapshot has come and was compared.
v1::GetReconciliationResponse WaitFor(Session& session, const std::string& source,
                                      const std::string& id) {
  const auto patience = session.client.timeout().value_or(kPatience);
  for (Duration waited{};; waited += kAskAgainAfter) {
    try {
      return session.client.Call(&Stub::GetReconciliation, RequestFor(source, id));
    } catch (const CallFailed& error) {
      if (!IsNotThereYet(error) || waited >= patience) throw;
    }
    std::this_thread::sleep_for(kAskAgainAfter);
  }
}

ExitCode RunReconcile(Session& session, const Arguments& arguments) {
  v1::StartReconciliationRequest request;
  request.set_source(arguments.Text("source"));
  for (const std::string& location : arguments.Texts("location")) request.add_locations(location);
  const v1::StartReconciliationResponse response =
      session.client.Call(&Stub::StartReconciliation, request);
  if (arguments.Has("wait")) {
    return Show(session, WaitFor(session, request.source(), response.reconciliation_id()));
  }
  if (session.json) return PrintJson(session, response);
  session.out << "Asked. See `stockctl reconciliations show " << Printable(request.source()) << " "
              << Printable(response.reconciliation_id()) << "` once its snapshot has come.\n";
  return ExitCode::kOk;
}

ExitCode RunList(Session& session, const Arguments& arguments) {
  v1::ListReconciliationsRequest request;
  request.set_source(arguments.Text("source"));
  const v1::ListReconciliationsResponse response = session.client.CallPages(
      &Stub::ListReconciliations, &v1::ListReconciliationsResponse::mutable_reconciliations,
      request, LimitOf(arguments));
  if (session.json) return PrintJson(session, response);
  if (response.reconciliations().empty()) {
    session.out << "Nothing was compared so far: try `stockctl sources reconcile SOURCE`.\n";
    return ExitCode::kOk;
  }
  PrintReconciliations(session, response.reconciliations());
  NoteIfMore(session, response.next_page_token());
  return ExitCode::kOk;
}

ExitCode RunShow(Session& session, const Arguments& arguments) {
  return Show(session,
              session.client.CallPages(
                  &Stub::GetReconciliation, &v1::GetReconciliationResponse::mutable_drifts,
                  RequestFor(arguments.Text("source"), arguments.Text("id")), LimitOf(arguments)));
}

ExitCode RunRepair(Session& session, const Arguments& arguments) {
  v1::RepairDriftRequest request;
  request.set_source(arguments.Text("source"));
  request.set_reconciliation_id(arguments.Text("id"));
  for (const std::string& text : arguments.Texts("positions")) {
    *request.add_positions() = ParsePosition(text);
  }
  const v1::RepairDriftResponse response =
      session.client.Call(&Stub::RepairDrift, request, kPatience);
  if (session.json) return PrintJson(session, response);
  session.out << response.repaired() << " repaired, " << response.overtaken()
              << " had been counted again since.\n";
  return ExitCode::kOk;
}

}  // namespace

void AddReconciliationCommands(std::vector<Command>& commands) {
  const Argument source = Operand("source", "SOURCE", "The source.");
  const Argument id = Operand("id", "ID", "The reconciliation's id.");
  commands.push_back(
      {"sources reconcile",
       "Sources",
       "Ask a source for its figures and compare them; with --wait exits with 4 if any differs.",
       "stockctl sources reconcile web --wait",
       {source, Options("location", "LOCATION", "Only this location; may be repeated."),
        Flag("wait", "Wait for the source's answer and show what differs.")},
       RunReconcile});
  commands.push_back({"reconciliations list",
                      "Sources",
                      "List comparisons with sources, newest first.",
                      "stockctl reconciliations list --source web",
                      {Option("source", "SOURCE", "Only of this source."), LimitOption()},
                      RunList});
  commands.push_back({"reconciliations show",
                      "Sources",
                      "Show what differed and why; exits with 4 if anything did.",
                      "stockctl reconciliations show web reconcile-1790000000000000",
                      {source, id, LimitOption()},
                      RunShow});
  commands.push_back(
      {"reconciliations repair",
       "Sources",
       "Take the source's figures for true, as counts as of then.",
       "stockctl reconciliations repair web reconcile-1790000000000000 MUG-1@S01",
       {source, id,
        OptionalOperands("positions", "SKU@LOCATION",
                         "These positions; without any: all whose cause is unknown.")},
       RunRepair});
}

}  // namespace stockd::ctl
