#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace stockd::rpc {

// How often this process has refused for each reason, rows of batches included. One count for the
// process: refusals are made in one place, by whatever service. Thread-safe.
void CountRefusal(std::string_view reason);
std::map<std::string, int64_t> RefusalCounts();

}  // namespace stockd::rpc
