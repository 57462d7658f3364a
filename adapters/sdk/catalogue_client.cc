#include "adapters/sdk/catalogue_client.h"

#include <grpcpp/grpcpp.h>

#include <chrono>

#include "adapters/sdk/clock.h"
#include "adapters/sdk/daemon_channel.h"
#include "stockd/v1/catalogue_service.grpc.pb.h"

namespace stockd::sdk {
namespace {

constexpr std::chrono::seconds kCallTimeout{60};

using Stub = v1::CatalogueService::Stub;

class GrpcCatalogueClient final : public CatalogueClient {
 public:
  explicit GrpcCatalogueClient(const std::shared_ptr<grpc::Channel>& channel) : stub_(channel) {}

  absl::Status Put(const v1::PutItemsRequest& request, v1::PutItemsResponse* response) override {
    return Call(&Stub::PutItems, request, response);
  }
  absl::Status Put(const v1::PutLocationsRequest& request,
                   v1::PutLocationsResponse* response) override {
    return Call(&Stub::PutLocations, request, response);
  }
  absl::Status Put(const v1::PutGroupsRequest& request, v1::PutGroupsResponse* response) override {
    return Call(&Stub::PutGroups, request, response);
  }
  absl::Status Put(const v1::PutChannelsRequest& request,
                   v1::PutChannelsResponse* response) override {
    return Call(&Stub::PutChannels, request, response);
  }
  absl::Status Put(const v1::PutSafetyStocksRequest& request,
                   v1::PutSafetyStocksResponse* response) override {
    return Call(&Stub::PutSafetyStocks, request, response);
  }
  absl::Status Put(const v1::PutSuppliesRequest& request,
                   v1::PutSuppliesResponse* response) override {
    return Call(&Stub::PutSupplies, request, response);
  }
  absl::Status ListItems(const v1::ListItemsRequest& request,
                         v1::ListItemsResponse* response) override {
    return Call(&Stub::ListItems, request, response);
  }

 private:
  template <typename Request, typename Response>
  using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Response*);

  template <typename Request, typename Response>
  absl::Status Call(Method<Request, Response> method, const Request& request, Response* response) {
    grpc::ClientContext context;
    context.set_deadline(
        std::chrono::time_point_cast<std::chrono::system_clock::duration>(Now() + kCallTimeout));
    return ToAbslStatus((stub_.*method)(&context, request, response));
  }

  Stub stub_;
};

}  // namespace

std::unique_ptr<CatalogueClient> MakeCatalogueClient(
    const std::shared_ptr<grpc::Channel>& channel) {
  return std::make_unique<GrpcCatalogueClient>(channel);
}

}  // namespace stockd::sdk
