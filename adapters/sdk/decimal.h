// Exact decimals: text to whole numbers of the smallest unit, without floating point.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string_view>

namespace stockd::sdk {

// How a file writes its numbers.
struct DecimalFormat {
  // Decimals of the smallest unit: with 3, "12.375" becomes 12375. 0 to 9.
  int scale = 0;
  // Between whole part and decimals; '.' or ','.
  char separator = '.';
};

// Parses an optional sign, digits and decimals. Zeros beyond the scale are fine ("12.000" with
// scale 0 is 12), other digits there are refused rather than rounded. Thousands separators,
// exponents and blanks are refused.
//   INVALID_ARGUMENT   not a number, or more decimals than the scale; the message quotes the text.
//   OUT_OF_RANGE       does not fit into 64 bits.
[[nodiscard]] absl::StatusOr<int64_t> ParseDecimal(std::string_view text, DecimalFormat format);

// A price as millionths of the currency's unit; what ParseDecimal says with scale 6.
[[nodiscard]] absl::StatusOr<int64_t> ParseMicros(std::string_view text, char separator);

}  // namespace stockd::sdk
