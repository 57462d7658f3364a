#include "daemon/rpc/order_planning.h"

#include <algorithm>

#include "daemon/engine/levels.h"
#include "daemon/rpc/distance.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/status.h"

namespace stockd::rpc {
namespace {

// A parcel costs its handling and a little for each metre, so that of as many parcels the nearer
// ones are chosen; where the way is not known, as much as the longest there is on Earth.
constexpr int64_t kHandlingMicros = 3'000'000;
constexpr int64_t kMicrosPerMetre = 10;
constexpr double kWayMaxM = 20'040'000;

constexpr int kLocationsMax = 1000;
constexpr int kParcelsMax = 50;

int64_t ParcelCost(const PlanWish& wish, const storage::Location& location) {
  const double way = wish.near && location.has_coordinate ? Distance(*wish.near, location)
                     : wish.near                          ? kWayMaxM
                                                          : 0;
  return kHandlingMicros + static_cast<int64_t>(way) * kMicrosPerMetre;
}

}  // namespace

fulfilment::SourcingPlan PlanParcels(const engine::Engine& engine, const PlanWish& wish) {
  const engine::Catalogue& catalogue = engine.catalogue();
  const Timestamp now = engine.Now();
  std::vector<fulfilment::Candidate> candidates;
  for (const storage::Location& location : catalogue.Locations()) {
    if (!location.ships || wish.exclude.contains(location.id) ||
        (!wish.only.empty() && !wish.only.contains(location.id)) ||
        !catalogue.SellsFrom(wish.channel, location.id)) {
      continue;
    }
    fulfilment::Candidate candidate{.location = location.id};
    bool has_any = false;
    for (const fulfilment::CartLine& line : wish.cart) {
      const engine::Level level =
          engine::LevelOf(engine, {.item = line.item, .location = location.id}, wish.channel, now);
      candidate.available.push_back(std::max<Quantity>(0, level.available));
      has_any = has_any || level.available > 0;
    }
    if (!has_any) continue;
    candidate.parcel_cost_micros = ParcelCost(wish, location);
    candidate.has_parcel = wish.has_parcel.contains(location.id);
    candidates.push_back(std::move(candidate));
    if (candidates.size() == fulfilment::kCandidatesMax) break;
  }
  return fulfilment::PlanSourcing(wish.cart, candidates, {.parcels_max = wish.parcels_max});
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
  if (plan.outcome == fulfilment::SourcingOutcome::kShort) {
    const fulfilment::CartLine& line = wish.cart[plan.short_line];
    return MakeStatus(
        grpc::StatusCode::FAILED_PRECONDITION,
        ledger::ReasonName(ledger::Reason::kInsufficientStock),
        "All locations together have too few units of " + catalogue.Sku(line.item) + ".",
        {{"sku", catalogue.Sku(line.item)},
         {"requested", std::to_string(line.quantity)},
         {"available", std::to_string(plan.short_available)}});
  }
  Metadata metadata{{"parcels_max", std::to_string(wish.parcels_max)}};
  if (plan.parcels_enough > 0) {
    metadata.emplace_back("parcels_enough", std::to_string(plan.parcels_enough));
  }
  return MakeStatus(grpc::StatusCode::FAILED_PRECONDITION, "TOO_MANY_PARCELS",
                    "It takes more parcels than allowed. Allow more, or ask for less.", metadata);
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
