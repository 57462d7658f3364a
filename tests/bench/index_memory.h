#pragma once

#include <cstdint>

#include <nlohmann/json.hpp>

namespace stockd::bench {

// What the availability index occupies with `positions` positions, by the growth of this process
// and by the index's own account.
struct IndexMemory {
  int64_t positions = 0;
  double resident_bytes = 0;  // A position.
  double counted_bytes = 0;   // A position.
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(IndexMemory, positions, resident_bytes, counted_bytes)

// To be called in a process that has allocated little before: freed memory would hide growth.
IndexMemory MeasureIndexMemory(int64_t positions, int64_t locations);

}  // namespace stockd::bench
