#pragma once

#include <grpcpp/support/status.h>

#include <optional>
#include <utility>
#include <vector>

#include "daemon/engine/sourcing_desk.h"
#include "daemon/rpc/reservation_service.h"
#include "daemon/rpc/sourcing_rates.h"
#include "stockd/v1/sourcing_service.pb.h"

namespace stockd::rpc {

// A request for a plan in the daemon's numbers.
struct SourcingWish {
  engine::SourcingQuery query;
  std::optional<v1::Coordinate> destination;
  // Locations that were asked for and may not be used, with the reason.
  std::vector<std::pair<LocationId, v1::UnusedReason>> left_out;
  std::optional<engine::SourcingDesk::Hold> hold;
};

// Checks shape and names. What it returns OK for satisfies the REQUIRES of engine::SourcingDesk.
grpc::Status ParsePlan(const v1::PlanFulfilmentRequest& request, const engine::Engine& engine,
                       const SourcingRates& rates, const ReservationLimits& limits,
                       SourcingWish& wish);

}  // namespace stockd::rpc
