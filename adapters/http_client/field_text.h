// The text of header fields.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace stockd::http_client {

// Without the white space at both ends.
[[nodiscard]] std::string_view Trimmed(std::string_view text);

// A number of decimal digits alone; unset: it is something else, or beyond an int64.
[[nodiscard]] std::optional<int64_t> ParseDigits(std::string_view text);

}  // namespace stockd::http_client
