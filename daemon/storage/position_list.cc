#include "daemon/storage/position_list.h"

#include <algorithm>

#include "daemon/base/check.h"

namespace stockd::storage {
namespace {

// Whether the bytes are whole.
template <typename Each>
bool ForEachPosition(std::string_view bytes, Each&& each) {
  uint64_t key = 0;
  uint64_t difference = 0;
  unsigned shift = 0;
  for (const char byte : bytes) {
    const auto bits = static_cast<unsigned char>(byte);
    if (shift > 63) return false;
    difference |= uint64_t{bits & 0x7fU} << shift;
    shift += 7;
    if ((bits & 0x80) != 0) continue;
    key += difference;
    each(PositionKey::Unpack(key));
    difference = 0;
    shift = 0;
  }
  return shift == 0;
}

}  // namespace

PositionList EncodePositions(const std::vector<PositionKey>& positions) {
  STOCKD_CHECK(!positions.empty());
  std::vector<int64_t> keys;
  keys.reserve(positions.size());
  for (const PositionKey position : positions) keys.push_back(StoredKey(position));
  if (!std::is_sorted(keys.begin(), keys.end())) std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());

  PositionList list{.first = keys.front(), .last = keys.back(), .bytes = {}};
  uint64_t previous = 0;
  for (const int64_t key : keys) {
    uint64_t difference =
        static_cast<uint64_t>(key) - previous;  // Modulo 2^64: also for the first.
    previous = static_cast<uint64_t>(key);
    while (difference >= 0x80) {
      list.bytes.push_back(static_cast<char>(difference | 0x80));
      difference >>= 7;
    }
    list.bytes.push_back(static_cast<char>(difference));
  }
  return list;
}

bool ContainsPosition(std::string_view bytes, PositionKey position) {
  bool contains = false;
  const bool whole =
      ForEachPosition(bytes, [&](PositionKey each) { contains = contains || each == position; });
  return whole && contains;
}

std::optional<std::vector<PositionKey>> DecodePositions(std::string_view bytes) {
  std::vector<PositionKey> positions;
  if (!ForEachPosition(bytes, [&](PositionKey each) { positions.push_back(each); })) {
    return std::nullopt;
  }
  return positions;
}

}  // namespace stockd::storage
