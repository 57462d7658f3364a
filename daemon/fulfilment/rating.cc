#include "daemon/fulfilment/order_steps.h"

namespace stockd::fulfilment {

using ledger::Reason;

OrderResult Rate(const OrderDesk& desk, const MoveHeader& header, const Rating& rating) {
  if (const auto known = desk.book.FindOrderRequest(header.request_id)) {
    if (known->content != header.content) return Refuse(Reason::kRequestDiffers);
    return known->answer;
  }
  Order* order = desk.book.FindOrder(header.order_id);
  if (order == nullptr) return Refuse(Reason::kOrderUnknown);
  SettleDue(desk, *order);
  const Order before = *order;
  ++order->version;
  // An answer to one question leaves the other as it was.
  if (rating.nps) order->rating.nps = rating.nps;
  if (rating.csat) order->rating.csat = rating.csat;
  desk.book.AppendEvent({.order_number = order->number,
                         .kind = OrderEventKind::kRated,
                         .state = order->state(),
                         .occurred_at = header.occurred_at,
                         .note = header.note});
  desk.book.OrderChanged(*order, before);
  desk.book.AddOrderRequest(header.request_id, {.content = header.content, .answer = *order});
  return *order;
}

}  // namespace stockd::fulfilment
