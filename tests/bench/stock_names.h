#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace stockd::bench {

// Names of the items and locations that the benchmarks sell, from 0.
inline std::string Sku(uint64_t item) {
  char text[24];
  std::snprintf(text, sizeof text, "SKU-%08llu", static_cast<unsigned long long>(item));
  return text;
}

inline std::string LocationCode(uint64_t location) {
  char text[16];
  std::snprintf(text, sizeof text, "L%03u", static_cast<unsigned>(location));
  return text;
}

// A number as good as random for each `seed` (splitmix64).
constexpr uint64_t Scatter(uint64_t seed) {
  seed += 0x9E3779B97F4A7C15u;
  seed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9u;
  seed = (seed ^ (seed >> 27)) * 0x94D049BB133111EBu;
  return seed ^ (seed >> 31);
}

// An id of the length and form of a UUID. Ids of one `run` are ordered by `number` when `ordered`,
// as UUIDs of version 7 are, and scattered else, as those of version 4.
inline std::string CallerId(uint64_t run, uint64_t number, bool ordered) {
  const uint64_t high = ordered ? (run << 36) + number : Scatter(run * 0x10001 + number);
  const uint64_t low = Scatter(high ^ run);
  char text[40];
  std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(high >> 32),
                static_cast<unsigned>(high >> 16 & 0xFFFF), static_cast<unsigned>(high & 0xFFFF),
                static_cast<unsigned>(low >> 48),
                static_cast<unsigned long long>(low & 0xFFFFFFFFFFFF));
  return text;
}

}  // namespace stockd::bench
