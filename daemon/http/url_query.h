#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stockd::http {

// Decodes %XX, and '+' as a space where that is meant. Nothing when an escape is broken. Pure.
std::optional<std::string> DecodeUrl(std::string_view text, bool plus_is_space);

// The names and values of a query, decoded, in their order. Nothing when it is broken. Pure.
std::optional<std::vector<std::pair<std::string, std::string>>> ParseUrlQuery(
    std::string_view query);

}  // namespace stockd::http
