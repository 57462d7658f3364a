#include "adapters/sdk/decimal.h"

#include <fmt/format.h>

namespace stockd::sdk {
namespace {

constexpr int kMicrosScale = 6;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

absl::Status NotANumber(std::string_view text) {
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" is not a decimal number", text.substr(0, 64)));
}

// Appends one digit to a negative number: the negative range is the larger one, so that the
// smallest number of 64 bits can be read too.
bool AppendDigit(int64_t& negative, char digit) {
  return !__builtin_mul_overflow(negative, int64_t{10}, &negative) &&
         !__builtin_sub_overflow(negative, int64_t{digit - '0'}, &negative);
}

}  // namespace

absl::StatusOr<int64_t> ParseDecimal(std::string_view text, DecimalFormat format) {
  std::string_view rest = text;
  const bool is_negative = rest.starts_with('-');
  if (is_negative || rest.starts_with('+')) rest.remove_prefix(1);

  int64_t negative = 0;
  int digits = 0;
  int decimals = 0;
  bool in_decimals = false;
  bool fits = true;
  for (const char c : rest) {
    if (c == format.separator && !in_decimals) {
      in_decimals = true;
      continue;
    }
    if (!IsDigit(c)) return NotANumber(text);
    ++digits;
    if (in_decimals && decimals == format.scale) {
      if (c == '0') continue;
      return absl::InvalidArgumentError(
          fmt::format("\"{}\" has more than {} decimals", text.substr(0, 64), format.scale));
    }
    if (in_decimals) ++decimals;
    fits = fits && AppendDigit(negative, c);
  }
  if (digits == 0) return NotANumber(text);
  for (; decimals < format.scale; ++decimals) fits = fits && AppendDigit(negative, '0');
  if (!is_negative && negative == INT64_MIN) fits = false;
  if (!fits) {
    return absl::OutOfRangeError(fmt::format("\"{}\" is too large", text.substr(0, 64)));
  }
  return is_negative ? negative : -negative;
}

absl::StatusOr<int64_t> ParseMicros(std::string_view text, char separator) {
  return ParseDecimal(text, {.scale = kMicrosScale, .separator = separator});
}

}  // namespace stockd::sdk
