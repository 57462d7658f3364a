#include "daemon/rpc/catalogue_service.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "daemon/rpc/calendar_calls.h"
#include "daemon/rpc/calendar_rows.h"
#include "daemon/rpc/catalogue_changes.h"
#include "daemon/rpc/catalogue_rows.h"
#include "daemon/rpc/shelf_positions.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

constexpr char kItemPage = 'i';
constexpr char kLocationPage = 'l';
constexpr size_t kContainsBytesMax = 500;
constexpr int kSkusMax = 1000;

// Applies checked rows as one command, then lets `fill` complete the answer from what was done.
template <typename Row, typename Fill>
grpc::ServerUnaryReactor* Put(engine::Engine& engine, grpc::CallbackServerContext* context,
                              std::vector<Row> rows, Fill fill) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const size_t weight = rows.size();
  engine.Submit(engine::MakeTask(
                    [rows = std::move(rows)](engine::UnitOfWork& unit) mutable {
                      return Apply(unit, std::span<Row>(rows));
                    },
                    [reactor, fill = std::move(fill)](engine::CommitOutcome outcome,
                                                      CatalogueChange&& change) {
                      if (outcome != engine::CommitOutcome::kCommitted) {
                        reactor->Finish(ToStatus(outcome));
                      } else if (change.refusal != ledger::Reason::kNone) {
                        reactor->Finish(UnknownName(change.refusal, change.key, change.name));
                      } else {
                        fill(change);
                        reactor->Finish(grpc::Status::OK);
                      }
                    },
                    weight),
                engine::Admission::kUnlessFull, engine::LaneOfCall(weight));
  return reactor;
}

// Counts what was done into the answer of a put that may end the waiting of quarantined facts.
template <typename Response>
auto FillCounts(Response* response, const std::function<void()>& on_names_added) {
  return [response, &on_names_added](const CatalogueChange& change) {
    response->set_created(change.created);
    response->set_changed(change.changed);
    response->set_replaying(change.replaying);
    // A changed item may have a new GTIN.
    if (change.created > 0 || change.changed > 0) on_names_added();
  };
}

constexpr auto kNothingToFill = [](const CatalogueChange&) {};

}  // namespace

grpc::ServerUnaryReactor* CatalogueService::PutItems(grpc::CallbackServerContext* context,
                                                     const v1::PutItemsRequest* request,
                                                     v1::PutItemsResponse* response) {
  std::vector<storage::Item> items;
  if (auto status = Parse(*request, items); !status.ok()) return FinishNow(context, status);
  return Put(engine_, context, std::move(items), FillCounts(response, on_names_added_));
}

grpc::ServerUnaryReactor* CatalogueService::ListItems(grpc::CallbackServerContext* context,
                                                      const v1::ListItemsRequest* request,
                                                      v1::ListItemsResponse* response) {
  int limit = 0;
  std::string after;
  if (auto status = CheckText("contains", request->contains(), kContainsBytesMax); !status.ok()) {
    return FinishNow(context, status);
  }
  if (auto status = CheckPageSize(request->page_size(), limit); !status.ok())
    return FinishNow(context, status);
  if (auto status = ParsePageToken(kItemPage, request->page_token(), after); !status.ok()) {
    return FinishNow(context, status);
  }
  return FinishNow(
      context, ReadOrExplain([&] {
        const auto page = reader_.ListItems(request->contains(), after, limit);
        for (const storage::Item& item : page.rows) ToProto(item, *response->add_items());
        if (page.more)
          response->set_next_page_token(MakePageToken(kItemPage, page.rows.back().sku));
        return grpc::Status::OK;
      }));
}

