#include "daemon/reports/order_outcome.h"

#include <algorithm>

namespace stockd::reports {

using fulfilment::ExceptionKind;
using fulfilment::Fulfilment;
using fulfilment::OrderEvent;
using fulfilment::OrderEventKind;
using fulfilment::OrderState;

std::optional<Timestamp> HandedOverAt(const Fulfilment& fulfilment,
                                      std::span<const OrderEvent> events) {
  // What came back later had been handed over before.
  const bool was_handed_over =
      fulfilment.state == OrderState::kCollected || fulfilment.state == OrderState::kDelivered ||
      (fulfilment.state == OrderState::kReturned && fulfilment.Total().returned > 0);
  if (!was_handed_over) return std::nullopt;
  std::optional<Timestamp> last;
  for (const OrderEvent& event : events) {
    if (event.fulfilment != fulfilment.number) continue;
    if (event.kind == OrderEventKind::kHandedOver || event.kind == OrderEventKind::kCollected ||
        event.kind == OrderEventKind::kDelivered) {
      last = std::max(last.value_or(kTimestampMin), event.occurred_at);
    }
  }
  return last;
}

const std::optional<Timestamp>& PromiseOf(const Fulfilment& fulfilment) {
  return IsCollected(fulfilment.method) ? fulfilment.ready.first : fulfilment.delivery.first;
}

std::optional<Timestamp> PromiseMetAt(const Fulfilment& fulfilment,
                                      std::span<const OrderEvent> events) {
  return IsCollected(fulfilment.method) ? fulfilment.ready_at : HandedOverAt(fulfilment, events);
}

bool IsOnTime(const Fulfilment& fulfilment, std::span<const OrderEvent> events) {
  const auto met_at = PromiseMetAt(fulfilment, events);
  return met_at && *met_at <= *PromiseOf(fulfilment);
}

bool HasError(const Fulfilment& fulfilment, std::span<const OrderEvent> events,
              ExceptionKind kind) {
  if (kind == ExceptionKind::kLost && fulfilment.state == OrderState::kLost) return true;
  return std::ranges::any_of(events, [&](const OrderEvent& event) {
    return event.kind == OrderEventKind::kException && event.fulfilment == fulfilment.number &&
           event.exception == kind;
  });
}

}  // namespace stockd::reports
