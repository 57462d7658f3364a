#pragma once

#include <grpcpp/support/status.h>

#include "daemon/base/time.h"
#include "daemon/engine/catalogue.h"
#include "stockd/v1/catalogue_service.pb.h"

namespace stockd::rpc {

// The reads of calendars, answered from memory.
grpc::Status ListCalendars(const engine::Catalogue& catalogue,
                           const v1::ListCalendarsRequest& request,
                           v1::ListCalendarsResponse& response);
// `now` stands for a start_time that is not set.
grpc::Status ListOpenDays(const engine::Catalogue& catalogue, Timestamp now,
                          const v1::ListOpenDaysRequest& request,
                          v1::ListOpenDaysResponse& response);

}  // namespace stockd::rpc
