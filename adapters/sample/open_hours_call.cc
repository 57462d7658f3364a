// The call that makes the stores' calendars known.
#include <grpcpp/grpcpp.h>

#include <chrono>

#include "adapters/sample/open_hours.h"
#include "adapters/sdk/clock.h"
#include "adapters/sdk/daemon_channel.h"
#include "adapters/sdk/retry.h"
#include "stockd/v1/catalogue_service.grpc.pb.h"

namespace stockd::sample {
namespace {

constexpr std::chrono::milliseconds kReconnectPauseMax{1000};
constexpr std::chrono::seconds kCallTimeout{5};

}  // namespace

absl::Status PutStoreCalendars(const std::string& address, sdk::Timestamp at,
                               const std::stop_token& stop) {
  v1::CatalogueService::Stub stub(sdk::OpenChannel(address, kReconnectPauseMax));
  const v1::PutCalendarsRequest request = StoreCalendars(at);
  return sdk::Retry("PutCalendars", {}, stop, [&] {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::time_point_cast<std::chrono::system_clock::duration>(
        sdk::Now() + kCallTimeout));
    v1::PutCalendarsResponse response;
    return sdk::ToAbslStatus(stub.PutCalendars(&context, request, &response));
  });
}

}  // namespace stockd::sample
