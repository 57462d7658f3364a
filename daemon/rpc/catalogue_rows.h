#pragma once

#include <grpcpp/support/status.h>

#include <string>
#include <vector>

#include "daemon/engine/catalogue.h"
#include "daemon/ledger/supply.h"
#include "daemon/storage/catalogue_rows.h"
#include "stockd/v1/catalogue_service.pb.h"

namespace stockd::rpc {

// Records as a request states them: their shape is checked and their defaults are filled in, but
// the names they refer to are looked up only when they are applied, in the order of all commands.

struct StatedGroup {
  storage::Group row;
  std::vector<std::string> locations;
};

struct StatedChannel {
  storage::Channel row;
  std::string group;  // Empty: all locations.
};

struct StatedSafetyStock {
  std::string sku;       // Empty: all items.
  std::string location;  // Empty: all locations.
  Quantity quantity = 0;
  bool remove = false;
};

struct StatedSupply {
  ledger::Supply row;
  std::string sku;
  std::string location;
};

// Each checks the whole request: OK, or INVALID_ARGUMENT naming the first field at fault, for
// example "items[3].sku".
grpc::Status Parse(const v1::PutItemsRequest& request, std::vector<storage::Item>& items);
grpc::Status Parse(const v1::PutLocationsRequest& request,
                   std::vector<storage::Location>& locations);
grpc::Status Parse(const v1::PutGroupsRequest& request, std::vector<StatedGroup>& groups);
grpc::Status Parse(const v1::PutChannelsRequest& request, std::vector<StatedChannel>& channels);
grpc::Status Parse(const v1::PutSafetyStocksRequest& request,
                   std::vector<StatedSafetyStock>& rules);
grpc::Status Parse(const v1::PutSuppliesRequest& request, std::vector<StatedSupply>& supplies);

void ToProto(const storage::Item& item, v1::Item& proto);
void ToProto(const storage::Location& location, v1::Location& proto);
void ToProto(const storage::Group& group, const engine::Catalogue& catalogue, v1::Group& proto);
void ToProto(const storage::Channel& channel, const engine::Catalogue& catalogue,
             v1::Channel& proto);

}  // namespace stockd::rpc
