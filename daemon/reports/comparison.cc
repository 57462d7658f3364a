#include "daemon/reports/comparison.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace stockd::reports {
namespace {

// Student's t, 97.5 %, by degrees of freedom from 1.
constexpr std::array kStudent95 = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306,
                                   2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
                                   2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064,
                                   2.060,  2.056, 2.052, 2.048, 2.045, 2.042};
constexpr double kNormal95 = 1.959964;
constexpr double kNormal80 = 0.841621;  // Exceeded in one of five.

// Rounded down to whole degrees, which makes the interval wider rather than narrower.
double Student95(double degrees) {
  if (degrees < static_cast<double>(kStudent95.size()) + 1) {
    const auto index = static_cast<size_t>(std::max(1.0, degrees)) - 1;
    return kStudent95[std::min(index, kStudent95.size() - 1)];
  }
  // The first terms of the expansion by 1 / degrees: off by less than 0.0001 from here on.
  const double z = kNormal95;
  return z + (z * z * z + z) / (4 * degrees) +
         (5 * std::pow(z, 5) + 16 * z * z * z + 3 * z) / (96 * degrees * degrees);
}

}  // namespace

Sample SampleOf(std::span<const double> values) {
  Sample sample{.size = static_cast<int>(values.size())};
  if (values.empty()) return sample;
  for (const double value : values) sample.mean += value;
  sample.mean /= sample.size;
  if (sample.size < 2) return sample;
  double squares = 0;
  for (const double value : values) squares += (value - sample.mean) * (value - sample.mean);
  sample.deviation = std::sqrt(squares / (sample.size - 1));
  return sample;
}

Comparison Compare(std::span<const double> a, std::span<const double> b) {
  Comparison comparison{.a = SampleOf(a), .b = SampleOf(b)};
  comparison.difference = comparison.b.mean - comparison.a.mean;
  if (comparison.a.size < 2 || comparison.b.size < 2) return comparison;
  const auto error = [](const Sample& sample) {
    return sample.deviation * sample.deviation / sample.size;
  };
  const double of_a = error(comparison.a);
  const double of_b = error(comparison.b);
  const double both = of_a + of_b;
  double half = 0;
  if (both > 0) {
    const double degrees =
        both * both /
        (of_a * of_a / (comparison.a.size - 1) + of_b * of_b / (comparison.b.size - 1));
    half = Student95(degrees) * std::sqrt(both);
  }
  comparison.interval = std::pair{comparison.difference - half, comparison.difference + half};
  if (both > 0 && comparison.difference != 0) {
    const double variances = comparison.a.deviation * comparison.a.deviation +
                             comparison.b.deviation * comparison.b.deviation;
    const double needed = std::pow((kNormal95 + kNormal80) / comparison.difference, 2) * variances;
    // Beyond any chain; a difference that small is none.
    if (needed < 1e15)
      comparison.size_needed = std::max<int64_t>(2, std::llround(std::ceil(needed)));
  }
  return comparison;
}

}  // namespace stockd::reports
