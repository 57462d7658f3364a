// Order events as CloudEvents 1.0 in JSON.
#pragma once

#include <string>
#include <string_view>

#include "stockd/v1/order_service.pb.h"
#include "stockd/v1/order_types.pb.h"

namespace stockd::webhook {

// What an endpoint is told beyond the event itself.
struct EventStyle {
  std::string source = "/stockd";  // The attribute `source`.
  // Free text of the staff may hold a customer's name; left out unless the endpoint wants it.
  bool include_notes = false;
};

// "stockd.order.ready": the attribute `type`.
[[nodiscard]] std::string TypeOf(v1::OrderEventKind kind);

// "ready" for ORDER_EVENT_KIND_READY.
[[nodiscard]] std::string KindWord(v1::OrderEventKind kind);
// The other way; unspecified when there is no such kind.
[[nodiscard]] v1::OrderEventKind KindOf(std::string_view word);

// The whole body. The same event gives the same bytes.
[[nodiscard]] std::string CloudEventOf(const v1::WatchedOrderEvent& watched,
                                       const EventStyle& style);

}  // namespace stockd::webhook
