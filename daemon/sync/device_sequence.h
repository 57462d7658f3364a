#pragma once

#include <absl/container/btree_map.h>
#include <absl/container/btree_set.h>

#include <cstdint>
#include <vector>

#include "daemon/storage/device_row.h"

namespace stockd::sync {

// The largest number that a device may give.
inline constexpr uint64_t kDeviceNumberMax = uint64_t{1} << 62;
// How far one number may lie beyond all others of its device.
inline constexpr uint64_t kDeviceJumpMax = 1'000'000'000;
// Open gaps of one device. Beyond it those with the smallest numbers are merged.
inline constexpr size_t kDeviceGapsMax = 10'000;

// Which numbers of one device were taken. A sequence may begin anywhere; what is missing between
// the lowest and the newest number is a gap, until it arrives. Thread-compatible.
class DeviceSequence {
 public:
  DeviceSequence() = default;
  // As it was stored; gaps follow by LoadGap().
  DeviceSequence(uint64_t first, uint64_t newest) : first_(first), newest_(newest) {}
  void LoadGap(const storage::DeviceGap& gap);

  // Whether the number can belong to the device: from 1 to kDeviceNumberMax, and at most
  // kDeviceJumpMax outside what was taken.
  bool Accepts(uint64_t number) const;
  // Takes a number; one that was taken before changes nothing. REQUIRES: Accepts(number).
  void Take(uint64_t number, Timestamp now);

  // What Take() did since the last call.
  struct Changes {
    bool moved = false;                       // `first` or `newest` changed.
    std::vector<storage::DeviceGap> changed;  // Gaps to store, by their first number.
    std::vector<uint64_t> gone;               // Gaps to delete, by their first number.
    std::vector<storage::DeviceGap> opened;   // Noticed now: nobody was told of them.
    std::vector<storage::DeviceGap> closed;   // The rest of gaps that somebody was told of.
    uint64_t merged_numbers = 0;  // Numbers that were taken and count as missing from now on.
  };
  Changes TakeChanges();

  uint64_t first() const { return first_; }
  uint64_t newest() const { return newest_; }
  // Every number from first() up to here was taken.
  uint64_t complete_until() const;
  uint64_t missing() const { return missing_; }
  // The first `limit` gaps.
  std::vector<storage::DeviceGap> Gaps(size_t limit) const;

 private:
  struct Gap {
    uint64_t last = 0;
    Timestamp noticed_at{};
    bool told = false;  // Somebody was told of it.
  };

  void Open(uint64_t first, uint64_t last, Timestamp now);
  void Fill(uint64_t number);
  void MergeSmallest();
  void Put(uint64_t first, const Gap& gap);
  void Erase(uint64_t first);

  uint64_t first_ = 0;  // 0: no number was taken yet.
  uint64_t newest_ = 0;
  uint64_t missing_ = 0;
  absl::btree_map<uint64_t, Gap> gaps_;  // By first number.

  // Since the last TakeChanges().
  bool moved_ = false;
  absl::btree_set<uint64_t> touched_;  // First numbers of gaps that were put or erased.
  std::vector<storage::DeviceGap> closed_;
  uint64_t merged_numbers_ = 0;
};

}  // namespace stockd::sync
