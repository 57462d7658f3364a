#pragma once

#include <grpcpp/support/status.h>

#include <string_view>

#include "daemon/storage/catalogue_rows.h"
#include "stockd/v1/types.pb.h"

namespace stockd::rpc {

// OK, or INVALID_ARGUMENT when it is no place on Earth.
grpc::Status CheckCoordinate(std::string_view field, const v1::Coordinate& coordinate);

// Great-circle distance in metres. REQUIRES: the location has a coordinate.
double Distance(const v1::Coordinate& from, const storage::Location& to);

}  // namespace stockd::rpc
