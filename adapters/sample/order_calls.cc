#include "adapters/sample/order_calls.h"

#include <grpcpp/grpcpp.h>

#include <chrono>

#include "adapters/sample/chain.h"
#include "adapters/sdk/clock.h"
#include "adapters/sdk/daemon_channel.h"
#include "stockd/v1/order_service.grpc.pb.h"

namespace stockd::sample {
namespace {

using Stub = v1::OrderService::Stub;

constexpr std::chrono::milliseconds kReconnectPauseMax{1000};
constexpr std::chrono::seconds kCallTimeout{5};
constexpr int64_t kMicrosInCent = 10'000;

class ServiceCalls final : public OrderCalls {
 public:
  explicit ServiceCalls(const std::string& address)
      : stub_(sdk::OpenChannel(address, kReconnectPauseMax)) {}

  absl::Status Place(const OrderToPlace& order) override {
    v1::PlaceOrderRequest request;
    request.set_order_id(order.id);
    request.set_channel(order.channel);
    request.set_customer_reference(order.customer);
    for (size_t i = 0; i < order.lines.size(); ++i) {
      v1::OrderLineRequest* line = request.add_lines();
      line->set_line_id(std::to_string(i + 1));
      line->set_sku(order.lines[i].sku);
      line->set_quantity(order.lines[i].quantity);
      line->set_unit_price_micros(order.lines[i].price_cents * kMicrosInCent);
      line->set_currency(std::string(kCurrency));
    }
    v1::FulfilmentRequest* fulfilment = request.add_fulfilments();
    fulfilment->set_method(order.method);
    fulfilment->set_location(order.location);
    fulfilment->set_destination(order.destination);
    v1::PlaceOrderResponse response;
    return Call(&Stub::PlaceOrder, request, &response);
  }

  absl::Status StartPicking(const std::string& order) override {
    v1::StartPickingRequest request = For<v1::StartPickingRequest>(order, "start");
    v1::StartPickingResponse response;
    return Call(&Stub::StartPicking, request, &response);
  }

  absl::Status PickAll(const std::string& order, int64_t missing) override {
    v1::Order current;
    if (absl::Status status = Get(order, &current, nullptr); !status.ok()) return status;
    auto request = For<v1::RecordPickRequest>(order, "pick");
    for (const v1::OrderLine& line : current.lines()) {
      if (line.units().claimed() == 0) continue;
      v1::PickedLine* picked = request.add_lines();
      picked->set_line_id(line.line_id());
      picked->set_picked(line.units().claimed());
    }
    if (request.lines().empty()) return absl::OkStatus();
    v1::PickedLine& last = *request.mutable_lines()->rbegin();
    last.set_missing(std::min(missing, last.picked()));
    last.set_picked(last.picked() - last.missing());
    last.set_reason(v1::UNIT_REASON_NOT_FOUND);
    // Picked twice when a substitute has come in between.
    request.set_request_id(order + "/pick/" + std::to_string(current.version()));
    v1::RecordPickResponse response;
    return Call(&Stub::RecordPick, request, &response);
  }

  absl::Status CancelMissing(const std::string& order) override {
    return CancelUnits(order, "cancel missing", true);
  }

  absl::Status SubstituteMissing(const std::string& order, const OrderedLine& by) override {
    v1::Order current;
    if (absl::Status status = Get(order, &current, nullptr); !status.ok()) return status;
    for (const v1::OrderLine& line : current.lines()) {
      if (line.units().missing() == 0) continue;
      auto request = For<v1::SubstituteLineRequest>(order, "substitute/" + line.line_id());
      request.set_line_id(line.line_id());
      request.set_quantity(line.units().missing());
      request.set_substitute_line_id(line.line_id() + "s");
      request.set_substitute_sku(by.sku);
      request.set_substitute_quantity(line.units().missing());
      request.set_unit_price_micros(line.unit_price_micros());
      request.set_currency(std::string(kCurrency));
      v1::SubstituteLineResponse response;
      if (absl::Status status = Call(&Stub::SubstituteLine, request, &response); !status.ok()) {
        return status;
      }
    }
    return absl::OkStatus();
  }

  absl::Status FinishPicking(const std::string& order, const std::string& area) override {
    auto request = For<v1::FinishPickingRequest>(order, "finish");
    request.set_holding_area(area);
    v1::FinishPickingResponse response;
    return Call(&Stub::FinishPicking, request, &response);
  }

  absl::Status Arrive(const std::string& order) override {
    auto request = For<v1::RecordArrivalRequest>(order, "arrive");
    v1::RecordArrivalResponse response;
    return Call(&Stub::RecordArrival, request, &response);
  }

