#include "daemon/reports/figure_terms.h"

#include <cmath>
#include <cstdint>

namespace stockd::reports {
namespace {

constexpr double kNormal95 = 1.959964;  // 95 % of a normal distribution lie within so many sigma.

}  // namespace

void AddPercentiles(const Sums& sums, Distribution distribution, double scale, Outcome& outcome) {
  if (const auto values = sums.Values(distribution); !values.empty()) {
    outcome.percentiles_exact = true;
    for (const int percent : {50, 90, 95, 99}) {
      const size_t rank = (values.size() * static_cast<size_t>(percent) + 99) / 100;
      outcome.percentiles.push_back({percent, static_cast<double>(values[rank - 1]) / scale});
    }
    return;
  }
  const auto bins = sums.Bins(distribution);
  int64_t count = 0;
  for (const auto& [bin, often] : bins) count += often;
  if (count == 0) return;
  for (const int percent : {50, 90, 95, 99}) {
    const int64_t rank = (count * percent + 99) / 100;
    int64_t seen = 0;
    for (const auto& [bin, often] : bins) {
      seen += often;
      if (seen < rank) continue;
      outcome.percentiles.push_back({percent, static_cast<double>(ValueOf(bin)) / scale});
      break;
    }
  }
}

void EvaluateTimes(const Sums& sums, Measure count, Measure micros, Distribution distribution,
                   double micros_per_unit, Outcome& outcome) {
  Ratio(outcome, {.value = sums.Flow(micros), .decimals = 6}, Count(sums.Flow(count)),
        1e6 / micros_per_unit);
  AddPercentiles(sums, distribution, micros_per_unit, outcome);
}

std::optional<std::pair<double, double>> ShareInterval(Int128 hits, Int128 count) {
  if (count == 0) return std::nullopt;
  const auto n = static_cast<double>(count);
  const double share = static_cast<double>(hits) / n;
  const double z2 = kNormal95 * kNormal95;
  const double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const double half =
      kNormal95 * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n);
  return std::pair{100 * (middle - half), 100 * (middle + half)};
}

}  // namespace stockd::reports
