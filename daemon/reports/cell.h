#pragma once

#include <absl/container/flat_hash_map.h>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/reports/measure.h"

namespace stockd::reports {

// Number of a Strand in the roll-up's dictionary; 0: none.
using StrandId = uint32_t;
// Number of a category in the roll-up's dictionary, 0: none.
using CategoryId = uint32_t;

// Which dimensions a cell keeps apart besides its strand. Values are stored.
enum class Cuboid : uint8_t {
  kTotal = 0,
  kLocation = 1,
  kCategory = 2,
  kLocationCategory = 3,
  kItem = 4,
};
inline constexpr int kCuboidCount = 5;

// How long a cell's time is. Values are stored.
enum class Level : uint8_t {
  kEver = 0,   // All time.
  kMonth = 1,  // Of the time zone that reports are kept in, as is
  kDay = 2,
  kHour = 3,  // Of the grid of that time zone.
};
inline constexpr int kLevelCount = 4;

// Cells that are read together.
enum class Family : uint8_t {
  kFlow = 0,   // What happened within the cell's time.
  kStock = 1,  // Steps of what stands.
};

// Whether hours are kept: items and pairs would have nearly as many as there are facts.
constexpr bool KeepsHours(Cuboid cuboid) {
  return cuboid == Cuboid::kTotal || cuboid == Cuboid::kLocation || cuboid == Cuboid::kCategory;
}

// Where a cell stands. The order of keys is the order on disk: what is read together is together.
struct CellKey {
  uint32_t space = 0;  // Family, cuboid and level.
  int64_t a = 0;       // See MakeCellKey().
  int64_t b = 0;
  int64_t c = 0;

  friend auto operator<=>(const CellKey&, const CellKey&) = default;
  template <typename H>
  friend H AbslHashValue(H hash, const CellKey& key) {
    return H::combine(std::move(hash), key.space, key.a, key.b, key.c);
  }
};

constexpr uint32_t MakeSpace(Family family, Cuboid cuboid, Level level) {
  return static_cast<uint32_t>(family) << 16 | static_cast<uint32_t>(cuboid) << 8 |
         static_cast<uint32_t>(level);
}

// The dimensions of a cell beside its time; those that its cuboid does not keep are ignored.
struct CellPlace {
  uint32_t location = 0;
  CategoryId category = 0;
  uint32_t item = 0;
};

CellKey MakeCellKey(Family family, Cuboid cuboid, Level level, int64_t bucket,
                    const CellPlace& place);

// The time and place of a key.
int64_t BucketOf(const CellKey& key);
CellPlace PlaceOf(const CellKey& key);
constexpr Cuboid CuboidOf(const CellKey& key) { return static_cast<Cuboid>(key.space >> 8 & 0xff); }
constexpr Level LevelOf(const CellKey& key) { return static_cast<Level>(key.space & 0xff); }
constexpr Family FamilyOf(const CellKey& key) { return static_cast<Family>(key.space >> 16); }

// What a cell adds up: sums by strand and measure. Thread-compatible.
class Cell {
 public:
  struct Entry {
    uint64_t key = 0;  // strand << 16 | measure
    Int128 sum = 0;

    StrandId strand() const { return static_cast<StrandId>(key >> 16); }
    Measure measure() const { return static_cast<Measure>(key & 0xffff); }
  };

  void Add(StrandId strand, Measure measure, Int128 amount) {
    if (amount == 0) return;
    AddKey(uint64_t{strand} << 16 | static_cast<uint64_t>(measure), amount);
  }
  void AddKey(uint64_t key, Int128 amount);
  // The same for a key that is higher than all before.
  void AddLast(uint64_t key, Int128 amount) { entries_.push_back({.key = key, .sum = amount}); }

  const std::vector<Entry>& entries() const { return entries_; }

  // The one encoding of these sums: sorted, without zeros; empty when all are zero.
  std::string Encode();
  // Adds what was encoded. False when the bytes are damaged.
  [[nodiscard]] bool Merge(std::string_view encoded);

 private:
  std::vector<Entry> entries_;  // In any order, each key once.
};

// Reads an encoded cell entry by entry without making one. `each(strand, measure, sum)`. False when
// the bytes are damaged.
template <typename Each>
[[nodiscard]] bool ForEachSum(std::string_view encoded, Each&& each);

// The same with whole keys.
template <typename Each>
[[nodiscard]] bool ForEachKey(std::string_view encoded, Each&& each);

using CellMap = absl::flat_hash_map<CellKey, Cell>;

// Appends a number in base 128, low bits first.
void AppendVarint(std::string& bytes, unsigned __int128 value);

namespace cell_internal {

// Reads a number in base 128, low bits first. False at a damaged end.
inline bool ReadVarint(std::string_view bytes, size_t& at, unsigned __int128& value) {
  value = 0;
  for (int shift = 0; at < bytes.size() && shift < 128; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    value |= static_cast<unsigned __int128>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

constexpr Int128 FromZigzag(unsigned __int128 value) {
  return static_cast<Int128>(value >> 1) ^ -static_cast<Int128>(value & 1);
}

}  // namespace cell_internal

template <typename Each>
bool ForEachKey(std::string_view encoded, Each&& each) {
  size_t at = 0;
  uint64_t key = 0;
  while (at < encoded.size()) {
    unsigned __int128 step = 0;
    unsigned __int128 sum = 0;
    if (!cell_internal::ReadVarint(encoded, at, step) ||
        !cell_internal::ReadVarint(encoded, at, sum)) {
      return false;
    }
    key += static_cast<uint64_t>(step);
    each(key, cell_internal::FromZigzag(sum));
  }
  return true;
}

template <typename Each>
bool ForEachSum(std::string_view encoded, Each&& each) {
  return ForEachKey(encoded, [&each](uint64_t key, Int128 sum) {
    each(static_cast<StrandId>(key >> 16), static_cast<Measure>(key & 0xffff), sum);
  });
}

}  // namespace stockd::reports
