#include "daemon/sync/device_book.h"

#include <algorithm>

namespace stockd::sync {
namespace {

constexpr size_t kDeviceBytesMax = 128;

bool IsName(std::string_view text) {
  return text.size() <= kDeviceBytesMax && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

}  // namespace

DeviceBook::Device* DeviceBook::FindOrAdd(SourceId source, const std::string& device) {
  const auto found = devices_.find(Key{source, device});
  if (found != devices_.end()) return &found->second;
  size_t& count = counts_[source];
  if (count == kDevicesMax) return nullptr;
  ++count;
  return &devices_[Key{source, device}];
}

template <typename Each>
void DeviceBook::ForEach(SourceId source, Each&& each) const {
  for (auto at = devices_.lower_bound(Key{source, ""});
       at != devices_.end() && (source == kNoSource || at->first.first == source); ++at) {
    if (!each(at->first, at->second)) return;
  }
}

void DeviceBook::Load(const storage::Device& device) {
  const absl::MutexLock lock(&mutex_);
  if (Device* at = FindOrAdd(device.source, device.device)) {
    at->sequence = DeviceSequence(device.first, device.newest);
  }
}

void DeviceBook::LoadGap(SourceId source, std::string_view device, const storage::DeviceGap& gap) {
  const absl::MutexLock lock(&mutex_);
  if (Device* at = FindOrAdd(source, std::string(device))) at->sequence.LoadGap(gap);
}

bool DeviceBook::Batch::Note(const std::string& name, uint64_t number, LocationId location,
                             Timestamp now) {
  if (number == 0) return IsName(name);
  if (name.empty() || !IsName(name) || number > kDeviceNumberMax) return false;
  const absl::MutexLock lock(&book_.mutex_);
  Device* device = book_.FindOrAdd(source_, name);
  if (device == nullptr) return true;
  if (!device->sequence.Accepts(number)) return false;
  device->sequence.Take(number, now);
  if (location != kNoLocation) device->location = location;
  if (!std::exchange(device->in_batch, true)) devices_.push_back(name);
  return true;
}

void DeviceBook::Batch::Write(storage::Store& store) {
  if (devices_.empty()) return;
  const absl::MutexLock lock(&book_.mutex_);
  for (const std::string& name : devices_) {
    Device& device = *book_.FindOrAdd(source_, name);
    device.in_batch = false;
    const DeviceSequence& sequence = device.sequence;
    DeviceSequence::Changes changes = device.sequence.TakeChanges();
    if (changes.moved) {
      store.SaveDevice({.source = source_,
                        .device = name,
                        .first = sequence.first(),
                        .newest = sequence.newest()});
    }
    for (const uint64_t first : changes.gone) store.DeleteDeviceGap(source_, name, first);
    for (const storage::DeviceGap& gap : changes.changed) store.SaveDeviceGap(source_, name, gap);
    v1::DeviceMark& mark = marks.emplace_back();
    mark.set_device(name);
    mark.set_complete_until(sequence.complete_until());
    mark.set_newest(sequence.newest());
    if (changes.opened.empty() && changes.closed.empty() && changes.merged_numbers == 0) continue;
    alarms.push_back({.source = source_,
                      .device = name,
                      .opened = std::move(changes.opened),
                      .closed = std::move(changes.closed),
                      .merged_numbers = changes.merged_numbers,
                      .missing = sequence.missing()});
  }
}

void DeviceBook::RaiseAlarms(const std::vector<DeviceAlarm>& alarms) const {
  if (!on_alarm_) return;
  for (const DeviceAlarm& alarm : alarms) on_alarm_(alarm);
}

std::vector<DeviceStatus> DeviceBook::List(SourceId source, bool incomplete_only, size_t limit,
                                           size_t gaps_max) const {
  std::vector<DeviceStatus> list;
  const absl::ReaderMutexLock lock(&mutex_);
  ForEach(source, [&](const Key& key, const Device& device) {
    if (list.size() == limit) return false;
    const DeviceSequence& sequence = device.sequence;
    if (incomplete_only && sequence.missing() == 0) return true;
    list.push_back({.source = key.first,
                    .device = key.second,
                    .first = sequence.first(),
                    .complete_until = sequence.complete_until(),
                    .newest = sequence.newest(),
                    .missing = sequence.missing(),
                    .gaps = sequence.Gaps(gaps_max)});
    return true;
  });
  return list;
}

uint64_t DeviceBook::Missing(SourceId source) const {
  uint64_t missing = 0;
  const absl::ReaderMutexLock lock(&mutex_);
  ForEach(source, [&](const Key&, const Device& device) {
    missing += device.sequence.missing();
    return true;
  });
  return missing;
}

bool DeviceBook::IncompleteAt(SourceId source, LocationId location) const {
  bool incomplete = false;
  const absl::ReaderMutexLock lock(&mutex_);
  ForEach(source, [&](const Key&, const Device& device) {
    incomplete = device.sequence.missing() > 0 &&
                 (device.location == location || device.location == kNoLocation);
    return !incomplete;
  });
  return incomplete;
}

}  // namespace stockd::sync
