#include "daemon/reports/cell.h"

#include <algorithm>

namespace stockd::reports {
namespace {

unsigned __int128 Zigzag(Int128 value) {
  return static_cast<unsigned __int128>(value) << 1 ^ static_cast<unsigned __int128>(value >> 127);
}

}  // namespace

void AppendVarint(std::string& bytes, unsigned __int128 value) {
  while (value >= 0x80) {
    bytes.push_back(static_cast<char>(static_cast<unsigned char>(value & 0x7f) | 0x80));
    value >>= 7;
  }
  bytes.push_back(static_cast<char>(value));
}

// Few rows are asked for of many items at one time, and of one place over a long time: the place
// comes first but for items.
CellKey MakeCellKey(Family family, Cuboid cuboid, Level level, int64_t bucket,
                    const CellPlace& place) {
  CellKey key{.space = MakeSpace(family, cuboid, level)};
  switch (cuboid) {
    case Cuboid::kTotal: key.a = bucket; break;
    case Cuboid::kLocation:
      key.a = place.location;
      key.b = bucket;
      break;
    case Cuboid::kCategory:
      key.a = place.category;
      key.b = bucket;
      break;
    case Cuboid::kLocationCategory:
      key.a = place.location;
      key.b = bucket;
      key.c = place.category;
      break;
    case Cuboid::kItem:
      key.a = bucket;
      key.b = place.item;
      break;
  }
  return key;
}

int64_t BucketOf(const CellKey& key) {
  const Cuboid cuboid = CuboidOf(key);
  return cuboid == Cuboid::kTotal || cuboid == Cuboid::kItem ? key.a : key.b;
}

CellPlace PlaceOf(const CellKey& key) {
  switch (CuboidOf(key)) {
    case Cuboid::kTotal: return {};
    case Cuboid::kLocation: return {.location = static_cast<uint32_t>(key.a)};
    case Cuboid::kCategory: return {.category = static_cast<CategoryId>(key.a)};
    case Cuboid::kLocationCategory:
      return {.location = static_cast<uint32_t>(key.a), .category = static_cast<CategoryId>(key.c)};
    case Cuboid::kItem: return {.item = static_cast<uint32_t>(key.b)};
  }
  return {};
}

void Cell::AddKey(uint64_t key, Int128 amount) {
  // Cells hold few sums; a search from the end finds those of the fact at hand.
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    if (entry->key == key) {
      entry->sum += amount;
      return;
    }
  }
  entries_.push_back({.key = key, .sum = amount});
}

std::string Cell::Encode() {
  std::ranges::sort(entries_, {}, &Entry::key);
  std::string bytes;
  uint64_t last = 0;
  for (const Entry& entry : entries_) {
    if (entry.sum == 0) continue;
    AppendVarint(bytes, entry.key - last);
    AppendVarint(bytes, Zigzag(entry.sum));
    last = entry.key;
  }
  return bytes;
}

bool Cell::Merge(std::string_view encoded) {
  return ForEachSum(
      encoded, [this](StrandId strand, Measure measure, Int128 sum) { Add(strand, measure, sum); });
}

}  // namespace stockd::reports
