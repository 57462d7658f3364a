// CatalogueService for adapters: one attempt each; see retry.h.
#pragma once

#include <absl/status/status.h>

#include <memory>

#include "stockd/v1/catalogue_service.pb.h"

namespace grpc {
class Channel;
}

namespace stockd::sdk {

// May be called from any thread. Each call answers within 60 seconds.
class CatalogueClient {
 public:
  virtual ~CatalogueClient() = default;

  virtual absl::Status Put(const v1::PutItemsRequest& request, v1::PutItemsResponse* response) = 0;
  virtual absl::Status Put(const v1::PutLocationsRequest& request,
                           v1::PutLocationsResponse* response) = 0;
  virtual absl::Status Put(const v1::PutGroupsRequest& request,
                           v1::PutGroupsResponse* response) = 0;
  virtual absl::Status Put(const v1::PutChannelsRequest& request,
                           v1::PutChannelsResponse* response) = 0;
  virtual absl::Status Put(const v1::PutSafetyStocksRequest& request,
                           v1::PutSafetyStocksResponse* response) = 0;
  virtual absl::Status Put(const v1::PutSuppliesRequest& request,
                           v1::PutSuppliesResponse* response) = 0;
  virtual absl::Status ListItems(const v1::ListItemsRequest& request,
                                 v1::ListItemsResponse* response) = 0;
};

[[nodiscard]] std::unique_ptr<CatalogueClient> MakeCatalogueClient(
    const std::shared_ptr<grpc::Channel>& channel);

}  // namespace stockd::sdk
