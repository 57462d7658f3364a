#pragma once

#include <string_view>

namespace stockd {

// Version of the programs; CHANGELOG.md says what each brought.
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace stockd
