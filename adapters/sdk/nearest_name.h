// "Did you mean": the known name that is closest to a misspelt one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace stockd::sdk {

// The name with the fewest edits (insert, delete, replace, swap of neighbours), the first of
// equals; empty when there are no names.
[[nodiscard]] std::string NearestName(std::string_view wrong,
                                      const std::vector<std::string>& known);

}  // namespace stockd::sdk
