#include <algorithm>
#include <utility>

#include "daemon/fulfilment/order_steps.h"

namespace stockd::fulfilment {
namespace {

using ledger::Reason;

Quantity NotPicked(const LineUnits& units) { return units.missing + units.claimed; }

// Takes units off the line: missing ones first. Returns how many of them were claimed.
Quantity TakeNotPicked(FulfilmentLine& line, Quantity quantity) {
  const Quantity missing = std::min(quantity, line.units.missing);
  line.units.missing -= missing;
  line.written_off = std::min(line.written_off, line.units.missing);
  line.units.claimed -= quantity - missing;
  return quantity - missing;
}

// What taking these units gives back to the shelf.
std::vector<ledger::LineCommand> Returning(const Work& work, const Selection& selection) {
  std::vector<ledger::LineCommand> returning;
  for (const Selected& selected : selection) {
    const Quantity claimed =
        selected.quantity - std::min(selected.quantity, selected.line->units.missing);
    if (claimed > 0) {
      returning.push_back({.position = PositionOf(work.order, work.fulfilment, selected.line->line),
                           .quantity = claimed});
    }
  }
  return returning;
}

// The same location would claim, for the same order, what it is about to give back.
OrderRefusal CheckGrowth(const Work& work, const std::vector<ledger::LineCommand>& lines,
                         const Selection& selection) {
  return {.refusal = ledger::CheckClaim(work.desk.state, work.order.channel, lines,
                                        Returning(work, selection))};
}

}  // namespace

OrderResult Substitute(const OrderDesk& desk, const MoveHeader& header,
                       const SubstituteCommand& command) {
  return RunMove(desk, header, Move::kSubstitute, [&](Work& work) -> OrderRefusal {
    if (work.order.LineIndex(command.substitute.id) >= 0) {
      return Refuse(Reason::kLineKnown, command.substitute.id);
    }
    if (work.order.lines.size() >= kOrderLinesMax) return Refuse(Reason::kTooManyLines);
    Selection selection;
    if (OrderRefusal refusal = Select(work, {{.line = command.line, .quantity = command.quantity}},
                                      NotPicked, selection);
        refusal.refusal.reason != Reason::kNone) {
      return refusal;
    }
    const std::vector<ledger::LineCommand> wanted = {
        {.position = {.item = command.substitute.item, .location = work.fulfilment.standing_at()},
         .quantity = command.substitute_quantity}};
    if (OrderRefusal refusal = CheckGrowth(work, wanted, selection);
        refusal.refusal.reason != Reason::kNone) {
      return refusal;
    }

    // From here it is substituted: nothing below can fail. The claim grows before it shrinks, so
    // that it never ends in between.
    Claim(work.desk, work.order, work.fulfilment, wanted);
    FulfilmentLine& line = *selection.front().line;
    const Quantity claimed = TakeNotPicked(line, command.quantity);
    line.units.substituted += command.quantity;
    GiveBack(work.desk, work.fulfilment, PositionOf(work.order, work.fulfilment, command.line),
             claimed);
    OrderLine substitute = command.substitute;
    substitute.ordered = 0;
    substitute.substitutes = command.line;
    const int index = static_cast<int>(work.order.lines.size());
    work.order.lines.push_back(std::move(substitute));
    work.fulfilment.lines.push_back(
        {.line = index, .units = {.claimed = command.substitute_quantity}});
    UpdatePicking(work.fulfilment);
    OrderEvent event = EventOf(work, OrderEventKind::kSubstituted);
    event.lines = {{.line = command.line, .quantity = command.quantity},
                   {.line = index, .quantity = command.substitute_quantity}};
    Tell(work.desk, work.order, work.fulfilment, std::move(event));
    return {};
  });
}

OrderResult Reassign(const OrderDesk& desk, const MoveHeader& header,
                     const ReassignCommand& command) {
  return RunMove(desk, header, Move::kReassign, [&](Work& work) -> OrderRefusal {
    if (work.order.fulfilments.size() >= kFulfilmentsMax) {
      return Refuse(Reason::kTooManyFulfilments);
    }
    Selection selection;
    OrderRefusal refusal = Select(work, command.lines, NotPicked, selection);
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    refusal = CheckLocation(work.desk, command.method, command.location, command.destination);
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    Quote quote;
    refusal = QuoteFor(work.desk, command.location, command.slot_start, {}, quote);
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    Fulfilment other{.number = static_cast<int>(work.order.fulfilments.size()) + 1,
                     .method = command.method,
                     .location = command.location,
                     .destination = command.destination,
                     .slot_start = quote.slot.start,
                     .slot_taken = true,
                     .ready = {.first = work.fulfilment.ready.first, .current = quote.ready_at},
                     .delivery = work.fulfilment.delivery};
    std::vector<ledger::LineCommand> wanted;
    for (const Selected& selected : selection) {
      other.lines.push_back({.line = selected.line->line, .units = {.claimed = selected.quantity}});
      wanted.push_back({.position = PositionOf(work.order, other, selected.line->line),
                        .quantity = selected.quantity});
    }
    refusal = CheckGrowth(work, wanted, selection);
    if (refusal.refusal.reason != Reason::kNone) return refusal;

    // From here it is reassigned: nothing below can fail.
    Claim(work.desk, work.order, other, wanted);
    OrderEvent left = EventOf(work, OrderEventKind::kReassigned, selection);
    left.reason = command.reason;
    for (const Selected& selected : selection) {
      const Quantity claimed = TakeNotPicked(*selected.line, selected.quantity);
      GiveBack(work.desk, work.fulfilment,
               PositionOf(work.order, work.fulfilment, selected.line->line), claimed);
    }
    if (work.fulfilment.state != OrderState::kPlaced) UpdatePicking(work.fulfilment);
    CloseIfDone(work.desk, work.fulfilment, work.header.occurred_at);
    Tell(work.desk, work.order, work.fulfilment, std::move(left));
    work.desk.book.BookPicks(other.location, *other.slot_start, +1);
    OrderEvent placed{.kind = OrderEventKind::kPlaced, .occurred_at = work.header.occurred_at};
    for (const FulfilmentLine& line : other.lines) {
      placed.lines.push_back({.line = line.line, .quantity = line.units.claimed});
    }
    // `work.fulfilment` is void after this.
    work.order.fulfilments.push_back(std::move(other));
    Tell(work.desk, work.order, work.order.fulfilments.back(), std::move(placed));
    return {};
  });
}

}  // namespace stockd::fulfilment
