#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace stockd {

// Numbers that the daemon gives to the users' own strings. They never leave the daemon: the API
// speaks in SKUs and codes. Zero is "none".
enum class ItemId : uint32_t {};
enum class LocationId : uint32_t {};
enum class ChannelId : uint32_t {};
enum class GroupId : uint32_t {};
enum class SourceId : uint32_t {};

inline constexpr ItemId kNoItem{0};
inline constexpr LocationId kNoLocation{0};
inline constexpr ChannelId kNoChannel{0};
inline constexpr GroupId kNoGroup{0};
inline constexpr SourceId kNoSource{0};

template <typename Id>
constexpr uint32_t ToNumber(Id id) {
  return static_cast<uint32_t>(id);
}

// Sequence number of a journal entry. Grows by one with each, over all positions; also the version
// of a position.
using Sequence = uint64_t;

// One (item, location) pair.
struct PositionKey {
  ItemId item = kNoItem;
  LocationId location = kNoLocation;

  friend constexpr auto operator<=>(PositionKey, PositionKey) = default;

  // One number for hashing and storage: the item in the upper half, so that an item's positions are
  // neighbours.
  constexpr uint64_t packed() const {
    return (uint64_t{ToNumber(item)} << 32) | ToNumber(location);
  }
  static constexpr PositionKey Unpack(uint64_t packed) {
    return {.item = ItemId{static_cast<uint32_t>(packed >> 32)},
            .location = LocationId{static_cast<uint32_t>(packed)}};
  }

  template <typename H>
  friend H AbslHashValue(H hash, PositionKey key) {
    return H::combine(std::move(hash), key.packed());
  }
};

}  // namespace stockd

template <>
struct std::hash<stockd::PositionKey> {
  size_t operator()(stockd::PositionKey key) const noexcept {
    return std::hash<uint64_t>{}(key.packed());
  }
};
