#pragma once

#include <optional>
#include <span>

#include "daemon/fulfilment/order.h"
#include "daemon/fulfilment/order_event.h"

namespace stockd::reports {

// What became of a part of an order, as figures judge it.

// When the customer had all of it, also if it came back later; empty: not yet, or never.
std::optional<Timestamp> HandedOverAt(const fulfilment::Fulfilment& fulfilment,
                                      std::span<const fulfilment::OrderEvent> events);

// What was promised first: that it is ready to be collected, or with the customer.
const std::optional<Timestamp>& PromiseOf(const fulfilment::Fulfilment& fulfilment);
// When that came about; empty: not yet, or never.
std::optional<Timestamp> PromiseMetAt(const fulfilment::Fulfilment& fulfilment,
                                      std::span<const fulfilment::OrderEvent> events);
// Whether the promise was kept; what has not come is late. REQUIRES: there is a promise.
bool IsOnTime(const fulfilment::Fulfilment& fulfilment,
              std::span<const fulfilment::OrderEvent> events);

// Whether an error of this kind was told of it; lost ones also by their state.
bool HasError(const fulfilment::Fulfilment& fulfilment,
              std::span<const fulfilment::OrderEvent> events, fulfilment::ExceptionKind kind);

}  // namespace stockd::reports
