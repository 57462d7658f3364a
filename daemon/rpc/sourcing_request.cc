#include "daemon/rpc/sourcing_request.h"

#include <absl/container/flat_hash_set.h>

#include <string>

#include "daemon/rpc/bundle_lines.h"
#include "daemon/rpc/distance.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/reservation_commands.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

using ledger::Reason;

grpc::Status Refuse(Reason reason, std::string_view field, Quantity requested,
                    const engine::Catalogue& catalogue) {
  return ToStatus(ledger::Refusal{.reason = reason, .requested = requested, .field = field},
                  catalogue);
}

// The cart's items and quantities, parts in the place of bundles.
grpc::Status ParseCart(const v1::PlanFulfilmentRequest& request, const engine::Engine& engine,
                       std::vector<fulfilment::CartLine>& cart) {
  const engine::Catalogue& catalogue = engine.catalogue();
  const auto count = static_cast<size_t>(request.lines_size());
  if (count == 0 || count > fulfilment::kCartLinesMax) {
    return Refuse(Reason::kTooManyLines, "lines", request.lines_size(), catalogue);
  }
  std::vector<ledger::LineCommand> lines;
  for (const v1::PlanLine& line : request.lines()) {
    if (line.quantity() < 1 || line.quantity() > kQuantityMax) {
      return Refuse(Reason::kQuantityOutOfRange, "lines.quantity", line.quantity(), catalogue);
    }
    ledger::LineCommand& command = lines.emplace_back();
    command.quantity = line.quantity();
    if (auto status = FindItem(line.sku(), catalogue, command.position.item); !status.ok()) {
      return status;
    }
  }
  bool expanded = false;
  const Reason reason = ExpandBundles(engine.bundles(), lines, expanded);
  if (reason != Reason::kNone) return Refuse(reason, "lines", request.lines_size(), catalogue);
  if (expanded && request.allow_partial()) {
    return InvalidField("allow_partial", "cannot be had with bundles, whose parts belong together");
  }
  for (const ledger::LineCommand& line : lines) {
    cart.push_back({.item = line.position.item, .quantity = line.quantity});
  }
  cart = fulfilment::AddUp(cart);
  if (cart.size() > fulfilment::kCartLinesMax) {
    return Refuse(Reason::kTooManyLines, "lines", static_cast<Quantity>(cart.size()), catalogue);
  }
  for (const fulfilment::CartLine& line : cart) {
    if (line.quantity > kQuantityMax) {
      return Refuse(Reason::kQuantityOutOfRange, "lines.quantity", line.quantity, catalogue);
    }
  }
  return grpc::Status::OK;
}

grpc::Status CheckOptions(const v1::PlanFulfilmentRequest& request) {
  if (!v1::FulfilmentPurpose_IsValid(request.purpose())) {
    return InvalidField("purpose", "is not a purpose");
  }
  if (request.parcels_max() < 0 ||
      static_cast<size_t>(request.parcels_max()) > fulfilment::kParcelsLimitMax) {
    return InvalidField("parcels_max", "is not within 0 to 64");
  }
  if (!request.locations().empty() && !request.group().empty()) {
    return InvalidField("locations", "is not allowed with a group");
  }
  if (static_cast<size_t>(request.locations_size()) > fulfilment::kCandidatesMax) {
    return InvalidField("locations", "holds at most 5000");
  }
  if (request.has_destination()) return CheckCoordinate("destination", request.destination());
  return grpc::Status::OK;
}

// The locations that were asked for, each once.
grpc::Status FindAsked(const v1::PlanFulfilmentRequest& request, const engine::Catalogue& catalogue,
                       std::vector<storage::Location>& asked) {
  if (request.locations().empty() && request.group().empty()) {
    asked = catalogue.Locations();
    return grpc::Status::OK;
  }
  std::vector<LocationId> numbers;
  for (const std::string& code : request.locations()) {
    LocationId& location = numbers.emplace_back(kNoLocation);
    if (auto status = FindLocation(code, catalogue, location); !status.ok()) return status;
  }
  if (!request.group().empty()) {
    GroupId group = kNoGroup;
    if (auto status = FindGroup(request.group(), catalogue, group); !status.ok()) return status;
    numbers = catalogue.Group(group)->locations;
  }
  absl::flat_hash_set<LocationId> seen;
  for (const LocationId number : numbers) {
    if (seen.insert(number).second) asked.push_back(*catalogue.Location(number));
  }
  return grpc::Status::OK;
}

void ChooseLocations(const std::vector<storage::Location>& asked, v1::FulfilmentPurpose purpose,
                     const engine::Catalogue& catalogue, const SourcingRates& rates,
                     SourcingWish& wish) {
  for (const storage::Location& location : asked) {
    const bool serves =
        purpose == v1::FULFILMENT_PURPOSE_COLLECT ? location.collects : location.ships;
    if (!serves) {
      wish.left_out.emplace_back(location.id, v1::UNUSED_REASON_PURPOSE);
    } else if (!catalogue.SellsFrom(wish.query.channel, location.id)) {
      wish.left_out.emplace_back(location.id, v1::UNUSED_REASON_CHANNEL);
    } else {
      wish.query.locations.push_back(
          {.location = location.id,
           .parcel_cost_micros = ParcelCost(rates, wish.destination, location),
           .scarcity_weight = rates.Of(location.kind).scarcity_weight});
    }
  }
}

grpc::Status ParseHold(const v1::PlanFulfilmentRequest& request, const ReservationLimits& limits,
                       engine::SourcingDesk::Hold& hold) {
  const v1::PlanReservation& reserve = request.reserve();
  if (auto status = CheckId("reserve.reservation_id", reserve.reservation_id()); !status.ok()) {
    return status;
  }
  if (auto status = CheckOptionalId("reserve.owner_reference", reserve.owner_reference());
      !status.ok()) {
    return status;
  }
  hold.ttl = limits.ttl_default;
  if (reserve.has_ttl()) {
    if (auto status = ParseTtl(reserve.ttl(), hold.ttl); !status.ok()) return status;
  }
  hold.reservation_id = reserve.reservation_id();
  hold.owner_reference = reserve.owner_reference();
  // Stable bytes: the request holds no map.
  hold.content = request.GetTypeName() + '\0' + request.SerializeAsString();
  hold.lines_max = limits.lines_max;
  return grpc::Status::OK;
}

}  // namespace

grpc::Status ParsePlan(const v1::PlanFulfilmentRequest& request, const engine::Engine& engine,
                       const SourcingRates& rates, const ReservationLimits& limits,
                       SourcingWish& wish) {
  const engine::Catalogue& catalogue = engine.catalogue();
  if (auto status = CheckOptions(request); !status.ok()) return status;
  if (request.has_reserve()) {
    if (auto status = ParseHold(request, limits, wish.hold.emplace()); !status.ok()) return status;
  }
  if (auto status = ParseCart(request, engine, wish.query.cart); !status.ok()) return status;
  if (auto status = FindChannel(request.channel(), catalogue, wish.query.channel); !status.ok()) {
    return status;
  }
  if (request.has_destination()) wish.destination = request.destination();
  std::vector<storage::Location> asked;
  if (auto status = FindAsked(request, catalogue, asked); !status.ok()) return status;
  ChooseLocations(asked, request.purpose(), catalogue, rates, wish);
  wish.query.options = {.parcels_max = static_cast<size_t>(request.parcels_max()),
                        .allow_partial = request.allow_partial(),
                        .steps_max = rates.steps_max};
  return grpc::Status::OK;
}

}  // namespace stockd::rpc
