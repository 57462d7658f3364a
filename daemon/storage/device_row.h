#pragma once

#include <cstdint>
#include <string>

#include "daemon/base/ids.h"
#include "daemon/base/time.h"

namespace stockd::storage {

// A till or other device that numbers its facts. What lacks between `first` and `newest` is in its
// gaps.
struct Device {
  SourceId source = kNoSource;
  std::string device;
  uint64_t first = 0;   // Where its sequence began.
  uint64_t newest = 0;  // The newest number that was taken.

  friend bool operator==(const Device&, const Device&) = default;
};

// Numbers of a device that have not been taken.
struct DeviceGap {
  uint64_t first = 0;
  uint64_t last = 0;       // At least `first`.
  Timestamp noticed_at{};  // When it was first seen that they are missing.

  friend bool operator==(const DeviceGap&, const DeviceGap&) = default;
};

}  // namespace stockd::storage
