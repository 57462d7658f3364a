#pragma once

#include <grpcpp/support/status.h>

#include <span>
#include <string>
#include <vector>

#include "daemon/engine/unit_of_work.h"
#include "daemon/rpc/catalogue_changes.h"
#include "stockd/v1/mapping_service.pb.h"

namespace stockd::rpc {

// Mappings and bundles as a request states them: their shape is checked, their names are looked up
// when they are applied.

struct StatedSkuMapping {
  std::string source;  // Empty: every source.
  std::string sku;
  storage::SkuMapping row;
};

struct StatedLocationMapping {
  std::string source;  // Empty: every source.
  std::string location;
  storage::LocationMapping row;
};

struct StatedMappings {
  std::vector<StatedSkuMapping> skus;
  std::vector<StatedLocationMapping> locations;
  bool remove = false;  // Then SKUs, locations and units do not matter.
};

struct StatedPart {
  std::string sku;
  Quantity quantity = 0;
};

struct StatedBundle {
  std::string sku;
  std::vector<StatedPart> parts;
};

// Check the whole request: OK, or INVALID_ARGUMENT naming the first field at fault.
grpc::Status Parse(const v1::PutMappingsRequest& request, StatedMappings& mappings);
grpc::Status Parse(const v1::PutBundlesRequest& request, std::vector<StatedBundle>& bundles);

// On the writer thread: names are looked up first, then every row that differs from what is known
// is written. A change of what a source is told is told to all readers. Bundles may be refused with
// kBundleNested or kBundleHasStock.
CatalogueChange Apply(engine::UnitOfWork& unit, StatedMappings& mappings);
CatalogueChange Apply(engine::UnitOfWork& unit, std::span<const StatedBundle> bundles);

}  // namespace stockd::rpc
