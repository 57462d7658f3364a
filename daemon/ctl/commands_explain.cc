#include <functional>
#include <ostream>
#include <string>

#include "daemon/base/time_text.h"
#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/item_units.h"
#include "daemon/ctl/parse_line.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/availability_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::AvailabilityService::Stub;

std::string Claim(const v1::ClaimTerm& claim) {
  std::string text = claim.reservation_id();
  if (!claim.order_id().empty()) text += ", order " + claim.order_id();
  return text;
}

void AddClaims(Table& table, const v1::ExplainAvailabilityResponse& response, bool committed,
               Timestamp now, const std::function<std::string(int64_t)>& text) {
  for (const v1::ClaimTerm& claim : response.claims()) {
    const int64_t units = committed ? claim.committed() : claim.held();
    if (units == 0) continue;
    std::string detail = Claim(claim);
    if (!committed) detail += ", until " + FormatDeadline(claim.expire_time(), now);
    table.Add({"", Cell(text(units), Colour::kDim), Cell("  " + detail, Colour::kDim)});
  }
}

std::string CountText(const v1::ExplainAvailabilityResponse& response) {
  if (!response.has_latest_count()) return "nobody has counted yet";
  const v1::CountTerm& count = response.latest_count();
  std::string text = FormatInstant(count.occurred_at());
  if (!count.source().empty()) text += " by " + count.source();
  if (!count.event_id().empty()) text += ", " + count.event_id();
  return text;
}

// The sum, one term a line.
void PrintSum(const Session& session, const v1::ExplainAvailabilityResponse& response,
              const std::string& channel, const std::function<std::string(int64_t)>& text) {
  const v1::Availability& figure = response.availability();
  const v1::Quantities& quantities = figure.quantities();
  Table table({{"TERM"}, {"UNITS", Align::kRight}, {"FROM"}});
  table.Add({"  latest count", text(response.latest_count().quantity()), CountText(response)});
  table.Add({"+ moved since", text(response.moved_since_count()), ""});
  table.Add(
      {Cell("= on hand", Colour::kStrong), Cell(text(quantities.on_hand()), Colour::kStrong), ""});
  table.Add({"- reserved", text(quantities.reserved()), ""});
  AddClaims(table, response, /*committed=*/false, session.now, text);
  table.Add({"- committed", text(quantities.committed()), ""});
  AddClaims(table, response, /*committed=*/true, session.now, text);
  table.Add({"- safety stock", text(quantities.safety_stock()), ""});
  table.Add(
      {"- buffer", text(figure.buffer()), channel.empty() ? "" : "kept back from " + channel});
  const Colour colour = figure.available() < 0 ? Colour::kBad : Colour::kGood;
  table.Add({Cell("= available", Colour::kStrong), Cell(text(figure.available()), colour),
             figure.available() < 0 ? "below 0: show 0 to customers" : ""});
  table.Print(session.out, session.colours);
  if (response.claims_omitted() > 0) {
    session.out << "and " << response.claims_omitted() << " more claims\n";
  }
  session.out << "\nBesides: " << text(quantities.unsellable()) << " unsellable, "
              << text(quantities.incoming()) << " incoming; version " << figure.version() << ".\n";
}

void PrintEntries(const Session& session, const v1::ExplainAvailabilityResponse& response,
                  const std::function<std::string(int64_t)>& text) {
  if (response.entries().empty()) {
    session.out << "\nNothing has ever happened here.\n";
    return;
  }
  session.out << "\nLatest entries of the journal, newest first:\n";
  Table table({{"SEQUENCE", Align::kRight},
               {"KIND"},
               {"UNITS", Align::kRight},
               {"FROM"},
               {"TO"},
               {"STATED", Align::kRight},
               {"OCCURRED"},
               {"RECORDED"},
               {"SOURCE"},
               {"CAUSE"},
               {"REFERENCE"}});
  for (const v1::JournalEntry& entry : response.entries()) {
    table.Add({static_cast<int64_t>(entry.sequence()), entry.kind(), text(entry.quantity()),
               entry.from_bucket(), entry.to_bucket(),
               entry.source().empty() ? "" : text(entry.stated_quantity()),
               FormatInstant(entry.occurred_at()), FormatInstant(entry.recorded_at()),
               entry.source(), entry.cause(), entry.reference()});
  }
  table.Print(session.out, session.colours);
  if (response.entries_truncated()) session.err << "There are older entries: raise --entries.\n";
}

ExitCode RunExplain(Session& session, const Arguments& arguments) {
  v1::ExplainAvailabilityRequest request;
  *request.mutable_position() = ParsePosition(arguments.Text("position"));
  request.set_channel(arguments.Text("channel"));
  request.set_entries_max(static_cast<int32_t>(arguments.Number("entries", 1, 1000, 20)));
  if (arguments.Has("at")) {
    if (arguments.Has("channel")) {
      throw UsageError("--channel is for the present: buffers of the past are not kept");
    }
    const std::optional<Timestamp> at = ParseTimestamp(arguments.Text("at"));
    if (!at) {
      throw UsageError("\"" + arguments.Text("at") +
                       "\" is not an instant; write it like 2026-11-22T14:30:00Z");
    }
    *request.mutable_at() = ToProto(*at);
  }
  const v1::ExplainAvailabilityResponse response =
      session.client.Call(&Stub::ExplainAvailability, request);
  if (session.json) return PrintJson(session, response);
  session.out << Paint(Printable(request.position().sku()) + " at " +
                           Printable(request.position().location()),
                       Colour::kStrong, session.colours)
              << ", as it was at " << FormatInstant(response.at()) << "\n\n";
  ItemUnits units(session);
  const auto text = [&](int64_t quantity) {
    return units.Format(request.position().sku(), quantity);
  };
  PrintSum(session, response, request.channel(), text);
  if (request.has_at()) {
    session.out << "Safety stock and buffer of the past are not kept: they count as 0 here.\n";
  }
  PrintEntries(session, response, text);
  return ExitCode::kOk;
}

}  // namespace

void AddExplainCommands(std::vector<Command>& commands) {
  commands.push_back(
      {"explain",
       "Stock",
       "Show the exact terms that make up a figure, now or in the past.",
       "stockctl explain MUG-1@S01 --channel web\n"
       "stockctl explain MUG-1@S01 --at 2026-11-22T14:30:00Z",
       {Operand("position", "SKU@LOCATION", "The position."), ChannelOption(),
        Option("at", "INSTANT", "As it was served at this instant (RFC 3339); default: now."),
        Option("entries", "N", "Journal entries to list, 1 to 1000. Default 20.")},
       RunExplain});
}

}  // namespace stockd::ctl
