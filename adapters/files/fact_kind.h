// Names of the kinds of fact, as configuration and files write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stockd/v1/types.pb.h"

namespace stockd::files {

// "sale", "transfer_out" and so on, in upper or lower case; unset when it is no such name.
[[nodiscard]] std::optional<v1::FactKind> FactKindFromName(std::string_view name);

// All names.
[[nodiscard]] std::vector<std::string> FactKindNames();

}  // namespace stockd::files
