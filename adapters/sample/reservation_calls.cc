// The checkout's calls over gRPC.
#include <absl/status/status.h>
#include <grpcpp/grpcpp.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <string>

#include "adapters/sample/chain.h"
#include "adapters/sample/checkout.h"
#include "adapters/sdk/clock.h"
#include "adapters/sdk/daemon_channel.h"
#include "stockd/v1/reservation_service.grpc.pb.h"

namespace stockd::sample {
namespace {

using Stub = v1::ReservationService::Stub;

constexpr std::chrono::milliseconds kReconnectPauseMax{1000};
constexpr std::chrono::seconds kCallTimeout{5};
// A basket that nobody comes back to is given up soon enough to watch it.
constexpr int64_t kForgottenSeconds = 45;
constexpr int64_t kHoldSeconds = int64_t{15} * 60;

class ReservationCalls final : public Checkout::Calls {
 public:
  ReservationCalls(const std::string& address, const std::vector<Item>& items)
      : stub_(sdk::OpenChannel(address, kReconnectPauseMax)), items_(items) {}

  Outcome Make(const BasketStep& step) override {
    const absl::Status status = Ask(step);
    if (status.ok()) return Outcome::kDone;
    if (sdk::ReasonOf(status) == "INSUFFICIENT_STOCK") return Outcome::kRefused;
    spdlog::info("checkout step failed basket={} {}", step.basket, status.ToString());
    return Outcome::kFailed;
  }

 private:
  absl::Status Ask(const BasketStep& step) {
    switch (step.kind) {
      case BasketStepKind::kHold: return Hold(step);
      case BasketStepKind::kCommit: return Commit(step);
      case BasketStepKind::kRelease: return Release(step);
    }
    __builtin_unreachable();
  }

  absl::Status Hold(const BasketStep& step) {
    v1::CreateReservationRequest request;
    request.set_reservation_id(step.basket);
    request.set_channel(step.from_app ? "app" : "web");
    request.set_owner_reference(step.from_app ? "app session" : "web session");
    request.mutable_ttl()->set_seconds(step.is_forgotten ? kForgottenSeconds : kHoldSeconds);
    for (const BasketLine& wanted : step.lines) {
      v1::LineRequest* line = request.add_lines();
      line->mutable_position()->set_sku(items_[wanted.item].sku);
      line->mutable_position()->set_location(std::string(Sites()[step.site].code));
      line->set_quantity(wanted.quantity);
    }
    v1::CreateReservationResponse response;
    return Call(&Stub::CreateReservation, request, &response);
  }

  absl::Status Commit(const BasketStep& step) {
    v1::CommitReservationRequest request;
    request.set_reservation_id(step.basket);
    request.set_request_id(step.basket + "/commit");
    request.set_order_id(step.basket);
    v1::CommitReservationResponse response;
    return Call(&Stub::CommitReservation, request, &response);
  }

  absl::Status Release(const BasketStep& step) {
    v1::ReleaseReservationRequest request;
    request.set_reservation_id(step.basket);
    request.set_request_id(step.basket + "/release");
    v1::ReleaseReservationResponse response;
    return Call(&Stub::ReleaseReservation, request, &response);
  }

  template <typename Method, typename Request, typename Response>
  absl::Status Call(Method method, const Request& request, Response* response) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::time_point_cast<std::chrono::system_clock::duration>(
        sdk::Now() + kCallTimeout));
    context.set_wait_for_ready(true);
    return sdk::ToAbslStatus((stub_.*method)(&context, request, response));
  }

  Stub stub_;
  const std::vector<Item>& items_;
};

}  // namespace

std::unique_ptr<Checkout::Calls> MakeReservationCalls(const std::string& address,
                                                      const std::vector<Item>& items) {
  return std::make_unique<ReservationCalls>(address, items);
}

}  // namespace stockd::sample
