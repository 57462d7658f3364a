// Quantities between Tryton's decimals and stockd's whole numbers, without floating point.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace stockd::tryton {

// "12.25" with scale 3 is 12250. Takes JSON's exponents too: a small figure of a unit with many
// digits arrives as "5e-05".
//   INVALID_ARGUMENT   not a number, or more decimals than the scale.
//   OUT_OF_RANGE       does not fit into 64 bits.
[[nodiscard]] absl::StatusOr<int64_t> ParseQuantity(std::string_view text, int scale);

// 12250 with scale 3 and 2 digits is "12.25". Tryton keeps floating point inside; 15 digits are
// what it keeps exactly.
//   INVALID_ARGUMENT   the unit has not so many decimals.
//   OUT_OF_RANGE       more than 15 digits.
[[nodiscard]] absl::StatusOr<std::string> FormatQuantity(int64_t quantity, int scale,
                                                         int unit_digits);

}  // namespace stockd::tryton
