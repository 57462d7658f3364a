#pragma once

#include <optional>
#include <utility>

#include "daemon/reports/figure.h"

namespace stockd::reports {

// The words in which figures are worked out, and what several of them share.

inline constexpr int kUnitDecimals = 6;    // Of Units measures.
inline constexpr int kMoneyDecimals = 12;  // Of Value and Cost measures.
inline constexpr double kYearDays = 365;
inline constexpr double kMicrosPerDay = 86'400e6;
inline constexpr double kMicrosPerHour = 3'600e6;
inline constexpr double kMicrosPerMinute = 60e6;

inline Exact Count(Int128 value) { return {.value = value}; }
inline Exact Units(Int128 value) { return {.value = value, .decimals = kUnitDecimals}; }
inline Exact Money(Int128 value) { return {.value = value, .decimals = kMoneyDecimals}; }

inline double Days(const Sums& sums) {
  return static_cast<double>(sums.length().count()) / kMicrosPerDay;
}

// Time-weighted: what stood on average.
inline Exact Average(const Sums& sums, Measure step, int decimals) {
  return {.value = sums.Integral(step), .divisor = sums.length().count(), .decimals = decimals};
}

inline void Sum(Outcome& outcome, const Exact& value) {
  outcome.numerator = value;
  outcome.has_denominator = false;
}

inline void Ratio(Outcome& outcome, const Exact& numerator, const Exact& denominator,
                  double factor = 1) {
  outcome.numerator = numerator;
  outcome.denominator = denominator;
  outcome.factor = factor;
}

inline void Exclude(Outcome& outcome, std::string_view reason, Int128 count) {
  if (count != 0) outcome.exclusions.emplace_back(reason, count);
}

// Sales and returns without a price say nothing about money.
inline void ExcludeUnpriced(const Sums& sums, Outcome& outcome) {
  const Int128 unpriced =
      sums.Flow(Measure::kSaleUnpricedLines) + sums.Flow(Measure::kReturnUnpricedLines);
  Exclude(outcome, "PRICE_UNKNOWN", unpriced);
  outcome.coverable = sums.Flow(Measure::kSaleLines) + sums.Flow(Measure::kReturnLines);
  outcome.covered = outcome.coverable - unpriced;
}

inline void CoverSales(const Sums& sums, Outcome& outcome, Int128 missing,
                       std::string_view reason) {
  Exclude(outcome, reason, missing);
  outcome.coverable = sums.Flow(Measure::kSaleLines);
  outcome.covered = outcome.coverable - missing;
}

inline Int128 NetUnits(const Sums& sums) {
  return sums.Flow(Measure::kSaleUnits) - sums.Flow(Measure::kReturnUnits);
}
inline Int128 NetValue(const Sums& sums) {
  return sums.Flow(Measure::kSaleValue) - sums.Flow(Measure::kReturnValue);
}
inline Int128 NetCost(const Sums& sums) {
  return sums.Flow(Measure::kSaleCost) - sums.Flow(Measure::kReturnCost);
}

inline constexpr uint16_t kPlaces =
    Dimension::kLocation | Dimension::kGroup | Dimension::kCategory | Dimension::kItem;
inline constexpr uint16_t kOrderPlaces = Dimension::kLocation | Dimension::kGroup |
                                         Dimension::kChannel | Dimension::kFulfilment |
                                         Dimension::kSource;
inline constexpr uint16_t kFulfilments = Dimension::kLocation | Dimension::kGroup |
                                         Dimension::kChannel | Dimension::kFulfilment |
                                         Dimension::kCarrier | Dimension::kService;
inline constexpr uint16_t kTrade =
    kPlaces | Dimension::kChannel | Dimension::kFulfilment | Dimension::kSource;

// At most this many bins have an end.
inline constexpr int kHistogramBinsMax = 20;

// The distribution in bins of one width, 1, 2 or 5 times a power of ten, from 0 to behind the 98th
// percentile; what is longer is in a last bin without an end. Empty when there is nothing.
void AddHistogram(const Sums& sums, Distribution distribution, double scale, Outcome& outcome);

// By nearest rank, exact or from the middles of the bins: the smallest value that at least so many
// percent do not exceed. `scale` turns microseconds into the figure's unit. Adds the histogram as
// well when the outcome wants it.
void AddPercentiles(const Sums& sums, Distribution distribution, double scale, Outcome& outcome);

// Mean and percentiles of times, in hours or minutes.
void EvaluateTimes(const Sums& sums, Measure count, Measure micros, Distribution distribution,
                   double micros_per_unit, Outcome& outcome);

// Wilson's interval of a share, in percent.
std::optional<std::pair<double, double>> ShareInterval(Int128 hits, Int128 count);

}  // namespace stockd::reports
