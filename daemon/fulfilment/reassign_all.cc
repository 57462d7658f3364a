#include "daemon/fulfilment/reassign_all.h"

#include <absl/container/btree_map.h>

#include <string>
#include <utility>
#include <variant>

#include "daemon/base/check.h"
#include "daemon/fulfilment/order_steps.h"

namespace stockd::fulfilment {
namespace {

using ledger::Reason;

// What one of the commands could be refused for after others have been carried out. Fixes the slot
// of each.
OrderRefusal Check(const OrderDesk& desk, const Order& order, Fulfilment& from,
                   std::vector<ReassignCommand>& commands) {
  if (order.fulfilments.size() + commands.size() > kFulfilmentsMax) {
    return Refuse(Reason::kTooManyFulfilments);
  }
  TakenSlots taken;
  absl::btree_map<int, Quantity> asked;
  std::vector<ledger::LineCommand> wanted;
  for (ReassignCommand& command : commands) {
    OrderRefusal refusal =
        CheckLocation(desk, command.method, command.location, command.destination);
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    Quote quote;
    refusal = QuoteFor(desk, command.location, command.slot_start, taken, quote);
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    command.slot_start = quote.slot.start;
    ++taken[{command.location, quote.slot.start}];
    for (const MoveLine& line : command.lines) {
      asked[line.line] += line.quantity;
      wanted.push_back({.position = {.item = order.lines[static_cast<size_t>(line.line)].item,
                                     .location = command.location},
                        .quantity = line.quantity});
    }
  }
  for (const auto& [index, quantity] : asked) {
    const std::string& id = order.lines[static_cast<size_t>(index)].id;
    const FulfilmentLine* line = FindLine(from, index);
    if (line == nullptr) return Refuse(Reason::kLineUnknown, id);
    const Quantity there = line->units.missing + line->units.claimed;
    if (quantity <= there) continue;
    OrderRefusal refusal = Refuse(Reason::kExceedsLine, id);
    refusal.refusal.requested = quantity;
    refusal.refusal.available = there;
    return refusal;
  }
  return {.refusal = ledger::CheckClaim(desk.state, order.channel, wanted)};
}

// No caller's id holds a control character.
std::string PartId(const MoveHeader& header, size_t part) {
  return "\x01part/" + std::to_string(part) + "/" + header.request_id;
}

}  // namespace

OrderResult ReassignAll(const OrderDesk& desk, const MoveHeader& header,
                        std::vector<ReassignCommand> commands) {
  STOCKD_CHECK(!commands.empty());
  if (const auto known = desk.book.FindOrderRequest(header.request_id)) {
    if (known->content != header.content) return Refuse(Reason::kRequestDiffers);
    return known->answer;
  }
  Order* order = desk.book.FindOrder(header.order_id);
  if (order == nullptr) return Refuse(Reason::kOrderUnknown);
  Fulfilment* from = header.fulfilment != 0           ? order->Find(header.fulfilment)
                     : order->fulfilments.size() == 1 ? &order->fulfilments.front()
                                                      : nullptr;
  if (from == nullptr) return Refuse(Reason::kFulfilmentUnknown);
  // What the move itself is refused for comes before what its parts are.
  if (IsAllowed(Move::kReassign, from->method, from->state)) {
    OrderRefusal refusal = Check(desk, *order, *from, commands);
    if (refusal.refusal.reason != Reason::kNone) return refusal;
  }
  MoveHeader part = header;
  part.fulfilment = from->number;
  OrderResult result;
  for (size_t i = 0; i < commands.size(); ++i) {
    part.request_id = PartId(header, i);
    result = Reassign(desk, part, commands[i]);
    if (std::holds_alternative<OrderRefusal>(result)) {
      STOCKD_CHECK(i == 0);  // The later ones were judged by Check().
      return result;
    }
  }
  desk.book.AddOrderRequest(header.request_id,
                            {.content = header.content, .answer = std::get<Order>(result)});
  return result;
}

}  // namespace stockd::fulfilment
