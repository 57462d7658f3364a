#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace stockd::reports {

// What the values of a sample come to.
struct Sample {
  int size = 0;
  double mean = 0;
  double deviation = 0;  // Of the sample, with size - 1; 0 for fewer than two values.
};

Sample SampleOf(std::span<const double> values);

// b's mean less a's, and where it lies in 95 of 100 such experiments: the interval of B. L. Welch
// (Biometrika 34, 1947), which does not suppose that both vary alike; NIST/SEMATECH e-Handbook of
// Statistical Methods, 7.3.1. The interval is empty when a sample has fewer than two values.
struct Comparison {
  Sample a;
  Sample b;
  double difference = 0;
  std::optional<std::pair<double, double>> interval;
  // How many values each sample takes to find such a difference in four of five experiments at a
  // level of 5 %: (1.96 + 0.84)^2 (deviation_a^2 + deviation_b^2) / difference^2, rounded up; the
  // same handbook, 7.2.2.2, for the difference of two means. Empty without an interval, and without
  // a difference or deviations.
  std::optional<int64_t> size_needed;
};

Comparison Compare(std::span<const double> a, std::span<const double> b);

}  // namespace stockd::reports
