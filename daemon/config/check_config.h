// Rules that need more than one key.
#pragma once

#include <vector>

#include "daemon/config/config.h"

namespace stockd::config {

// Everything that is wrong with a configuration whose single values are each in range. The errors
// have a key but no place in a file.
std::vector<ConfigError> CheckConfig(const Config& config);

}  // namespace stockd::config
