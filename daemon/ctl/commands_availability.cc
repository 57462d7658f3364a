#include <ostream>

#include "daemon/ctl/availability_table.h"
#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/parse_line.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/availability_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::AvailabilityService::Stub;

int64_t AtLeast(const Arguments& arguments) {
  return arguments.Number("at-least", 0, 1'000'000'000'000, 0);
}

ExitCode RunGet(Session& session, const Arguments& arguments) {
  v1::GetAvailabilityRequest request;
  request.set_sku(arguments.Text("sku"));
  request.set_location(arguments.Text("location"));
  request.set_group(arguments.Text("group"));
  request.set_channel(arguments.Text("channel"));
  const v1::GetAvailabilityResponse response = session.client.Call(&Stub::GetAvailability, request);
  const v1::Availability& availability = response.availability();
  if (session.json) {
    PrintJson(session, response);
  } else {
    google::protobuf::RepeatedPtrField<v1::Availability> rows;
    *rows.Add() = availability;
    PrintAvailabilities(session, rows,
                        {.group = arguments.Has("group"), .buffer = arguments.Has("channel")});
    if (!availability.ranged()) {
      session.err << "stockd has never heard of this item there: all figures are 0.\n";
    }
  }
  const bool enough = !arguments.Has("at-least") || availability.available() >= AtLeast(arguments);
  return enough ? ExitCode::kOk : ExitCode::kNegative;
}

v1::FulfilmentPurpose PurposeOf(const Arguments& arguments) {
  const std::string& purpose = arguments.Text("purpose");
  if (purpose == "ship") return v1::FULFILMENT_PURPOSE_SHIP;
  if (purpose == "collect") return v1::FULFILMENT_PURPOSE_COLLECT;
  return v1::FULFILMENT_PURPOSE_UNSPECIFIED;
}

ExitCode RunFind(Session& session, const Arguments& arguments) {
  v1::FindAvailabilityRequest request;
  request.set_sku(arguments.Text("sku"));
  request.set_channel(arguments.Text("channel"));
  request.set_purpose(PurposeOf(arguments));
  request.set_quantity_min(AtLeast(arguments));
  if (arguments.Has("near")) *request.mutable_near() = ParseCoordinate(arguments.Text("near"));
  request.set_limit(static_cast<int32_t>(arguments.Number("limit", 1, 1000, 50)));
  const v1::FindAvailabilityResponse response =
      session.client.Call(&Stub::FindAvailability, request);
  const bool none = response.availabilities().empty();
  if (session.json) {
    PrintJson(session, response);
  } else if (none) {
    session.out << "It is at no location that was asked for.\n";
  } else {
    PrintAvailabilities(session, response.availabilities(),
                        {.buffer = arguments.Has("channel"), .distance = arguments.Has("near")});
  }
  return none && arguments.Has("at-least") ? ExitCode::kNegative : ExitCode::kOk;
}

ExitCode RunAvailability(Session& session, const Arguments& arguments) {
  const bool one_place = arguments.Has("location") || arguments.Has("group");
  if (one_place && (arguments.Has("near") || arguments.Has("purpose"))) {
    throw UsageError("--near and --purpose look for locations: leave LOCATION and --group out");
  }
  if (arguments.Has("location") && arguments.Has("group")) {
    throw UsageError("give LOCATION or --group, not both");
  }
  return one_place ? RunGet(session, arguments) : RunFind(session, arguments);
}

ExitCode RunList(Session& session, const Arguments& arguments) {
  if (arguments.Has("location") && arguments.Has("group")) {
    throw UsageError("give --location or --group, not both");
  }
  v1::ListAvailabilityRequest request;
  request.set_location(arguments.Text("location"));
  request.set_group(arguments.Text("group"));
  request.set_channel(arguments.Text("channel"));
  const v1::ListAvailabilityResponse response = session.client.CallPages(
      &Stub::ListAvailability, &v1::ListAvailabilityResponse::mutable_availabilities, request,
      LimitOf(arguments));
  if (session.json) return PrintJson(session, response);
  if (response.availabilities().empty()) {
    session.out << "There is no position.\n";
    return ExitCode::kOk;
  }
  PrintAvailabilities(session, response.availabilities(), {.buffer = arguments.Has("channel")});
  NoteIfMore(session, response.next_page_token());
  return ExitCode::kOk;
}

