#pragma once

#include <grpcpp/support/status.h>

#include <span>
#include <string>
#include <vector>

#include "daemon/engine/unit_of_work.h"
#include "daemon/rpc/catalogue_changes.h"
#include "daemon/storage/reader.h"
#include "stockd/v1/catalogue_service.pb.h"

namespace stockd::rpc {

// Where an item lies, as a request states it; its names are looked up when it is applied.
struct StatedShelf {
  std::string sku;
  std::string location;
  std::string text;  // Empty: not known any more.
};

// OK, or INVALID_ARGUMENT naming the first field at fault.
grpc::Status Parse(const v1::PutShelfPositionsRequest& request, std::vector<StatedShelf>& shelves);

// Puts them on the writer thread, all or none.
CatalogueChange Apply(engine::UnitOfWork& unit, std::span<StatedShelf> shelves);

// Throws storage::ReadError.
grpc::Status ListShelfPositions(storage::Reader& reader, const engine::Catalogue& catalogue,
                                const v1::ListShelfPositionsRequest& request,
                                v1::ListShelfPositionsResponse& response);

}  // namespace stockd::rpc
