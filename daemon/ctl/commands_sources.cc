#include <algorithm>
#include <ostream>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/adapter_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::AdapterService::Stub;

Cell BadUnlessZero(int64_t number) {
  return Cell(number, number == 0 ? Colour::kPlain : Colour::kBad);
}

// "-" while nothing is known.
std::string FormatLag(int64_t lag_us) {
  if (lag_us == 0) return "-";
  const Duration lag(std::max<int64_t>(0, lag_us));
  if (lag >= std::chrono::seconds(1)) return FormatLength(lag);
  return std::to_string((lag_us + 999) / 1000) + "ms";
}

ExitCode RunSources(Session& session, const Arguments&) {
  const v1::ListSourcesResponse response =
      session.client.Call(&Stub::ListSources, v1::ListSourcesRequest());
  if (session.json) return PrintJson(session, response);
  if (response.sources().empty()) {
    session.out << "No source is configured: add a [[source]] to the daemon's configuration.\n";
    return ExitCode::kOk;
  }
  // Within 120 columns; --json has the rest.
  Table table({{"SOURCE"},
               {"KIND"},
               {"SESSION"},
               {"FACTS LATE", Align::kRight},
               {"LEVEL LAG", Align::kRight},
               {"LEVELS P99", Align::kRight},
               {"DRIFT", Align::kRight},
               {"MISSING", Align::kRight},
               {"REFUSED", Align::kRight},
               {"ECHOES", Align::kRight},
               {"QUARANTINED", Align::kRight},
               {"OUTBOX", Align::kRight}});
  for (const v1::Source& source : response.sources()) {
    const Cell session_cell =
        source.connected() ? Cell("open", Colour::kGood) : Cell("closed", Colour::kBad);
    table.Add({source.source(), source.kind(), session_cell, FormatLag(source.fact_lag_us()),
               static_cast<int64_t>(source.level_lag()), FormatLag(source.level_lag_p99_us()),
               source.has_reconcile_time() ? BadUnlessZero(source.drift()) : Cell("-"),
               BadUnlessZero(source.missing_numbers()), BadUnlessZero(source.refused_levels()),
               source.echoes(), BadUnlessZero(source.quarantined()),
               source.has_health() ? Cell(source.health().outbox_depth()) : Cell("-")});
  }
  table.Print(session.out, session.colours);
  for (const v1::Source& source : response.sources()) {
    if (source.health().trouble().empty()) continue;
    session.out << Paint(Printable(source.source() + ": " + source.health().trouble()),
                         Colour::kBad, session.colours)
                << "\n";
  }
  return ExitCode::kOk;
}

// "sale" for FACT_KIND_SALE.
std::string KindName(v1::FactKind kind) {
  std::string name = v1::FactKind_Name(kind).substr(std::string_view("FACT_KIND_").size());
  for (char& c : name) c = c == '_' ? ' ' : static_cast<char>(c - 'A' + 'a');
  return name;
}

ExitCode RunQuarantineList(Session& session, const Arguments& arguments) {
  v1::ListQuarantineRequest request;
  request.set_source(arguments.Text("source"));
  request.set_reason(arguments.Text("reason"));
  const v1::ListQuarantineResponse response =
      session.client.CallPages(&Stub::ListQuarantine, &v1::ListQuarantineResponse::mutable_facts,
                               request, LimitOf(arguments));
  if (session.json) return PrintJson(session, response);
  if (response.facts().empty()) {
    session.out << "Quarantine is empty.\n";
    return ExitCode::kOk;
  }
  Table table({{"ID", Align::kRight},
               {"SOURCE"},
               {"REASON"},
               {"KIND"},
               {"SKU"},
               {"LOCATION"},
               {"UNITS", Align::kRight},
               {"OCCURRED"},
               {"TRIED", Align::kRight},
               {"EVENT"}});
  for (const v1::Quarantined& waiting : response.facts()) {
    const v1::Fact& fact = waiting.fact();
    table.Add({waiting.quarantine_id(), waiting.source(), waiting.reason(), KindName(fact.kind()),
               fact.sku(), fact.location(), fact.quantity(), FormatSecond(fact.occurred_at()),
               int64_t{waiting.attempts()}, fact.event_id()});
  }
  table.Print(session.out, session.colours);
  NoteIfMore(session, response.next_page_token());
  return ExitCode::kOk;
}

constexpr int64_t kIdMax = std::numeric_limits<int64_t>::max();