grpc::ServerUnaryReactor* CatalogueService::BatchGetItems(grpc::CallbackServerContext* context,
                                                          const v1::BatchGetItemsRequest* request,
                                                          v1::BatchGetItemsResponse* response) {
  if (request->skus().empty() || request->skus_size() > kSkusMax) {
    return FinishNow(context, InvalidField("skus", "holds 1 to 1000 SKUs"));
  }
  for (const std::string& sku : request->skus()) {
    if (const auto item = engine_.catalogue().Item(sku)) ToProto(*item, *response->add_items());
  }
  return FinishNow(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* CatalogueService::PutLocations(grpc::CallbackServerContext* context,
                                                         const v1::PutLocationsRequest* request,
                                                         v1::PutLocationsResponse* response) {
  std::vector<storage::Location> locations;
  if (auto status = Parse(*request, locations); !status.ok()) return FinishNow(context, status);
  return Put(engine_, context, std::move(locations), FillCounts(response, on_names_added_));
}

grpc::ServerUnaryReactor* CatalogueService::ListLocations(grpc::CallbackServerContext* context,
                                                          const v1::ListLocationsRequest* request,
                                                          v1::ListLocationsResponse* response) {
  int limit = 0;
  std::string after;
  if (auto status = CheckPageSize(request->page_size(), limit); !status.ok())
    return FinishNow(context, status);
  if (auto status = ParsePageToken(kLocationPage, request->page_token(), after); !status.ok()) {
    return FinishNow(context, status);
  }
  const auto locations = engine_.catalogue().Locations();
  auto at = std::ranges::upper_bound(locations, after, {}, &storage::Location::code);
  for (; at != locations.end() && response->locations_size() < limit; ++at) {
    ToProto(*at, *response->add_locations());
  }
  if (at != locations.end()) {
    response->set_next_page_token(MakePageToken(kLocationPage, std::prev(at)->code));
  }
  return FinishNow(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* CatalogueService::PutGroups(grpc::CallbackServerContext* context,
                                                      const v1::PutGroupsRequest* request,
                                                      v1::PutGroupsResponse*) {
  std::vector<StatedGroup> groups;
  if (auto status = Parse(*request, groups); !status.ok()) return FinishNow(context, status);
  return Put(engine_, context, std::move(groups), kNothingToFill);
}

grpc::ServerUnaryReactor* CatalogueService::ListGroups(grpc::CallbackServerContext* context,
                                                       const v1::ListGroupsRequest*,
                                                       v1::ListGroupsResponse* response) {
  for (const storage::Group& group : engine_.catalogue().Groups()) {
    ToProto(group, engine_.catalogue(), *response->add_groups());
  }
  return FinishNow(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* CatalogueService::PutChannels(grpc::CallbackServerContext* context,
                                                        const v1::PutChannelsRequest* request,
                                                        v1::PutChannelsResponse*) {
  std::vector<StatedChannel> channels;
  if (auto status = Parse(*request, channels); !status.ok()) return FinishNow(context, status);
  return Put(engine_, context, std::move(channels), kNothingToFill);
}

grpc::ServerUnaryReactor* CatalogueService::ListChannels(grpc::CallbackServerContext* context,
                                                         const v1::ListChannelsRequest*,
                                                         v1::ListChannelsResponse* response) {
  for (const storage::Channel& channel : engine_.catalogue().Channels()) {
    ToProto(channel, engine_.catalogue(), *response->add_channels());
  }
  return FinishNow(context, grpc::Status::OK);
}

grpc::ServerUnaryReactor* CatalogueService::PutSafetyStocks(
    grpc::CallbackServerContext* context, const v1::PutSafetyStocksRequest* request,
    v1::PutSafetyStocksResponse*) {
  std::vector<StatedSafetyStock> rules;
  if (auto status = Parse(*request, rules); !status.ok()) return FinishNow(context, status);
  return Put(engine_, context, std::move(rules), kNothingToFill);
}

grpc::ServerUnaryReactor* CatalogueService::PutCalendars(grpc::CallbackServerContext* context,
                                                         const v1::PutCalendarsRequest* request,
                                                         v1::PutCalendarsResponse* response) {
  std::vector<StatedCalendar> calendars;
  if (auto status = Parse(*request, calendars); !status.ok()) return FinishNow(context, status);
  return Put(engine_, context, std::move(calendars), [response](const CatalogueChange& change) {
    response->set_created(change.created);
    response->set_changed(change.changed);
  });
}

grpc::ServerUnaryReactor* CatalogueService::ListCalendars(grpc::CallbackServerContext* context,
                                                          const v1::ListCalendarsRequest* request,
                                                          v1::ListCalendarsResponse* response) {
  return FinishNow(context, rpc::ListCalendars(engine_.catalogue(), *request, *response));
}

grpc::ServerUnaryReactor* CatalogueService::ListOpenDays(grpc::CallbackServerContext* context,
                                                         const v1::ListOpenDaysRequest* request,
                                                         v1::ListOpenDaysResponse* response) {
  return FinishNow(context,
                   rpc::ListOpenDays(engine_.catalogue(), engine_.Now(), *request, *response));
}

grpc::ServerUnaryReactor* CatalogueService::PutSupplies(grpc::CallbackServerContext* context,
                                                        const v1::PutSuppliesRequest* request,
                                                        v1::PutSuppliesResponse*) {
  std::vector<StatedSupply> supplies;
  if (auto status = Parse(*request, supplies); !status.ok()) return FinishNow(context, status);
  return Put(engine_, context, std::move(supplies), kNothingToFill);
}

grpc::ServerUnaryReactor* CatalogueService::PutShelfPositions(
    grpc::CallbackServerContext* context, const v1::PutShelfPositionsRequest* request,
    v1::PutShelfPositionsResponse*) {
  std::vector<StatedShelf> shelves;
  if (auto status = Parse(*request, shelves); !status.ok()) return FinishNow(context, status);
  return Put(engine_, context, std::move(shelves), kNothingToFill);
}

grpc::ServerUnaryReactor* CatalogueService::ListShelfPositions(
    grpc::CallbackServerContext* context, const v1::ListShelfPositionsRequest* request,
    v1::ListShelfPositionsResponse* response) {
  return FinishNow(context, ReadOrExplain([&] {
                     return rpc::ListShelfPositions(reader_, engine_.catalogue(), *request,
                                                    *response);
                   }));
}

}  // namespace stockd::rpc
