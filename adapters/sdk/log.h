// How an adapter writes its log: one line an event, stable text first, then named values.
#pragma once

#include <string>
#include <string_view>

namespace stockd::sdk {

// Sends the log to standard error, in UTC. `level` is "debug", "info", "warn" or "error".
void SetUpLog(std::string_view level);

// A value with blanks as one word: in quotes where need be.
[[nodiscard]] std::string LogValue(std::string_view value);

}  // namespace stockd::sdk