ExitCode RunQuarantineShow(Session& session, const Arguments& arguments) {
  v1::GetQuarantinedRequest request;
  request.set_quarantine_id(arguments.Number("id", 1, kIdMax, 0));
  const v1::GetQuarantinedResponse response = session.client.Call(&Stub::GetQuarantined, request);
  if (session.json) return PrintJson(session, response);
  const v1::Quarantined& waiting = response.fact();
  const v1::Fact& fact = waiting.fact();
  Table table({{"FIELD"}, {"VALUE"}});
  const auto add = [&table](const char* field, const std::string& value) {
    if (!value.empty()) table.Add({field, value});
  };
  add("id", std::to_string(waiting.quarantine_id()));
  add("source", waiting.source());
  add("reason", waiting.reason());
  add("received", FormatInstant(waiting.receive_time()));
  add("tried", std::to_string(waiting.attempts()) + " times");
  add("event", fact.event_id());
  add("kind", KindName(fact.kind()));
  add("item", fact.sku());
  add("location", fact.location());
  add("units", std::to_string(fact.quantity()));
  add("occurred", FormatInstant(fact.occurred_at()));
  add("reference", fact.reference());
  add("reservation", fact.reservation_id());
  add("channel", fact.channel());
  add("fulfilled by", fact.fulfilment_channel());
  add("customer", fact.customer_reference());
  add("returns", fact.original_reference());
  if (fact.unit_price_micros() != 0) {
    add("unit price", FormatMoney(fact.unit_price_micros(), fact.currency()));
  }
  add("supply", fact.supply_id());
  table.Print(session.out, session.colours);
  if (!waiting.advice().empty()) session.out << "\n" << Printable(waiting.advice()) << "\n";
  return ExitCode::kOk;
}

ExitCode RunQuarantineReplay(Session& session, const Arguments& arguments) {
  v1::ReplayQuarantineRequest request;
  for (const std::string& text : arguments.Texts("ids")) {
    const Arguments one({{"quarantine id", {text}}});
    request.add_quarantine_ids(one.Number("quarantine id", 1, kIdMax, 0));
  }
  const bool filtered = arguments.Has("source") || arguments.Has("reason");
  if (filtered && request.quarantine_ids_size() > 0) {
    throw UsageError("give ids, or --source and --reason, not both");
  }
  request.set_source(arguments.Text("source"));
  request.set_reason(arguments.Text("reason"));
  request.set_accept_late(arguments.Has("accept-late"));
  const v1::ReplayQuarantineResponse response =
      session.client.Call(&Stub::ReplayQuarantine, request, std::chrono::minutes(10));
  if (session.json) {
    PrintJson(session, response);
  } else {
    session.out << response.applied() << " applied, " << response.duplicates()
                << " had been applied before, " << response.waiting() << " still wait.\n";
    if (response.waiting() > 0) {
      session.out << "See why with `stockctl quarantine list`.\n";
    }
  }
  return response.waiting() > 0 ? ExitCode::kNegative : ExitCode::kOk;
}

}  // namespace

void AddSourceCommands(std::vector<Command>& commands) {
  const Argument source = Option("source", "SOURCE", "Only facts of this source.");
  const Argument reason = Option("reason", "REASON", "Only this reason, for example SKU_UNKNOWN.");
  commands.push_back({"sources",
                      "Sources",
                      "List the systems that may connect and how they fare.",
                      "stockctl sources",
                      {},
                      RunSources});
  commands.push_back({"quarantine list",
                      "Sources",
                      "List facts that wait because they could not be applied, oldest first.",
                      "stockctl quarantine list --reason SKU_UNKNOWN",
                      {source, reason, LimitOption()},
                      RunQuarantineList});
  commands.push_back({"quarantine show",
                      "Sources",
                      "Show one waiting fact and what to do about it.",
                      "stockctl quarantine show 42",
                      {Operand("id", "ID", "Its number in quarantine.")},
                      RunQuarantineShow});
  commands.push_back(
      {"quarantine replay",
       "Sources",
       "Try waiting facts again; exits with 4 if some still wait.",
       "stockctl quarantine replay 42 43\n"
       "stockctl quarantine replay --reason OCCURRED_TOO_LONG_AGO --accept-late",
       {OptionalOperands("ids", "ID", "These; without any: all, or those of the filters."), source,
        reason, Flag("accept-late", "Take facts also that are beyond a limit of time.")},
       RunQuarantineReplay});
}

}  // namespace stockd::ctl