  absl::Status HandOver(const std::string& order) override {
    std::string code;
    v1::Order current;
    if (absl::Status status = Get(order, &current, &code); !status.ok()) return status;
    auto request = For<v1::HandOverRequest>(order, "hand over");
    request.set_code(code);
    v1::HandOverResponse response;
    return Call(&Stub::HandOver, request, &response);
  }

  absl::Status Ship(const std::string& order, const std::string& carrier,
                    const std::string& service) override {
    auto request = For<v1::ShipUnitsRequest>(order, "ship");
    request.mutable_shipment()->set_shipment_id("1");
    request.mutable_shipment()->set_carrier(carrier);
    request.mutable_shipment()->set_service(service);
    request.mutable_shipment()->set_tracking_number("T" + order);
    v1::ShipUnitsResponse response;
    return Call(&Stub::ShipUnits, request, &response);
  }

  absl::Status ReceiveAtStore(const std::string& order, const std::string& area) override {
    auto request = For<v1::ReceiveAtStoreRequest>(order, "receive");
    request.set_holding_area(area);
    v1::ReceiveAtStoreResponse response;
    return Call(&Stub::ReceiveAtStore, request, &response);
  }

  absl::Status Attempt(const std::string& order) override {
    auto request = For<v1::RecordAttemptRequest>(order, "attempt");
    request.set_shipment_id("1");
    v1::RecordAttemptResponse response;
    return Call(&Stub::RecordAttempt, request, &response);
  }

  absl::Status Deliver(const std::string& order) override {
    auto request = For<v1::RecordDeliveryRequest>(order, "deliver");
    request.set_shipment_id("1");
    v1::RecordDeliveryResponse response;
    return Call(&Stub::RecordDelivery, request, &response);
  }

  absl::Status TellException(const std::string& order, v1::DeliveryExceptionKind kind) override {
    auto request = For<v1::RecordExceptionRequest>(order, "exception");
    request.set_kind(kind);
    request.set_shipment_id("1");
    v1::RecordExceptionResponse response;
    return Call(&Stub::RecordException, request, &response);
  }

  absl::Status Cancel(const std::string& order) override {
    return CancelUnits(order, "cancel", false);
  }

  absl::Status Return(const std::string& order, const std::string& location) override {
    auto request = For<v1::ReturnUnitsRequest>(order, "return");
    request.set_location(location);
    request.set_reason(v1::UNIT_REASON_CUSTOMER);
    v1::ReturnUnitsResponse response;
    return Call(&Stub::ReturnUnits, request, &response);
  }

  absl::Status Rate(const std::string& order, int nps, int csat) override {
    v1::RateOrderRequest request;
    request.set_order_id(order);
    request.set_request_id(order + "/rate");
    request.mutable_rating()->set_nps(nps);
    request.mutable_rating()->set_csat(csat);
    v1::RateOrderResponse response;
    return Call(&Stub::RateOrder, request, &response);
  }

 private:
  template <typename Request>
  static Request For(const std::string& order, const std::string& what) {
    Request request;
    request.set_order_id(order);
    request.set_request_id(order + "/" + what);
    return request;
  }

  absl::Status CancelUnits(const std::string& order, const std::string& what, bool only_missing) {
    auto request = For<v1::CancelUnitsRequest>(order, what);
    request.set_reason(only_missing ? v1::UNIT_REASON_NOT_FOUND : v1::UNIT_REASON_CUSTOMER);
    if (only_missing) {
      v1::Order current;
      if (absl::Status status = Get(order, &current, nullptr); !status.ok()) return status;
      for (const v1::OrderLine& line : current.lines()) {
        if (line.units().missing() == 0) continue;
        v1::OrderLineQuantity* cancelled = request.add_lines();
        cancelled->set_line_id(line.line_id());
        cancelled->set_quantity(line.units().missing());
      }
    }
    v1::CancelUnitsResponse response;
    return Call(&Stub::CancelUnits, request, &response);
  }

  // `code` null: not wanted.
  absl::Status Get(const std::string& order, v1::Order* current, std::string* code) {
    v1::GetOrderRequest request;
    request.set_order_id(order);
    request.set_include_codes(code != nullptr);
    v1::GetOrderResponse response;
    if (absl::Status status = Call(&Stub::GetOrder, request, &response); !status.ok()) {
      return status;
    }
    if (code != nullptr && response.codes_size() > 0) *code = response.codes(0).code();
    *current = std::move(*response.mutable_order());
    return absl::OkStatus();
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
};

}  // namespace

std::unique_ptr<OrderCalls> MakeOrderCalls(const std::string& address) {
  return std::make_unique<ServiceCalls>(address);
}

}  // namespace stockd::sample
