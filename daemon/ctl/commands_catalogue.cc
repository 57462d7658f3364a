#include <ostream>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/catalogue_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::CatalogueService::Stub;

template <typename Texts>
std::string Join(const Texts& texts, size_t bytes_max) {
  std::string joined;
  for (const std::string& text : texts) {
    if (joined.size() + text.size() > bytes_max) return joined + ", ...";
    if (!joined.empty()) joined += ", ";
    joined += text;
  }
  return joined;
}

std::string MoneyOrNothing(int64_t micros, const std::string& currency) {
  return micros == 0 ? "" : FormatMoney(micros, currency);
}

ExitCode RunItems(Session& session, const Arguments& arguments) {
  v1::ListItemsRequest request;
  request.set_contains(arguments.Text("contains"));
  const v1::ListItemsResponse response = session.client.CallPages(
      &Stub::ListItems, &v1::ListItemsResponse::mutable_items, request, LimitOf(arguments));
  if (session.json) return PrintJson(session, response);
  if (response.items().empty()) {
    session.out << "There is no such item.\n";
    return ExitCode::kOk;
  }
  Table table({{"SKU"},
               {"NAME"},
               {"UNIT"},
               {"SCALE", Align::kRight},
               {"CATEGORY"},
               {"COST", Align::kRight},
               {"PRICE", Align::kRight},
               {"GTINS"}});
  for (const v1::Item& item : response.items()) {
    table.Add({item.sku(), item.name(), item.unit(), int64_t{item.scale()}, item.category(),
               MoneyOrNothing(item.unit_cost_micros(), item.currency()),
               MoneyOrNothing(item.price_micros(), item.currency()), Join(item.gtins(), 40)});
  }
  table.Print(session.out, session.colours);
  NoteIfMore(session, response.next_page_token());
  return ExitCode::kOk;
}

std::string KindName(v1::LocationKind kind) {
  switch (kind) {
    case v1::LOCATION_KIND_WAREHOUSE: return "warehouse";
    case v1::LOCATION_KIND_DARK_STORE: return "dark store";
    default: return "store";
  }
}

std::string CoordinateText(const v1::Location& location) {
  if (!location.has_coordinate()) return "";
  return FormatCoordinate(location.coordinate().latitude(), location.coordinate().longitude());
}

ExitCode RunLocations(Session& session, const Arguments& arguments) {
  const v1::ListLocationsResponse response =
      session.client.CallPages(&Stub::ListLocations, &v1::ListLocationsResponse::mutable_locations,
                               v1::ListLocationsRequest(), LimitOf(arguments));
  if (session.json) return PrintJson(session, response);
  if (response.locations().empty()) {
    session.out << "There is no location yet: see `stockctl import --help`.\n";
    return ExitCode::kOk;
  }
  Table table({{"CODE"}, {"NAME"}, {"KIND"}, {"SHIPS"}, {"COLLECTS"}, {"TIME ZONE"}, {"PLACE"}});
  for (const v1::Location& location : response.locations()) {
    table.Add({location.code(), location.name(), KindName(location.kind()),
               location.ships() ? "yes" : "no", location.collects() ? "yes" : "no",
               location.time_zone(), CoordinateText(location)});
  }
  table.Print(session.out, session.colours);
  NoteIfMore(session, response.next_page_token());
  return ExitCode::kOk;
}

ExitCode RunGroups(Session& session, const Arguments&) {
  const v1::ListGroupsResponse response =
      session.client.Call(&Stub::ListGroups, v1::ListGroupsRequest());
  if (session.json) return PrintJson(session, response);
  if (response.groups().empty()) {
    session.out << "There is no group yet: see `stockctl import --help`.\n";
    return ExitCode::kOk;
  }
  Table table({{"GROUP"}, {"NAME"}, {"SIZE", Align::kRight}, {"LOCATIONS"}});
  for (const v1::Group& group : response.groups()) {
    table.Add({group.group_id(), group.name(), int64_t{group.locations_size()},
               Join(group.locations(), 80)});
  }
  table.Print(session.out, session.colours);
  return ExitCode::kOk;
}

ExitCode RunChannels(Session& session, const Arguments&) {
  const v1::ListChannelsResponse response =
      session.client.Call(&Stub::ListChannels, v1::ListChannelsRequest());
  if (session.json) return PrintJson(session, response);
  if (response.channels().empty()) {
    session.out << "There is no channel yet: see `stockctl import --help`.\n";
    return ExitCode::kOk;
  }
  Table table({{"CHANNEL"}, {"NAME"}, {"BUFFER", Align::kRight}, {"GROUP"}});
  for (const v1::Channel& channel : response.channels()) {
    table.Add({channel.channel_id(), channel.name(), channel.buffer(),
               channel.group_id().empty() ? "all locations" : channel.group_id()});
  }
  table.Print(session.out, session.colours);
  return ExitCode::kOk;
}

}  // namespace

void AddCatalogueCommands(std::vector<Command>& commands) {
  commands.push_back(
      {"items",
       "Catalogue",
       "List items by SKU.",
       "stockctl items --contains mug",
       {Option("contains", "TEXT", "Only SKUs or names with this text."), LimitOption()},
       RunItems});
  commands.push_back({"locations",
                      "Catalogue",
                      "List locations by code.",
                      "stockctl locations",
                      {LimitOption()},
                      RunLocations});
  commands.push_back({"groups",
                      "Catalogue",
                      "List groups of locations.",
                      "stockctl groups --json",
                      {},
                      RunGroups});
  commands.push_back({"channels",
                      "Catalogue",
                      "List channels and what is kept back from them.",
                      "stockctl channels",
                      {},
                      RunChannels});
}

}  // namespace stockd::ctl
