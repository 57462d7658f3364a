#pragma once

#include <absl/container/btree_map.h>
#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/storage/store.h"
#include "daemon/sync/device_sequence.h"
#include "stockd/v1/adapter_service.pb.h"

namespace stockd::sync {

// What people should hear about a device's sequence: once when numbers are found missing, once when
// the last of them arrived.
struct DeviceAlarm {
  SourceId source = kNoSource;
  std::string device;
  std::vector<storage::DeviceGap> opened;
  std::vector<storage::DeviceGap> closed;
  uint64_t merged_numbers = 0;  // Taken, but counted as missing: the device has too many gaps.
  uint64_t missing = 0;         // Numbers missing now.
};

// How one device stands.
struct DeviceStatus {
  SourceId source = kNoSource;
  std::string device;
  uint64_t first = 0;
  uint64_t complete_until = 0;
  uint64_t newest = 0;
  uint64_t missing = 0;
  std::vector<storage::DeviceGap> gaps;  // The first ones.
};

// The numbered devices (tills) of every source with what is missing from their sequences, in
// memory. The writer thread is the only one that changes it, before the commit: what readers see
// may be ahead of the disk by one batch. Thread-safe.
class DeviceBook {
 public:
  // Devices of one source whose numbers are followed. Facts of further ones are taken all the same.
  static constexpr size_t kDevicesMax = 100'000;

  // For storage::LoadVisitor.
  void Load(const storage::Device& device);
  void LoadGap(SourceId source, std::string_view device, const storage::DeviceGap& gap);

  // The numbers in one batch of facts of one source. Costs nothing while no fact has a number.
  // Belongs to the writer thread; at most one at a time.
  class Batch {
   public:
    Batch(DeviceBook& book, SourceId source) : book_(book), source_(source) {}

    // Notes the number of a fact that is taken (applied, known or set aside), or one that was
    // passed over, and where it happened, if that is known; 0: the fact has none. False when the
    // device or the number cannot be: nothing was noted.
    bool Note(const std::string& device, uint64_t number, LocationId location, Timestamp now);
    // Writes what changed. Called once, at the end.
    void Write(storage::Store& store);

    // Filled by Write(): one for each device of the batch, and what to tell people once the batch
    // is on disk.
    std::vector<v1::DeviceMark> marks;
    std::vector<DeviceAlarm> alarms;

   private:
    DeviceBook& book_;
    const SourceId source_;
    std::vector<std::string> devices_;  // In the order of their first fact.
  };

  // Called with each alarm of RaiseAlarms(). Set before the first fact comes.
  void OnAlarm(std::function<void(const DeviceAlarm&)> callback) {
    on_alarm_ = std::move(callback);
  }
  void RaiseAlarms(const std::vector<DeviceAlarm>& alarms) const;

  // By source, then device, at most `limit`, each with at most `gaps_max` gaps; kNoSource: all.
  std::vector<DeviceStatus> List(SourceId source, bool incomplete_only, size_t limit,
                                 size_t gaps_max) const;
  // Numbers missing from all devices of the source.
  uint64_t Missing(SourceId source) const;
  // Whether a device of the source has gaps that told last of this location, or of none since the
  // daemon started.
  bool IncompleteAt(SourceId source, LocationId location) const;

 private:
  struct Device {
    DeviceSequence sequence;
    LocationId location = kNoLocation;  // Of its last fact; not stored.
    bool in_batch = false;              // The batch of the moment holds facts of it.
  };
  using Key = std::pair<SourceId, std::string>;

  // The device of a fact; null when the source has too many.
  Device* FindOrAdd(SourceId source, const std::string& device)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Calls `each(name, device)` for the devices of a source until it returns false.
  template <typename Each>
  void ForEach(SourceId source, Each&& each) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  std::function<void(const DeviceAlarm&)> on_alarm_;
  mutable absl::Mutex mutex_;
  absl::btree_map<Key, Device> devices_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<SourceId, size_t> counts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::sync
