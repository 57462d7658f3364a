#pragma once

#include <string>

#include "daemon/sync/device_book.h"

namespace stockd {

// Writes an alarm about a device's sequence to the log, as warnings. `source` is its name.
void LogDeviceAlarm(const sync::DeviceAlarm& alarm, const std::string& source);

}  // namespace stockd