ExitCode RunCurve(Session& session, const Arguments& arguments) {
  v1::GetAvailabilityCurveRequest request;
  *request.mutable_position() = ParsePosition(arguments.Text("position"));
  request.set_channel(arguments.Text("channel"));
  const v1::GetAvailabilityCurveResponse response =
      session.client.Call(&Stub::GetAvailabilityCurve, request);
  if (session.json) return PrintJson(session, response);
  Table table({{"FROM"}, {"AVAILABLE", Align::kRight}});
  for (const v1::CurvePoint& point : response.points()) {
    table.Add({FormatSecond(point.at()), point.available()});
  }
  table.Print(session.out, session.colours);
  if (response.overdue() > 0) {
    session.out << response.overdue() << " announced units are overdue and not counted.\n";
  }
  return ExitCode::kOk;
}

std::string ClaimsText(const v1::Shortfall& shortfall) {
  std::string text;
  for (const v1::ClaimTerm& claim : shortfall.claims_at_risk()) {
    if (!text.empty()) text += ", ";
    text += claim.reservation_id() + ":" + std::to_string(claim.held() + claim.committed());
    if (!claim.order_id().empty()) text += " (order " + claim.order_id() + ")";
  }
  return text;
}

ExitCode RunShortfalls(Session& session, const Arguments& arguments) {
  v1::ListShortfallsRequest request;
  request.set_location(arguments.Text("location"));
  const v1::ListShortfallsResponse response = session.client.CallPages(
      &Stub::ListShortfalls, &v1::ListShortfallsResponse::mutable_shortfalls, request,
      LimitOf(arguments));
  const ExitCode exit_code = response.shortfalls().empty() ? ExitCode::kOk : ExitCode::kNegative;
  if (session.json) {
    PrintJson(session, response);
    return exit_code;
  }
  if (response.shortfalls().empty()) {
    session.out << "No shortfall: every claim is covered.\n";
    return exit_code;
  }
  Table table({{"SKU"},
               {"LOCATION"},
               {"MISSING", Align::kRight},
               {"ON HAND", Align::kRight},
               {"CLAIMS AT RISK"}});
  for (const v1::Shortfall& shortfall : response.shortfalls()) {
    table.Add({shortfall.position().sku(), shortfall.position().location(),
               Cell(shortfall.missing(), Colour::kBad), shortfall.on_hand(),
               ClaimsText(shortfall)});
  }
  table.Print(session.out, session.colours);
  NoteIfMore(session, response.next_page_token());
  return exit_code;
}

}  // namespace

void AddAvailabilityCommands(std::vector<Command>& commands) {
  Argument purpose = Option("purpose", "PURPOSE", "Only locations that ship, or where to collect.");
  purpose.choices = {"ship", "collect"};
  const Argument at_least = Option("at-least", "N", "Exit with 4 when fewer are available.");
  commands.push_back(
      {"availability",
       "Stock",
       "Show how much of an item may be promised, here or anywhere.",
       "stockctl availability MUG-1 S01 --channel web\n"
       "stockctl availability MUG-1 --near 41.03,28.98 --purpose collect --at-least 2",
       {Operand("sku", "SKU", "The item."),
        OptionalOperand("location", "LOCATION", "Only there; without it: everywhere it is."),
        Option("group", "GROUP", "Summed over this group of locations."), ChannelOption(),
        Option("near", "LAT,LON", "Nearest first; a negative latitude as --near=-33.9,18.4."),
        purpose, at_least, Option("limit", "ROWS", "Locations at most. Default 50.")},
       RunAvailability});
  commands.push_back({"list",
                      "Stock",
                      "List all positions of a location, of a group, or of all.",
                      "stockctl list --location S01",
                      {Option("location", "LOCATION", "Only there."),
                       Option("group", "GROUP", "Only in the locations of this group."),
                       ChannelOption(), LimitOption()},
                      RunList});
  commands.push_back({"curve",
                      "Stock",
                      "Show what may be promised from each date on which supply arrives.",
                      "stockctl curve MUG-1@S01",
                      {Operand("position", "SKU@LOCATION", "The position."), ChannelOption()},
                      RunCurve});
  commands.push_back(
      {"shortfalls",
       "Stock",
       "List positions whose units no longer cover the claims on them; exits with 4 if any.",
       "stockctl shortfalls --location S01",
       {Option("location", "LOCATION", "Only there."), LimitOption()},
       RunShortfalls});
}

}  // namespace stockd::ctl
