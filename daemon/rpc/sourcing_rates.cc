#include "daemon/rpc/sourcing_rates.h"

#include <cmath>

#include "daemon/base/check.h"
#include "daemon/rpc/distance.h"

namespace stockd::rpc {
namespace {

constexpr int64_t kMetresPerKm = 1000;

}  // namespace

const SourcingRates::OfKind& SourcingRates::Of(storage::LocationKind kind) const {
  switch (kind) {
    case storage::LocationKind::kStore: return store;
    case storage::LocationKind::kWarehouse: return warehouse;
    case storage::LocationKind::kDarkStore: return dark_store;
  }
  STOCKD_CHECK(false);
}

std::optional<int64_t> WayM(const std::optional<v1::Coordinate>& destination,
                            const storage::Location& location) {
  if (!destination || !location.has_coordinate) return std::nullopt;
  return std::llround(Distance(*destination, location));
}

int64_t ParcelCost(const SourcingRates& rates, const std::optional<v1::Coordinate>& destination,
                   const storage::Location& location) {
  int64_t cost = rates.parcel_cost_micros + rates.Of(location.kind).handling_micros;
  if (destination) {
    const int64_t way_m =
        WayM(destination, location).value_or(rates.distance_unknown_km * kMetresPerKm);
    cost += way_m * rates.cost_per_km_micros / kMetresPerKm;
  }
  return cost;
}

}  // namespace stockd::rpc
