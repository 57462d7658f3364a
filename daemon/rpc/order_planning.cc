#include "daemon/rpc/order_planning.h"

#include <algorithm>

#include "daemon/engine/sourcing_desk.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/sourcing_answer.h"
#include "daemon/rpc/status.h"

namespace stockd::rpc {
namespace {

constexpr int kLocationsMax = 1000;
constexpr int kParcelsMax = 50;

}  // namespace

fulfilment::SourcingPlan PlanParcels(const OrderParts& parts, const PlanWish& wish) {
  const engine::Catalogue& catalogue = parts.catalogue();
  engine::SourcingQuery query{
      .cart = wish.cart,
      .channel = wish.channel,
      .options = {.parcels_max = wish.parcels_max, .steps_max = parts.rates.steps_max}};
  for (const storage::Location& location : catalogue.Locations()) {
    if (!location.ships || wish.exclude.contains(location.id) ||
        (!wish.only.empty() && !wish.only.contains(location.id)) ||
        !catalogue.SellsFrom(wish.channel, location.id)) {
      continue;
    }
    query.locations.push_back({.location = location.id,
                               .parcel_cost_micros = ParcelCost(parts.rates, wish.near, location),
                               .scarcity_weight = parts.rates.Of(location.kind).scarcity_weight,
                               .has_parcel = wish.has_parcel.contains(location.id)});
  }
  return engine::PlanNow(parts.engine, query);
}

absl::flat_hash_set<LocationId> ParcelsOf(const fulfilment::Order& order) {
  using enum fulfilment::OrderState;
  absl::flat_hash_set<LocationId> locations;
  for (const fulfilment::Fulfilment& part : order.fulfilments) {
    const bool is_to_come = part.state == kPlaced || part.state == kPicking ||
                            part.state == kShort || part.state == kPacked;
    if (is_to_come && part.method != fulfilment::Method::kPickup) locations.insert(part.location);
  }
  return locations;
}

std::optional<v1::Coordinate> CoordinateOf(const storage::Location& location) {
  if (!location.has_coordinate) return std::nullopt;
  v1::Coordinate coordinate;
  coordinate.set_latitude(location.latitude);
  coordinate.set_longitude(location.longitude);
  return coordinate;
}

grpc::Status ToStatus(const PlanWish& wish, const fulfilment::SourcingPlan& plan,
                      const engine::Catalogue& catalogue) {
  return WhyNoPlan(plan, wish.cart, wish.parcels_max, catalogue);
}

bool MayReplan(const fulfilment::OrderRefusal& refusal, PlanWish& wish) {
  switch (refusal.refusal.reason) {
    case ledger::Reason::kInsufficientStock: return true;
    case ledger::Reason::kLocationNotInChannel:
      wish.exclude.insert(refusal.refusal.position.location);
      return true;
    case ledger::Reason::kPickupNotPossible:
    case ledger::Reason::kPurposeMissing: return wish.exclude.insert(refusal.location).second;
    default: return false;
  }
}

grpc::Status ParseParcels(int asked, size_t& parcels_max) {
  if (asked < 0 || asked > kParcelsMax) return InvalidField("parcels_max", "is 0 to 50");
  parcels_max = static_cast<size_t>(asked == 0 ? kParcelsMax : asked);
  return grpc::Status::OK;
}

grpc::Status FindLocations(std::string_view field,
                           const google::protobuf::RepeatedPtrField<std::string>& codes,
                           const engine::Catalogue& catalogue,
                           absl::flat_hash_set<LocationId>& locations) {
  if (codes.size() > kLocationsMax) return InvalidField(field, "holds at most 1000");
  for (const std::string& code : codes) {
    LocationId location = kNoLocation;
    if (auto status = FindLocation(field, code, catalogue, location); !status.ok()) return status;
    locations.insert(location);
  }
  return grpc::Status::OK;
}

std::vector<fulfilment::MoveLine> PlanDivider::Take(LocationId location) {
  std::vector<fulfilment::MoveLine> taken;
  for (const fulfilment::Share& share : plan_.shares) {
    if (share.location != location) continue;
    Quantity rest = share.quantity;
    for (size_t i = 0; i < left_.size() && rest > 0; ++i) {
      if (items_[i] != wish_.cart[share.line].item) continue;
      const Quantity quantity = std::min(rest, left_[i].quantity);
      if (quantity == 0) continue;
      taken.push_back({.line = left_[i].line, .quantity = quantity});
      left_[i].quantity -= quantity;
      rest -= quantity;
    }
  }
  return taken;
}

}  // namespace stockd::rpc
