// Where to take a cart from.
#include <ostream>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/item_units.h"
#include "daemon/ctl/parse_line.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/sourcing_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::SourcingService::Stub;

std::string_view WhyUnused(v1::UnusedReason reason) {
  switch (reason) {
    case v1::UNUSED_REASON_PURPOSE: return "does not serve the purpose";
    case v1::UNUSED_REASON_CHANNEL: return "not in the channel";
    case v1::UNUSED_REASON_NOTHING_AVAILABLE: return "has nothing of it";
    case v1::UNUSED_REASON_NOT_NEEDED: return "the plan is better without it";
    default: return "?";
  }
}

std::string Count(int64_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

// A row for each line; what belongs to the parcel stands in its first.
void PrintParcels(const Session& session, ItemUnits& units, const v1::FulfilmentPlan& plan) {
  Table table({{"PARCEL", Align::kRight},
               {"LOCATION"},
               {"SKU"},
               {"UNITS", Align::kRight},
               {"DISTANCE", Align::kRight},
               {"COST", Align::kRight}});
  int64_t number = 0;
  for (const v1::PlannedParcel& parcel : plan.parcels()) {
    bool first = true;
    ++number;
    for (const v1::LineRequest& line : plan.lines()) {
      if (line.position().location() != parcel.location()) continue;
      const bool has_distance = first && parcel.has_distance_m();
      const auto distance_m = static_cast<double>(parcel.distance_m());
      table.Add({first ? Cell(number) : Cell(""), first ? parcel.location() : "",
                 line.position().sku(), units.Format(line.position().sku(), line.quantity()),
                 has_distance ? FormatDistance(distance_m) : "",
                 first ? FormatMoney(parcel.cost_micros(), "") : ""});
      first = false;
    }
  }
  table.Print(session.out, session.colours);
}

// How good the plan is, and how much better another could be.
void PrintJudgement(const Session& session, const v1::FulfilmentPlan& plan) {
  std::ostream& out = session.out;
  out << Count(plan.parcels_size(), "parcel", "parcels") << ", "
      << "cost " << FormatMoney(plan.cost_micros(), "") << ". ";
  const v1::PlanBound& bound = plan.bound();
  if (plan.exact()) {
    out << "No plan is better.\n";
  } else if (bound.units() > plan.units()) {
    out << "Whether more of it can be had was not found out.\n";
  } else if (bound.parcels() < plan.parcels_size()) {
    out << "Whether " << Count(bound.parcels(), "parcel is", "parcels are")
        << " enough was not found out.\n";
  } else if (bound.cost_micros() < plan.cost_micros()) {
    out << "A plan for less than " << FormatMoney(bound.cost_micros(), "")
        << " there is not; one between was not ruled out.\n";
  } else {
    out << "One that spares scarce stores more was not ruled out.\n";
  }
}

void PrintUnfilled(const Session& session, ItemUnits& units, const v1::FulfilmentPlan& plan) {
  for (const v1::UnfilledLine& line : plan.unfilled_lines()) {
    const std::string text = Printable(line.sku()) + ": " +
                             units.Format(line.sku(), line.planned()) + " of " +
                             units.Format(line.sku(), line.requested()) + ".";
    session.out << Paint(text, Colour::kBad, session.colours) << "\n";
  }
}

void PrintUnused(const Session& session, const v1::PlanFulfilmentResponse& response) {
  Table table({{"NOT USED"}, {"WHY"}});
  for (const v1::UnusedLocation& unused : response.unused_locations()) {
    table.Add({unused.location(), WhyUnused(unused.reason())});
  }
  if (table.empty()) return;
  session.out << "\n";
  table.Print(session.out, session.colours);
}

void PrintHold(const Session& session, const v1::Reservation& reservation) {
  session.out << "Held as "
              << Paint(Printable(reservation.reservation_id()), Colour::kStrong, session.colours)
              << " until " << FormatDeadline(reservation.expire_time(), session.now) << ".\n";
}

v1::PlanFulfilmentRequest RequestOf(const Arguments& arguments, ItemUnits& units) {
  v1::PlanFulfilmentRequest request;
  for (const std::string& line : arguments.Texts("lines")) {
    *request.add_lines() = units.ParsePlanLine(line);
  }
  request.set_channel(arguments.Text("channel"));
  if (arguments.Has("near")) {
    *request.mutable_destination() = ParseCoordinate(arguments.Text("near"));
  }
  for (const std::string& code : arguments.Texts("location")) request.add_locations(code);
  request.set_group(arguments.Text("group"));
  if (arguments.Text("purpose") == "collect") {
    request.set_purpose(v1::FULFILMENT_PURPOSE_COLLECT);
  }
  request.set_parcels_max(static_cast<int32_t>(arguments.Number("parcels", 1, 64, 0)));
  request.set_allow_partial(arguments.Has("partial"));
  request.set_explain_locations(arguments.Has("why"));
  if (arguments.Has("reserve")) {
    v1::PlanReservation& reserve = *request.mutable_reserve();
    reserve.set_reservation_id(arguments.Text("reserve"));
    reserve.set_owner_reference(arguments.Text("owner"));
    const std::optional<Duration> ttl = arguments.DurationOf("ttl");
    if (ttl) *reserve.mutable_ttl() = ToProto(*ttl);
  } else if (arguments.Has("ttl") || arguments.Has("owner")) {
    throw UsageError("--ttl and --owner are about a hold: give --reserve ID too");
  }
  return request;
}

ExitCode RunPlan(Session& session, const Arguments& arguments) {
  ItemUnits units(session);
  const v1::PlanFulfilmentResponse response =
      session.client.Call(&Stub::PlanFulfilment, RequestOf(arguments, units));
  const bool filled = response.plan().unfilled_lines().empty();
  if (session.json) {
    PrintJson(session, response);
  } else {
    std::vector<std::string> skus;
    for (const auto& line : response.plan().lines()) skus.push_back(line.position().sku());
    units.Learn(skus);
    PrintParcels(session, units, response.plan());
    PrintJudgement(session, response.plan());
    PrintUnfilled(session, units, response.plan());
    if (response.has_reservation()) PrintHold(session, response.reservation());
    PrintUnused(session, response);
  }
  return filled ? ExitCode::kOk : ExitCode::kNegative;
}

}  // namespace

