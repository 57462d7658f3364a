#include <utility>

#include "daemon/base/check.h"
#include "daemon/fulfilment/order_steps.h"

namespace stockd::fulfilment {
namespace {

using ledger::Reason;

// Under which the first answer to a placing is kept: no caller's id holds a control character.
std::string AnswerIdOf(const std::string& order_id) { return "\x01place/" + order_id; }

OrderResult Repeated(const OrderDesk& desk, const Order& known, const PlaceCommand& command) {
  if (known.content != command.content) return Refuse(Reason::kOrderDiffers);
  const auto first = desk.book.FindOrderRequest(AnswerIdOf(command.id));
  return first ? first->answer : known;
}

Fulfilment MakeFulfilment(const PlaceFulfilment& asked, int number, const Quote& quote) {
  Fulfilment fulfilment{.number = number,
                        .method = asked.method,
                        .location = asked.location,
                        .destination = asked.destination,
                        .slot_start = quote.slot.start,
                        .slot_taken = true};
  fulfilment.ready.first = asked.promised_ready.value_or(quote.ready_at);
  fulfilment.ready.current = fulfilment.ready.first;
  fulfilment.delivery = {.first = asked.promised_delivery, .current = asked.promised_delivery};
  for (const PlacePart& part : asked.parts) {
    fulfilment.lines.push_back({.line = part.line, .units = {.claimed = part.quantity}});
  }
  return fulfilment;
}

std::vector<ledger::LineCommand> ClaimLines(const Order& order, const Fulfilment& fulfilment) {
  std::vector<ledger::LineCommand> lines;
  for (const FulfilmentLine& line : fulfilment.lines) {
    lines.push_back(
        {.position = PositionOf(order, fulfilment, line.line), .quantity = line.units.claimed});
  }
  return lines;
}

// Every location, slot and unit that the order needs; fills in the fulfilments.
OrderRefusal Decide(const OrderDesk& desk, const PlaceCommand& command, Order& order) {
  TakenSlots taken;
  std::vector<ledger::LineCommand> lines;
  for (const PlaceFulfilment& asked : command.fulfilments) {
    OrderRefusal refusal = CheckLocation(desk, asked.method, asked.location, asked.destination);
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    Quote quote;
    refusal = QuoteFor(desk, asked.location, asked.slot_start, taken, quote);
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    ++taken[{asked.location, quote.slot.start}];
    const int number = static_cast<int>(order.fulfilments.size()) + 1;
    order.fulfilments.push_back(MakeFulfilment(asked, number, quote));
    const auto claimed = ClaimLines(order, order.fulfilments.back());
    lines.insert(lines.end(), claimed.begin(), claimed.end());
  }
  const auto returning = ledger::OpenLines(desk.state, command.reservation_id);
  return {.refusal = ledger::CheckClaim(desk.state, command.channel, lines, returning)};
}

}  // namespace

OrderResult PlaceOrder(const OrderDesk& desk, const PlaceCommand& command) {
  STOCKD_CHECK(!command.lines.empty() && !command.fulfilments.empty());
  if (const Order* known = desk.book.FindOrder(command.id)) return Repeated(desk, *known, command);
  if (!command.reservation_id.empty()) {
    const Reason reason = ledger::CheckHold(desk.state, command.reservation_id, command.id);
    if (reason != Reason::kNone) return Refuse(reason, command.reservation_id);
  }
  Order placed{.id = command.id,
               .channel = command.channel,
               .customer_reference = command.customer_reference,
               .placed_at = command.placed_at,
               .recorded_at = desk.state.now(),
               .requested_for = command.requested_for,
               .lines = command.lines,
               .version = 1,
               .content = command.content};
  if (OrderRefusal refusal = Decide(desk, command, placed);
      refusal.refusal.reason != Reason::kNone) {
    return refusal;
  }

  // From here the order is placed: nothing below can fail.
  if (!command.reservation_id.empty()) {
    ledger::TakeHold(desk.state, command.reservation_id, command.id);
  }
  for (Fulfilment& fulfilment : placed.fulfilments) {
    Claim(desk, placed, fulfilment, ClaimLines(placed, fulfilment));
    desk.book.BookPicks(fulfilment.location, *fulfilment.slot_start, +1);
  }
  const Order& order = desk.book.AddOrder(std::move(placed));
  for (const Fulfilment& fulfilment : order.fulfilments) {
    OrderEvent event{.kind = OrderEventKind::kPlaced, .occurred_at = order.placed_at};
    for (const FulfilmentLine& line : fulfilment.lines) {
      event.lines.push_back({.line = line.line, .quantity = line.units.claimed});
    }
    Tell(desk, order, fulfilment, std::move(event));
  }
  desk.book.AddOrderRequest(AnswerIdOf(order.id), {.content = command.content, .answer = order});
  return order;
}

}  // namespace stockd::fulfilment
