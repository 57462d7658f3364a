// Chance, for pauses.
#pragma once

#include <cstdint>

namespace stockd::sdk {

// Another number in each call and each process.
[[nodiscard]] uint64_t RandomSeed();

}  // namespace stockd::sdk
