#include <ostream>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/adapter_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::AdapterService::Stub;

// The first gaps, as people write them down: "7-9, 12, ...".
std::string GapsText(const v1::Device& device) {
  constexpr int kGapsShown = 4;
  std::string text;
  for (int i = 0; i < device.gaps_size() && i < kGapsShown; ++i) {
    const v1::SequenceGap& gap = device.gaps(i);
    if (i > 0) text += ", ";
    text += std::to_string(gap.first());
    if (gap.last() > gap.first()) text += "-" + std::to_string(gap.last());
  }
  return device.gaps_size() > kGapsShown ? text + ", ..." : text;
}

ExitCode RunDevices(Session& session, const Arguments& arguments) {
  v1::ListDevicesRequest request;
  request.set_source(arguments.Text("source"));
  request.set_incomplete_only(arguments.Has("incomplete"));
  const v1::ListDevicesResponse response = session.client.Call(&Stub::ListDevices, request);
  if (session.json) return PrintJson(session, response);
  if (response.devices().empty()) {
    session.out << (request.incomplete_only() ? "Nothing is missing from any device.\n"
                                              : "No device has numbered its facts so far.\n");
    return ExitCode::kOk;
  }
  Table table({{"SOURCE"},
               {"DEVICE"},
               {"FIRST", Align::kRight},
               {"COMPLETE UNTIL", Align::kRight},
               {"NEWEST", Align::kRight},
               {"MISSING", Align::kRight},
               {"SINCE"},
               {"NUMBERS"}});
  for (const v1::Device& device : response.devices()) {
    google::protobuf::Timestamp since;
    if (device.gaps_size() > 0) since = device.gaps(0).notice_time();
    table.Add({device.source(), device.device(), static_cast<int64_t>(device.first()),
               static_cast<int64_t>(device.complete_until()), static_cast<int64_t>(device.newest()),
               Cell(device.missing(), device.missing() > 0 ? Colour::kBad : Colour::kPlain),
               FormatSecond(since), GapsText(device)});
  }
  table.Print(session.out, session.colours);
  return ExitCode::kOk;
}

}  // namespace

void AddDeviceCommands(std::vector<Command>& commands) {
  commands.push_back({"sources devices",
                      "Sources",
                      "List numbered devices (tills) with what is missing from their sequences.",
                      "stockctl sources devices pos --incomplete",
                      {OptionalOperand("source", "SOURCE", "Only devices of this source."),
                       Flag("incomplete", "Only devices with something missing.")},
                      RunDevices});
}

}  // namespace stockd::ctl
