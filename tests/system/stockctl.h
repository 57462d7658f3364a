#pragma once

#include <string>
#include <vector>

#include "tests/support/process.h"

namespace stockd::system_test {

// Runs the real stockctl against the daemon at `address`.
[[nodiscard]] support::CommandResult RunStockctl(const std::string& address,
                                                 std::vector<std::string> arguments);

}  // namespace stockd::system_test
