#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/time.h"

namespace stockd {

// Formats as RFC 3339 in UTC, with as many decimals of the second as are needed (none to six).
// "never" for the limits.
std::string FormatTimestamp(Timestamp time);

// Parses RFC 3339 with `Z` or an offset; decimals beyond the sixth are cut off. Empty when
// malformed or outside of the years 1 to 9999.
std::optional<Timestamp> ParseTimestamp(std::string_view text);

}  // namespace stockd
