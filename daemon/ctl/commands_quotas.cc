// Commands about units that stores and tills may sell while they are cut off.
#include <ostream>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/item_units.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/quota_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::QuotaService::Stub;

std::string_view StateName(v1::QuotaState state) {
  switch (state) {
    case v1::QUOTA_STATE_OPEN: return "open";
    case v1::QUOTA_STATE_OVERDUE: return "overdue";
    case v1::QUOTA_STATE_SETTLED: return "settled";
    default: return "?";
  }
}

template <typename Quotas>
void PrintQuotas(const Session& session, const Quotas& quotas) {
  ItemUnits units(session);
  std::vector<std::string> skus;
  for (const v1::Quota& quota : quotas) skus.push_back(quota.position().sku());
  units.Learn(skus);
  Table table({{"QUOTA"},
               {"STATE"},
               {"HOLDER"},
               {"SKU"},
               {"LOCATION"},
               {"GRANTED", Align::kRight},
               {"SOLD", Align::kRight},
               {"LEFT", Align::kRight},
               {"SELL UNTIL"}});
  for (const v1::Quota& quota : quotas) {
    const std::string& sku = quota.position().sku();
    table.Add({quota.quota_id(), std::string(StateName(quota.state())), quota.holder(), sku,
               quota.position().location(), units.Format(sku, quota.quantity()),
               units.Format(sku, quota.sold()), units.Format(sku, quota.remaining()),
               FormatDeadline(quota.end_time(), session.now)});
  }
  table.Print(session.out, session.colours);
}

template <typename Response>
ExitCode Finish(const Session& session, const Response& response) {
  if (session.json) return PrintJson(session, response);
  PrintQuotas(session, std::vector<v1::Quota>{response.quota()});
  return ExitCode::kOk;
}

ExitCode RunGrant(Session& session, const Arguments& arguments) {
  const v1::LineRequest line = ItemUnits(session).ParseLine(arguments.Text("line"), 1);
  v1::GrantQuotaRequest request;
  request.set_quota_id(arguments.Text("id"));
  request.set_holder(arguments.Text("holder"));
  *request.mutable_position() = line.position();
  request.set_quantity(line.quantity());
  *request.mutable_ttl() = ToProto(arguments.DurationOf("ttl").value_or(Duration::zero()));
  request.set_allow_partial(arguments.Has("partial"));
  return Finish(session, session.client.Call(&Stub::GrantQuota, request));
}

ExitCode RunSettle(Session& session, const Arguments& arguments) {
  v1::SettleQuotaRequest request;
  request.set_quota_id(arguments.Text("id"));
  request.set_sold(arguments.Number("sold", 0, 1'000'000'000'000, 0));
  request.set_force(arguments.Has("force"));
  return Finish(session, session.client.Call(&Stub::SettleQuota, request));
}

ExitCode RunShow(Session& session, const Arguments& arguments) {
  v1::GetQuotaRequest request;
  request.set_quota_id(arguments.Text("id"));
  return Finish(session, session.client.Call(&Stub::GetQuota, request));
}

ExitCode RunList(Session& session, const Arguments& arguments) {
  v1::ListQuotasRequest request;
  request.set_holder(arguments.Text("holder"));
  request.set_include_settled(arguments.Has("all"));
  const v1::ListQuotasResponse response = session.client.CallPages(
      &Stub::ListQuotas, &v1::ListQuotasResponse::mutable_quotas, request, LimitOf(arguments));
  if (session.json) return PrintJson(session, response);
  if (response.quotas().empty()) {
    session.out << "There is no such quota.\n";
    return ExitCode::kOk;
  }
  PrintQuotas(session, response.quotas());
  NoteIfMore(session, response.next_page_token());
  return ExitCode::kOk;
}

}  // namespace

void AddQuotaCommands(std::vector<Command>& commands) {
  const Argument id = Operand("id", "ID", "The quota.");
  commands.push_back(
      {"quotas grant",
       "Offline selling",
       "Set units aside that a store or till may sell while it is cut off.",
       "stockctl quotas grant till-7-monday MUG-1@S01:5 --holder pos/till-7 --ttl 12h",
       {Operand("id", "ID", "Your own id; its sales name it as their reservation."),
        Operand("line", "SKU@LOCATION:QUANTITY", "Which units."),
        Required(Option("holder", "HOLDER", "Who may sell: a source, or a device of it.")),
        Required(Option("ttl", "DURATION", "How long, from 1s to 31d.")),
        Flag("partial", "Take what there is instead of nothing.")},
       RunGrant});
  commands.push_back(
      {"quotas settle",
       "Offline selling",
       "Say that the holder sells no more: what it did not sell returns.",
       "stockctl quotas settle till-7-monday --sold 3",
       {id, Required(Option("sold", "UNITS", "What it sold out of the quota in all.")),
        Flag("force", "Although sales were not told yet: when a till is lost for good.")},
       RunSettle});
  commands.push_back({"quotas show",
                      "Offline selling",
                      "Show one quota.",
                      "stockctl quotas show till-7-monday",
                      {id},
                      RunShow});
  commands.push_back({"quotas list",
                      "Offline selling",
                      "List quotas, oldest first; overdue ones wait to be settled.",
                      "stockctl quotas list --holder pos/till-7",
                      {Option("holder", "HOLDER", "Only of this holder."),
                       Flag("all", "Also those that are settled."), LimitOption()},
                      RunList});
}

}  // namespace stockd::ctl
