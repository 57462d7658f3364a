#pragma once

#include <functional>

#include "daemon/engine/engine.h"
#include "daemon/storage/reader.h"
#include "stockd/v1/catalogue_service.grpc.pb.h"

namespace stockd::rpc {

// Items, locations, calendars, groups, channels and rules. A put is one command of the engine,
// applied whole or not at all. Thread-safe.
class CatalogueService final : public v1::CatalogueService::CallbackService {
 public:
  // `on_names_added` is called after a put that created or changed items or locations is durable,
  // on the completion thread.
  CatalogueService(engine::Engine& engine, storage::Reader& reader,
                   std::function<void()> on_names_added)
      : engine_(engine), reader_(reader), on_names_added_(std::move(on_names_added)) {}

  grpc::ServerUnaryReactor* PutItems(grpc::CallbackServerContext* context,
                                     const v1::PutItemsRequest* request,
                                     v1::PutItemsResponse* response) override;
  grpc::ServerUnaryReactor* ListItems(grpc::CallbackServerContext* context,
                                      const v1::ListItemsRequest* request,
                                      v1::ListItemsResponse* response) override;
  grpc::ServerUnaryReactor* BatchGetItems(grpc::CallbackServerContext* context,
                                          const v1::BatchGetItemsRequest* request,
                                          v1::BatchGetItemsResponse* response) override;
  grpc::ServerUnaryReactor* PutLocations(grpc::CallbackServerContext* context,
                                         const v1::PutLocationsRequest* request,
                                         v1::PutLocationsResponse* response) override;
  grpc::ServerUnaryReactor* ListLocations(grpc::CallbackServerContext* context,
                                          const v1::ListLocationsRequest* request,
                                          v1::ListLocationsResponse* response) override;
  grpc::ServerUnaryReactor* PutGroups(grpc::CallbackServerContext* context,
                                      const v1::PutGroupsRequest* request,
                                      v1::PutGroupsResponse* response) override;
  grpc::ServerUnaryReactor* ListGroups(grpc::CallbackServerContext* context,
                                       const v1::ListGroupsRequest* request,
                                       v1::ListGroupsResponse* response) override;
  grpc::ServerUnaryReactor* PutChannels(grpc::CallbackServerContext* context,
                                        const v1::PutChannelsRequest* request,
                                        v1::PutChannelsResponse* response) override;
  grpc::ServerUnaryReactor* ListChannels(grpc::CallbackServerContext* context,
                                         const v1::ListChannelsRequest* request,
                                         v1::ListChannelsResponse* response) override;
  grpc::ServerUnaryReactor* PutSafetyStocks(grpc::CallbackServerContext* context,
                                            const v1::PutSafetyStocksRequest* request,
                                            v1::PutSafetyStocksResponse* response) override;
  grpc::ServerUnaryReactor* PutCalendars(grpc::CallbackServerContext* context,
                                         const v1::PutCalendarsRequest* request,
                                         v1::PutCalendarsResponse* response) override;
  grpc::ServerUnaryReactor* ListCalendars(grpc::CallbackServerContext* context,
                                          const v1::ListCalendarsRequest* request,
                                          v1::ListCalendarsResponse* response) override;
  grpc::ServerUnaryReactor* ListOpenDays(grpc::CallbackServerContext* context,
                                         const v1::ListOpenDaysRequest* request,
                                         v1::ListOpenDaysResponse* response) override;
  grpc::ServerUnaryReactor* PutSupplies(grpc::CallbackServerContext* context,
                                        const v1::PutSuppliesRequest* request,
                                        v1::PutSuppliesResponse* response) override;
  grpc::ServerUnaryReactor* PutShelfPositions(grpc::CallbackServerContext* context,
                                              const v1::PutShelfPositionsRequest* request,
                                              v1::PutShelfPositionsResponse* response) override;
  grpc::ServerUnaryReactor* ListShelfPositions(grpc::CallbackServerContext* context,
                                               const v1::ListShelfPositionsRequest* request,
                                               v1::ListShelfPositionsResponse* response) override;

 private:
  engine::Engine& engine_;
  storage::Reader& reader_;
  const std::function<void()> on_names_added_;
};

}  // namespace stockd::rpc
