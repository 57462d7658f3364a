#pragma once

#include <optional>
#include <string>

#include "daemon/reports/measure.h"

namespace stockd::reports {

// An exact number: value / divisor, in 10^-decimals.
struct Exact {
  Int128 value = 0;
  Int128 divisor = 1;  // Positive.
  int decimals = 0;

  bool is_zero() const { return value == 0; }
  long double Approximate() const;
};

// As a decimal without exponent, without needless zeros; rounded half away from zero to at most
// `decimals_max` decimals.
std::string ToText(const Exact& number, int decimals_max);

// numerator / denominator * factor; empty when the denominator is 0.
std::optional<double> Quotient(const Exact& numerator, const Exact& denominator, double factor);

}  // namespace stockd::reports
