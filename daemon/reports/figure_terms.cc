#include "daemon/reports/figure_terms.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace stockd::reports {
namespace {

constexpr double kNormal95 = 1.959964;  // 95 % of a normal distribution lie within so many sigma.

// The least of 1, 2, 5, 10, 20 ... of which so many reach the value.
double WidthFor(double value) {
  double power = std::pow(10, std::floor(std::log10(value / kHistogramBinsMax)));
  for (;; power *= 10) {
    for (const int step : {1, 2, 5}) {
      if (step * power * kHistogramBinsMax >= value) return step * power;
    }
  }
}

}  // namespace

std::optional<double> ValueOf(const Outcome& outcome) {
  return outcome.has_denominator ? Quotient(outcome.numerator, outcome.denominator, outcome.factor)
                                 : static_cast<double>(outcome.numerator.Approximate());
}

void AddHistogram(const Sums& sums, Distribution distribution, double scale, Outcome& outcome) {
  std::vector<std::pair<double, int64_t>> times;  // Shortest first.
  for (const int64_t value : sums.Values(distribution)) {
    times.emplace_back(static_cast<double>(std::max<int64_t>(0, value)) / scale, 1);
  }
  if (times.empty()) {
    for (const auto& [bin, count] : sums.Bins(distribution)) {
      times.emplace_back(static_cast<double>(ValueOf(bin)) / scale, count);
    }
  }
  int64_t total = 0;
  for (const auto& [value, count] : times) total += count;
  if (total == 0) return;
  int64_t seen = 0;
  double most = 0;
  for (const auto& [value, count] : times) {
    most = value;
    seen += count;
    if (seen * 100 >= total * 98) break;
  }
  const double width = WidthFor(std::max(most, 0.01) * (1 + 1e-9));
  const auto ends = static_cast<size_t>(most / width) + 1;
  for (size_t i = 0; i < ends; ++i) {
    const auto low = static_cast<double>(i) * width;
    outcome.histogram.push_back({.low = low, .high = low + width});
  }
  outcome.histogram.push_back(
      {.low = static_cast<double>(ends) * width, .high = std::numeric_limits<double>::infinity()});
  for (const auto& [value, count] : times) {
    outcome.histogram[std::min(ends, static_cast<size_t>(value / width))].count += count;
  }
  if (outcome.histogram.back().count == 0) outcome.histogram.pop_back();
}

void AddPercentiles(const Sums& sums, Distribution distribution, double scale, Outcome& outcome) {
  if (outcome.wants_histogram) AddHistogram(sums, distribution, scale, outcome);
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