void AddSourcingCommands(std::vector<Command>& commands) {
  Argument purpose = Option("purpose", "PURPOSE", "What the locations do; default: ship.");
  purpose.choices = {"ship", "collect"};
  commands.push_back(
      {"plan",
       "Reservations",
       "Find where to take a cart from, in as few parcels as possible; exits with 4 if partial.",
       "stockctl plan MUG-1:2 TEA-3:1 --channel web --near 52.2,21.0\n"
       "stockctl plan MUG-1:2 TEA-3:1 --channel web --reserve basket-17 --ttl 15m",
       {Operands("lines", "SKU:QUANTITY", "What the customer wants."),
        Option("channel", "CHANNEL", "The channel it is for: its buffer and locations count."),
        Option("near", "LAT,LON", "Where it goes; a negative latitude as --near=-33.9,18.4."),
        Options("location", "LOCATION", "Only from there; may be given several times."),
        Option("group", "GROUP", "Only from the locations of this group."), purpose,
        Option("parcels", "N", "Parcels at most, up to 64."),
        Flag("partial", "As much as there is instead of nothing."),
        Flag("why", "Say of each other location why it is not used."),
        Option("reserve", "ID", "Hold the plan under your own id, all or nothing."),
        Option("ttl", "DURATION", "With --reserve: how long; default: the daemon's."),
        Option("owner", "TEXT", "With --reserve: your opaque reference to customer or basket.")},
       RunPlan});
}

}  // namespace stockd::ctl
