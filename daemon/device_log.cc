#include "daemon/device_log.h"

#include <spdlog/spdlog.h>

#include <string>
#include <vector>

#include "daemon/log.h"

namespace stockd {
namespace {

// "5-9, 12 (6 numbers)": what people look for.
std::string Numbers(const std::vector<storage::DeviceGap>& gaps) {
  constexpr size_t kGapsMax = 10;
  std::string text;
  uint64_t count = 0;
  for (size_t i = 0; i < gaps.size(); ++i) {
    count += gaps[i].last - gaps[i].first + 1;
    if (i == kGapsMax) text += ", ...";
    if (i >= kGapsMax) continue;
    if (i > 0) text += ", ";
    text += std::to_string(gaps[i].first);
    if (gaps[i].last > gaps[i].first) text += "-" + std::to_string(gaps[i].last);
  }
  return text + " (" + std::to_string(count) + (count == 1 ? " number)" : " numbers)");
}

}  // namespace

void LogDeviceAlarm(const sync::DeviceAlarm& alarm, const std::string& source) {
  const std::string name = LogValue(source);
  const std::string device = LogValue(alarm.device);
  if (!alarm.opened.empty()) {
    spdlog::warn("numbers of a device are missing source={} device={} numbers={} missing={}", name,
                 device, LogValue(Numbers(alarm.opened)), alarm.missing);
  }
  if (!alarm.closed.empty()) {
    spdlog::warn(
        "missing numbers of a device have arrived source={} device={} numbers={} missing={}", name,
        device, LogValue(Numbers(alarm.closed)), alarm.missing);
  }
  if (alarm.merged_numbers > 0) {
    spdlog::warn(
        "a device has too many gaps, its oldest were merged source={} device={} "
        "numbers_counted_missing={} missing={}",
        name, device, alarm.merged_numbers, alarm.missing);
  }
}

}  // namespace stockd
