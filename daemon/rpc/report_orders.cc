// Orders behind a figure, and what became of them.
#include <algorithm>
#include <string>

#include "daemon/reports/order_outcome.h"
#include "daemon/rpc/report_request.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

using fulfilment::ExceptionKind;
using fulfilment::Fulfilment;
using fulfilment::LineUnits;
using fulfilment::OrderEvent;
using fulfilment::OrderEventKind;
using fulfilment::OrderState;

constexpr int64_t kMicrosPerSecond = 1'000'000;

// Says when it was promised and came, and by how much that was late.
void TellTime(const Fulfilment& fulfilment, const std::vector<OrderEvent>& events, Timestamp now,
              v1::ReportFulfilment& proto) {
  const auto met_at = reports::PromiseMetAt(fulfilment, events);
  if (met_at) ToProto(*met_at, *proto.mutable_met_time());
  const auto& promise = reports::PromiseOf(fulfilment);
  if (!promise) return;
  ToProto(*promise, *proto.mutable_promise_time());
  if (!met_at && IsClosed(fulfilment.state)) return;  // It never comes.
  const Duration late_by = met_at.value_or(now) - *promise;
  if (late_by <= Duration{0}) return;
  proto.mutable_late_by()->set_seconds(late_by.count() / kMicrosPerSecond);
  proto.mutable_late_by()->set_nanos(static_cast<int32_t>(late_by.count() % kMicrosPerSecond) *
                                     1000);
  proto.add_reasons(met_at ? "LATE" : "NOT_THERE_YET");
}

void TellReasons(const Fulfilment& fulfilment, const std::vector<OrderEvent>& events,
                 v1::ReportFulfilment& proto) {
  const LineUnits total = fulfilment.Total();
  proto.set_missing_units(total.missing);
  const bool failed_attempt =
      std::ranges::any_of(fulfilment.shipments, [](const auto& each) { return each.attempts > 0; });
  const bool was_missing = std::ranges::any_of(events, [&](const OrderEvent& event) {
    return event.kind == OrderEventKind::kMissing && event.fulfilment == fulfilment.number;
  });
  const std::pair<bool, const char*> reasons[] = {
      {was_missing, "UNITS_MISSING"},
      {total.substituted > 0, "SUBSTITUTED"},
      {fulfilment.state == OrderState::kCancelled, "CANCELLED"},
      {fulfilment.state == OrderState::kNoShow, "NO_SHOW"},
      {failed_attempt, "FAILED_ATTEMPT"},
      {total.returned > 0, "RETURNED"},
      {reports::HasError(fulfilment, events, ExceptionKind::kWrongItem), "WRONG_ITEM"},
      {reports::HasError(fulfilment, events, ExceptionKind::kWrongQuantity), "WRONG_QUANTITY"},
      {reports::HasError(fulfilment, events, ExceptionKind::kWrongAddress), "WRONG_ADDRESS"},
      {reports::HasError(fulfilment, events, ExceptionKind::kDamaged), "DAMAGED"},
      {reports::HasError(fulfilment, events, ExceptionKind::kLost), "LOST"}};
  for (const auto& [holds, name] : reasons) {
    if (holds) proto.add_reasons(name);
  }
}

}  // namespace

void ToProto(const reports::OrderBehind& behind, const engine::Catalogue& catalogue, Timestamp now,
             v1::ReportOrder& proto) {
  const fulfilment::Order& order = behind.story.order;
  proto.set_order_id(order.id);
  proto.set_channel(behind.story.channel);
  ToProto(order.placed_at, *proto.mutable_place_time());
  proto.set_state(static_cast<v1::OrderState>(order.state()));  // Numbered alike, as all below.
  proto.set_numerator(NumberText(behind.outcome.numerator));
  if (behind.outcome.has_denominator) {
    proto.set_denominator(NumberText(behind.outcome.denominator));
  }
  for (const Fulfilment& fulfilment : order.fulfilments) {
    v1::ReportFulfilment& part = *proto.add_fulfilments();
    part.set_number(fulfilment.number);
    part.set_method(static_cast<v1::FulfilmentMethod>(fulfilment.method));
    part.set_location(catalogue.LocationCode(fulfilment.location));
    part.set_state(static_cast<v1::OrderState>(fulfilment.state));
    if (!fulfilment.shipments.empty()) {
      const fulfilment::Shipment& last = fulfilment.shipments.back();
      part.set_carrier(last.carrier);
      part.set_service(last.service);
      part.set_tracking_number(last.tracking_number);
    }
    TellTime(fulfilment, behind.story.events, now, part);
    TellReasons(fulfilment, behind.story.events, part);
  }
}

}  // namespace stockd::rpc
