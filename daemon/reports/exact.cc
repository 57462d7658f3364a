#include "daemon/reports/exact.h"

#include <algorithm>

namespace stockd::reports {
namespace {

long double PowerOfTen(int exponent) {
  long double power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

}  // namespace

long double Exact::Approximate() const {
  return static_cast<long double>(value) / static_cast<long double>(divisor) / PowerOfTen(decimals);
}

std::string ToText(const Exact& number, int decimals_max) {
  const bool negative = number.value < 0;
  const auto magnitude = negative ? -static_cast<unsigned __int128>(number.value)
                                  : static_cast<unsigned __int128>(number.value);
  const auto divisor = static_cast<unsigned __int128>(number.divisor);
  unsigned __int128 whole = magnitude / divisor;
  unsigned __int128 rest = magnitude % divisor;
  // Digits of value / divisor: those of the whole part, then as many more as are wanted.
  std::string digits;
  for (; whole != 0; whole /= 10) digits.push_back(static_cast<char>('0' + whole % 10));
  std::ranges::reverse(digits);
  int decimals = number.decimals;
  while (decimals < decimals_max && rest != 0) {
    // Far below the limit: a divisor is a time in microseconds or a count.
    rest *= 10;
    digits.push_back(static_cast<char>('0' + static_cast<int>(rest / divisor)));
    rest %= divisor;
    ++decimals;
  }
  bool up = decimals >= decimals_max && rest * 2 >= divisor && rest != 0;
  while (static_cast<int>(digits.size()) < decimals + 1) digits.insert(digits.begin(), '0');
  while (decimals > decimals_max) {
    up = digits.back() >= '5';
    digits.pop_back();
    --decimals;
  }
  for (auto digit = digits.rbegin(); up && digit != digits.rend(); ++digit) {
    up = *digit == '9';
    *digit = up ? '0' : static_cast<char>(*digit + 1);
  }
  if (up) digits.insert(digits.begin(), '1');
  for (; decimals > 0 && digits.back() == '0'; --decimals) digits.pop_back();
  if (decimals > 0) digits.insert(digits.size() - static_cast<size_t>(decimals), 1, '.');
  return negative && digits != "0" ? "-" + digits : digits;
}

std::optional<double> Quotient(const Exact& numerator, const Exact& denominator, double factor) {
  if (denominator.is_zero()) return std::nullopt;
  return static_cast<double>(numerator.Approximate() / denominator.Approximate() *
                             static_cast<long double>(factor));
}

}  // namespace stockd::reports
