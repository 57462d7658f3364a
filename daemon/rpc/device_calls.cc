// The calls of AdapterService about numbered devices.
#include <algorithm>
#include <string>
#include <utility>

#include "daemon/rpc/adapter_service.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/unary.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

constexpr size_t kDevicesMax = 10'000;
constexpr size_t kGapsMax = 100;

void Fill(const sync::DeviceStatus& status, const engine::Catalogue& catalogue, v1::Device& proto) {
  proto.set_source(catalogue.SourceName(status.source));
  proto.set_device(status.device);
  proto.set_first(status.first);
  proto.set_complete_until(status.complete_until);
  proto.set_newest(status.newest);
  proto.set_missing(static_cast<int64_t>(status.missing));
  for (const storage::DeviceGap& gap : status.gaps) {
    v1::SequenceGap& row = *proto.add_gaps();
    row.set_first(gap.first);
    row.set_last(gap.last);
    ToProto(gap.noticed_at, *row.mutable_notice_time());
  }
}

}  // namespace

grpc::ServerUnaryReactor* AdapterService::ListDevices(grpc::CallbackServerContext* context,
                                                      const v1::ListDevicesRequest* request,
                                                      v1::ListDevicesResponse* response) {
  SourceId source = kNoSource;
  if (!request->source().empty()) {
    source = engine_.catalogue().FindSource(request->source());
    if (source == kNoSource) {
      return FinishNow(context,
                       UnknownName(ledger::Reason::kSourceUnknown, "source", request->source()));
    }
  }
  for (const sync::DeviceStatus& status :
       devices_.List(source, request->incomplete_only(), kDevicesMax, kGapsMax)) {
    Fill(status, engine_.catalogue(), *response->add_devices());
  }
  // The book knows sources by number.
  std::ranges::sort(*response->mutable_devices(), {}, [](const v1::Device& device) {
    return std::pair<const std::string&, const std::string&>(device.source(), device.device());
  });
  return FinishNow(context, grpc::Status::OK);
}

}  // namespace stockd::rpc
