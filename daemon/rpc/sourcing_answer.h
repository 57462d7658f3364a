#pragma once

#include <grpcpp/support/status.h>

#include <span>
#include <vector>

#include "daemon/engine/catalogue.h"
#include "daemon/fulfilment/sourcing.h"
#include "daemon/rpc/sourcing_request.h"
#include "stockd/v1/sourcing_service.pb.h"

namespace stockd::rpc {

// A plan in the users' own names. REQUIRES: kPlanned, by the wish.
v1::FulfilmentPlan ToProto(const fulfilment::SourcingPlan& plan, const SourcingWish& wish,
                           const engine::Catalogue& catalogue);

// Why there is no plan: INSUFFICIENT_STOCK, TOO_MANY_PARCELS or PARCELS_UNDECIDED. REQUIRES: not
// kPlanned, and made of that.
grpc::Status WhyNoPlan(const fulfilment::SourcingPlan& plan,
                       std::span<const fulfilment::CartLine> cart, size_t parcels_max,
                       const engine::Catalogue& catalogue);

// The locations that `plan` does without, ordered by code. `candidates` are those that had
// something when it was made.
void ExplainUnused(const v1::FulfilmentPlan& plan, const SourcingWish& wish,
                   const std::vector<fulfilment::Candidate>& candidates,
                   const engine::Catalogue& catalogue, v1::PlanFulfilmentResponse& response);

}  // namespace stockd::rpc
