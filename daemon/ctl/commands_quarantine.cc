#include <ostream>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/adapter_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::AdapterService::Stub;

ExitCode RunSummary(Session& session, const Arguments& arguments) {
  v1::SummarizeQuarantineRequest request;
  request.set_source(arguments.Text("source"));
  const v1::SummarizeQuarantineResponse response =
      session.client.Call(&Stub::SummarizeQuarantine, request);
  if (session.json) return PrintJson(session, response);
  if (response.groups().empty()) {
    session.out << "Quarantine is empty.\n";
    return ExitCode::kOk;
  }
  Table table({{"FACTS", Align::kRight},
               {"SOURCE"},
               {"REASON"},
               {"NAME"},
               {"SINCE"},
               {"EXAMPLE", Align::kRight},
               {"WHAT MENDS IT"}});
  for (const v1::QuarantineGroup& group : response.groups()) {
    table.Add({group.count(), group.source(), group.reason(), group.name(),
               FormatSecond(group.oldest_time()), group.example_id(), group.command()});
  }
  table.Print(session.out, session.colours);
  session.out << "\nWhy: `stockctl quarantine show ID`. Give up: `stockctl quarantine reject`.\n";
  return ExitCode::kOk;
}

ExitCode RunReject(Session& session, const Arguments& arguments) {
  v1::RejectQuarantinedRequest request;
  for (const std::string& text : arguments.Texts("ids")) {
    const Arguments one({{"quarantine id", {text}}});
    request.add_quarantine_ids(
        one.Number("quarantine id", 1, std::numeric_limits<int64_t>::max(), 0));
  }
  const bool by_id = request.quarantine_ids_size() > 0;
  const bool filtered = arguments.Has("source") && arguments.Has("reason");
  if (by_id && (arguments.Has("source") || arguments.Has("reason"))) {
    throw UsageError("give ids, or --source and --reason, not both");
  }
  if (!by_id && !filtered) throw UsageError("give ids, or both --source and --reason");
  request.set_source(arguments.Text("source"));
  request.set_reason(arguments.Text("reason"));
  request.set_note(arguments.Text("note"));
  const v1::RejectQuarantinedResponse response =
      session.client.Call(&Stub::RejectQuarantined, request, std::chrono::minutes(10));
  if (session.json) return PrintJson(session, response);
  session.out << response.rejected() << " facts were given up. They stay in the database.\n";
  return ExitCode::kOk;
}

}  // namespace

void AddQuarantineCommands(std::vector<Command>& commands) {
  const Argument source = Option("source", "SOURCE", "Only facts of this source.");
  Argument note = Option("note", "TEXT", "Why, kept with the facts.");
  note.required = true;
  commands.push_back({"quarantine",
                      "Sources",
                      "Show what waits and what mends it; then `quarantine replay` or `reject`.",
                      "stockctl quarantine",
                      {source},
                      RunSummary});
  commands.push_back({"quarantine summary",
                      "Sources",
                      "The same as `stockctl quarantine`.",
                      "stockctl quarantine summary --source pos",
                      {source},
                      RunSummary});
  commands.push_back(
      {"quarantine reject",
       "Sources",
       "Take waiting facts off the list for good.",
       "stockctl quarantine reject 42 43 --note 'counted by hand'\n"
       "stockctl quarantine reject --source pos --reason EVENT_DIFFERS --note 'till was reset'",
       {OptionalOperands("ids", "ID", "These; without any: those of both filters."), source,
        Option("reason", "REASON", "Only this reason, for example EVENT_DIFFERS."), note},
       RunReject});
}

}  // namespace stockd::ctl
