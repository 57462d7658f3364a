#pragma once

#include <functional>
#include <span>

#include "daemon/reports/distribution.h"
#include "daemon/reports/life_sums.h"
#include "daemon/reports/rollup_reader.h"
#include "daemon/reports/time_grid.h"

namespace stockd::reports {

// Orders whose own times are read for one report; of more the distributions' bins have to do.
inline constexpr size_t kOrdersReadMax = 10'000;

// Whether the distribution is one of times of orders.
constexpr bool IsOfOrders(Distribution distribution) {
  return distribution != Distribution::kStockOutMicros &&
         distribution != Distribution::kLatenessMicros;
}

// Hands over the times of the orders at the locations from begin to end, one by one. False when
// there are more orders than may be read; then nothing was handed over.
bool ReadOrderTimes(RollupView& view, const TimeGrid& grid, std::span<const uint32_t> locations,
                    Timestamp begin, Timestamp end,
                    const std::function<void(const LifePart& part, Distribution distribution,
                                             int64_t micros)>& each);

}  // namespace stockd::reports
