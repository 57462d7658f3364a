#include "adapters/tryton/exact_number.h"

#include <absl/strings/numbers.h>
#include <fmt/format.h>

#include <algorithm>

#include "adapters/sdk/decimal.h"

namespace stockd::tryton {
namespace {

constexpr int kExactDigitsMax = 15;
constexpr int kExponentMax = 30;

// The same number without its exponent.
absl::StatusOr<std::string> WithoutExponent(std::string_view text) {
  const size_t mark = text.find_first_of("eE");
  if (mark == std::string_view::npos) return std::string(text);
  int exponent = 0;
  std::string_view exponent_text = text.substr(mark + 1);
  if (exponent_text.starts_with('+')) exponent_text.remove_prefix(1);
  if (!absl::SimpleAtoi(absl::string_view(exponent_text.data(), exponent_text.size()), &exponent) ||
      exponent > kExponentMax || exponent < -kExponentMax) {
    return absl::InvalidArgumentError(fmt::format("\"{}\" is not a quantity", text));
  }
  std::string_view digits = text.substr(0, mark);
  const bool is_negative = digits.starts_with('-');
  if (is_negative) digits.remove_prefix(1);
  const size_t point = digits.find('.');
  std::string all(digits.substr(0, point));
  int whole = static_cast<int>(all.size()) + exponent;
  if (point != std::string_view::npos) all += digits.substr(point + 1);
  if (whole <= 0) {
    all.insert(0, static_cast<size_t>(1 - whole), '0');
    whole = 1;
  }
  if (static_cast<size_t>(whole) > all.size())
    all.append(static_cast<size_t>(whole) - all.size(), '0');
  return fmt::format("{}{}.{}0", is_negative ? "-" : "", all.substr(0, static_cast<size_t>(whole)),
                     all.substr(static_cast<size_t>(whole)));
}

}  // namespace

absl::StatusOr<int64_t> ParseQuantity(std::string_view text, int scale) {
  const absl::StatusOr<std::string> plain = WithoutExponent(text);
  if (!plain.ok()) return plain.status();
  return sdk::ParseDecimal(*plain, {.scale = scale});
}

absl::StatusOr<std::string> FormatQuantity(int64_t quantity, int scale, int unit_digits) {
  std::string digits = std::to_string(quantity);
  const bool is_negative = digits.starts_with('-');
  if (is_negative) digits.erase(0, 1);
  if (digits.size() > kExactDigitsMax) {
    return absl::OutOfRangeError(
        fmt::format("{} has more digits than Tryton keeps exactly", quantity));
  }
  const auto decimals = static_cast<size_t>(scale);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  std::string whole = digits.substr(0, digits.size() - decimals);
  std::string fraction = digits.substr(digits.size() - decimals);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  std::string text = (is_negative ? "-" : "") + whole;
  if (!fraction.empty()) text += '.' + fraction;
  if (static_cast<int>(fraction.size()) > unit_digits) {
    return absl::InvalidArgumentError(
        fmt::format("{} has more decimals than the {} of its unit in Tryton", text, unit_digits));
  }
  return text;
}

}  // namespace stockd::tryton
