#include "daemon/rpc/sourcing_answer.h"

#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string>

#include "daemon/rpc/status.h"

namespace stockd::rpc {
namespace {

// A bound may be about nothing: no plan at all. Its parcels are then 0.
int32_t Parcels(size_t count) {
  return static_cast<int32_t>(std::min<size_t>(count, std::numeric_limits<int32_t>::max()));
}

void AddParcels(const fulfilment::SourcingPlan& plan, const SourcingWish& wish,
                const engine::Catalogue& catalogue, v1::FulfilmentPlan& proto) {
  for (const LocationId location : plan.parcels) {
    v1::PlannedParcel& parcel = *proto.add_parcels();
    parcel.set_location(catalogue.LocationCode(location));
    for (const fulfilment::Share& share : plan.shares) {
      if (share.location == location) parcel.set_units(parcel.units() + share.quantity);
    }
    const auto from =
        std::ranges::find(wish.query.locations, location, &engine::SourcingLocation::location);
    parcel.set_cost_micros(from->parcel_cost_micros);
    if (const auto way_m = WayM(wish.destination, *catalogue.Location(location))) {
      parcel.set_distance_m(*way_m);
    }
  }
}

void AddUnfilled(const fulfilment::SourcingPlan& plan, const SourcingWish& wish,
                 const engine::Catalogue& catalogue, v1::FulfilmentPlan& proto) {
  std::vector<Quantity> planned(wish.query.cart.size(), 0);
  for (const fulfilment::Share& share : plan.shares) planned[share.line] += share.quantity;
  for (size_t line = 0; line < planned.size(); ++line) {
    const fulfilment::CartLine& wanted = wish.query.cart[line];
    if (planned[line] == wanted.quantity) continue;
    v1::UnfilledLine& unfilled = *proto.add_unfilled_lines();
    unfilled.set_sku(catalogue.Sku(wanted.item));
    unfilled.set_requested(wanted.quantity);
    unfilled.set_planned(planned[line]);
  }
}

grpc::Status Refuse(std::string_view reason, std::string message, const Metadata& metadata) {
  return MakeStatus(grpc::StatusCode::FAILED_PRECONDITION, reason, std::move(message), metadata);
}

}  // namespace

v1::FulfilmentPlan ToProto(const fulfilment::SourcingPlan& plan, const SourcingWish& wish,
                           const engine::Catalogue& catalogue) {
  v1::FulfilmentPlan proto;
  for (const fulfilment::Share& share : plan.shares) {
    v1::LineRequest& line = *proto.add_lines();
    line.mutable_position()->set_sku(catalogue.Sku(wish.query.cart[share.line].item));
    line.mutable_position()->set_location(catalogue.LocationCode(share.location));
    line.set_quantity(share.quantity);
  }
  AddParcels(plan, wish, catalogue, proto);
  proto.set_units(plan.merit.units);
  proto.set_cost_micros(plan.merit.cost_micros);
  proto.set_scarcity(plan.merit.scarcity);
  proto.set_exact(plan.exact);
  proto.mutable_bound()->set_units(plan.bound.units);
  proto.mutable_bound()->set_parcels(Parcels(plan.bound.parcels));
  proto.mutable_bound()->set_cost_micros(plan.bound.cost_micros);
  proto.mutable_bound()->set_scarcity(plan.bound.scarcity);
  AddUnfilled(plan, wish, catalogue, proto);
  return proto;
}

grpc::Status WhyNoPlan(const fulfilment::SourcingPlan& plan,
                       std::span<const fulfilment::CartLine> cart, size_t parcels_max,
                       const engine::Catalogue& catalogue) {
  if (plan.outcome == fulfilment::SourcingOutcome::kShort) {
    const fulfilment::CartLine& line = cart[plan.short_line];
    const std::string sku = catalogue.Sku(line.item);
    return Refuse(ledger::ReasonName(ledger::Reason::kInsufficientStock),
                  "sku " + sku + ", requested " + std::to_string(line.quantity) + ", available " +
                      std::to_string(plan.short_available) +
                      ": the locations that may be used do not have so many together. Ask for "
                      "less, for other locations, or for a partial plan.",
                  {{"sku", sku},
                   {"requested", std::to_string(line.quantity)},
                   {"available", std::to_string(plan.short_available)}});
  }
  const std::string enough = std::to_string(plan.parcels_enough);
  Metadata metadata{{"parcels_max", std::to_string(parcels_max)}, {"parcels_enough", enough}};
  if (plan.outcome == fulfilment::SourcingOutcome::kUndecided) {
    return Refuse("PARCELS_UNDECIDED",
                  "No plan of so few parcels was found, nor that there is none, within "
                  "sourcing.steps_max. Allow " +
                      enough + " parcels, or ask for less.",
                  metadata);
  }
  const std::string least = std::to_string(plan.bound.parcels);
  metadata.emplace_back("parcels_min", least);
  return Refuse("TOO_MANY_PARCELS",
                "It takes at least " + least + " parcels; " + enough +
                    " are enough. Allow more, or ask for less or for a partial plan.",
                metadata);
}

void ExplainUnused(const v1::FulfilmentPlan& plan, const SourcingWish& wish,
                   const std::vector<fulfilment::Candidate>& candidates,
                   const engine::Catalogue& catalogue, v1::PlanFulfilmentResponse& response) {
  absl::flat_hash_set<LocationId> with_stock;
  for (const fulfilment::Candidate& candidate : candidates) with_stock.insert(candidate.location);
  std::map<std::string, v1::UnusedReason> reasons;
  for (const auto& [location, reason] : wish.left_out) {
    reasons[catalogue.LocationCode(location)] = reason;
  }
  for (const engine::SourcingLocation& from : wish.query.locations) {
    reasons[catalogue.LocationCode(from.location)] = with_stock.contains(from.location)
                                                         ? v1::UNUSED_REASON_NOT_NEEDED
                                                         : v1::UNUSED_REASON_NOTHING_AVAILABLE;
  }
  for (const v1::PlannedParcel& parcel : plan.parcels()) reasons.erase(parcel.location());
  for (const auto& [code, reason] : reasons) {
    v1::UnusedLocation& unused = *response.add_unused_locations();
    unused.set_location(code);
    unused.set_reason(reason);
  }
}

}  // namespace stockd::rpc
