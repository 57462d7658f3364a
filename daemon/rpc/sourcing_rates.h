#pragma once

#include <cstdint>
#include <optional>

#include "daemon/storage/catalogue_rows.h"
#include "stockd/v1/types.pb.h"

namespace stockd::rpc {

// What parcels cost and how much stock is to be spared, from the configuration's [sourcing].
struct SourcingRates {
  struct OfKind {
    int64_t handling_micros = 0;
    int32_t scarcity_weight = 0;
  };

  int64_t parcel_cost_micros = 0;
  int64_t cost_per_km_micros = 0;
  int64_t distance_unknown_km = 0;
  OfKind store;
  OfKind warehouse;
  OfKind dark_store;
  int64_t steps_max = 0;

  const OfKind& Of(storage::LocationKind kind) const;
};

// How far a parcel goes from the location, in whole metres; empty without a destination or when
// nobody knows where the location is.
std::optional<int64_t> WayM(const std::optional<v1::Coordinate>& destination,
                            const storage::Location& location);

// What a parcel from the location costs: the parcel, its handling and, with a destination, its way.
int64_t ParcelCost(const SourcingRates& rates, const std::optional<v1::Coordinate>& destination,
                   const storage::Location& location);

}  // namespace stockd::rpc
