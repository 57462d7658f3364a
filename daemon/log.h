#pragma once

#include <string>
#include <string_view>

#include "daemon/config/config.h"

namespace stockd {

// Sends the log to standard error, a line for each event: instant in UTC, level, stable text, named
// values. Lines below `level` are left out.
void SetUpLog(config::LogLevel level);

// A value as it stands behind `name=` in a log line: in quotes when it has spaces, always on one
// line.
std::string LogValue(std::string_view value);

}  // namespace stockd
