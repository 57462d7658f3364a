#pragma once

#include <cstddef>
#include <string_view>

namespace stockd {

// Compares secrets without telling by the time it takes where they differ. Their lengths are no
// secret.
inline bool EqualInConstantTime(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  volatile unsigned char difference = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    difference = static_cast<unsigned char>(difference | (a[i] ^ b[i]));
  }
  return difference == 0;
}

}  // namespace stockd
