// What figures need and no fact tells: how often shops were visited, and who saw what online.
#include <ostream>
#include <string>
#include <vector>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/report_period.h"
#include "daemon/ctl/report_question.h"
#include "stockd/v1/report_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::ReportService::Stub;

ExitCode RunVisits(Session& session, const Arguments& arguments) {
  v1::RecordVisitsRequest request;
  v1::VisitCount& count = *request.add_counts();
  count.set_channel(arguments.Text("channel"));
  count.set_location(arguments.Text("location"));
  *count.mutable_begin_time() = ToProto(ParsePeriodEdge("hour", arguments.Text("hour"), ""));
  count.set_visits(arguments.Number("visits", 0, 1'000'000'000'000, 0));
  const auto response = session.client.Call(&Stub::RecordVisits, request);
  if (session.json) return PrintJson(session, response);
  session.out << "Recorded.\n";
  return ExitCode::kOk;
}

ExitCode RunContact(Session& session, const Arguments& arguments) {
  v1::RecordContactsRequest request;
  v1::OnlineContact& contact = *request.add_contacts();
  contact.set_customer_reference(arguments.Text("customer"));
  contact.set_sku(arguments.Text("sku"));
  contact.set_channel(arguments.Text("channel"));
  *contact.mutable_time() = ToProto(ParsePeriodEdge("at", arguments.Text("at"), ""));
  const auto response = session.client.Call(&Stub::RecordContacts, request);
  if (session.json) return PrintJson(session, response);
  session.out << "Recorded.\n";
  return ExitCode::kOk;
}

}  // namespace

void AddVisitsCommand(std::vector<Command>& commands) {
  commands.push_back({"visits",
                      "Reports",
                      "Record how often a channel was visited within an hour, for its conversion.",
                      "stockctl visits web 2026-10-01T14:00:00Z 1834",
                      {Operand("channel", "CHANNEL", "As orders and sales name it."),
                       Operand("hour", "HOUR", "Begin of the hour, in UTC."),
                       Operand("visits", "COUNT", "Visits within it."),
                       Option("location", "LOCATION", "Whose door or page was counted.")},
                      RunVisits});
  commands.push_back({"contact",
                      "Reports",
                      "Record that a customer looked at an item online, for ropo_share.",
                      "stockctl contact customer-343 MUG web 2026-10-01T14:03:20Z",
                      {Operand("customer", "CUSTOMER", "The reference that its sales carry."),
                       Operand("sku", "SKU", "The item."), Operand("channel", "CHANNEL", "Where."),
                       Operand("at", "INSTANT", "When, in UTC.")},
                      RunContact});
}

}  // namespace stockd::ctl
