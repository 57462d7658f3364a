#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stockd::reports {

// Assigns names to two arms at random: ordered by a hash of the experiment's id, the seed and the
// name, the first half is a, the rest b. The same on every machine and in any order of names.
// Returns for each name whether it is of b. REQUIRES: names that differ.
std::vector<bool> AssignArms(std::span<const std::string> names, std::string_view experiment,
                             uint64_t seed);

}  // namespace stockd::reports
