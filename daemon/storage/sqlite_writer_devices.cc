// The writes of SqliteWriter about numbered devices.
#include "daemon/storage/sqlite_writer.h"

namespace stockd::storage {

void SqliteWriter::SaveDevice(const Device& device) {
  if (failed()) return;
  statements_.save_device.Number(ToNumber(device.source))
      .Text(device.device)
      .Number(device.first)
      .Number(device.newest);
  Run(statements_.save_device, "save a device");
}

void SqliteWriter::SaveDeviceGap(SourceId source, std::string_view device, const DeviceGap& gap) {
  if (failed()) return;
  statements_.save_device_gap.Number(ToNumber(source))
      .Text(device)
      .Number(gap.first)
      .Number(gap.last)
      .Integer(ToMicros(gap.noticed_at));
  Run(statements_.save_device_gap, "save a gap in a device's sequence");
}

void SqliteWriter::DeleteDeviceGap(SourceId source, std::string_view device, uint64_t first) {
  if (failed()) return;
  statements_.delete_device_gap.Number(ToNumber(source)).Text(device).Number(first);
  Run(statements_.delete_device_gap, "close a gap in a device's sequence");
}

}  // namespace stockd::storage
