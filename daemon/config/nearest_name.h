// Guesses what somebody meant to type.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace stockd::config {

// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
int EditDistance(std::string_view a, std::string_view b);

// The name with the smallest distance, the first of equals; a name that the other begins with is as
// near as one edit. Empty when none is near enough to be what was meant (a third of the name's
// length, at least 2).
std::string NearestName(std::string_view name, const std::vector<std::string_view>& known);

}  // namespace stockd::config
