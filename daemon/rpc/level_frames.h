#pragma once

#include <grpcpp/support/status.h>

#include <vector>

#include "daemon/engine/mappings.h"
#include "daemon/sync/level_delivery.h"
#include "stockd/v1/adapter_service.pb.h"

namespace stockd::rpc {

// The update as it is sent: in the source's own names and units, a level under each of its names.
v1::LevelUpdate LevelUpdateOf(const sync::LevelDelivery::Update& update, const engine::Names& names,
                              SourceId source);

// The levels that an acknowledgement says were not applied, in our names and units. Names that are
// unknown, which no level had, are passed over; what was found in the source is rounded down to
// whole units of ours. INVALID_ARGUMENT when a result is malformed.
grpc::Status ReadProblems(const v1::LevelAck& ack, const engine::Names& names, SourceId source,
                          std::vector<sync::LevelProblem>& problems);

}  // namespace stockd::rpc
