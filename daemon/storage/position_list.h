#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/ids.h"

namespace stockd::storage {

// The key as SQLite stores and orders it: signed.
constexpr int64_t StoredKey(PositionKey key) { return static_cast<int64_t>(key.packed()); }
constexpr PositionKey KeyFromStored(int64_t stored) {
  return PositionKey::Unpack(static_cast<uint64_t>(stored));
}

// Many positions in little room: sorted, each once, as differences in base 128, low bits first.
struct PositionList {
  int64_t first = 0;  // Smallest and largest stored key.
  int64_t last = 0;
  std::string bytes;
};

// REQUIRES: at least one position.
PositionList EncodePositions(const std::vector<PositionKey>& positions);

// Empty when the bytes are damaged.
std::optional<std::vector<PositionKey>> DecodePositions(std::string_view bytes);

// Whether the encoded positions hold this one. Damaged bytes hold nothing.
bool ContainsPosition(std::string_view bytes, PositionKey position);

}  // namespace stockd::storage
