#include <algorithm>
#include <utility>

#include "daemon/fulfilment/order_steps.h"

namespace stockd::fulfilment {
namespace {

using ledger::EntryKind;
using ledger::Reason;

Quantity InStore(const LineUnits& units) { return units.missing + units.claimed + units.picked; }
Quantity HandedOn(const LineUnits& units) {
  return units.handed_over + units.delivered + units.shipped;
}

// Takes from `units` what there is, up to `quantity`; returns what is left to take.
Quantity Take(Quantity& units, Quantity quantity, Quantity& taken) {
  taken = std::min(units, quantity);
  units -= taken;
  return quantity - taken;
}

void CancelUnits(Work& work, FulfilmentLine& line, Quantity quantity) {
  Quantity missing = 0;
  Quantity claimed = 0;
  Quantity picked = 0;
  Quantity rest = Take(line.units.missing, quantity, missing);
  rest = Take(line.units.claimed, rest, claimed);
  Take(line.units.picked, rest, picked);
  line.written_off = std::min(line.written_off, line.units.missing);
  line.units.cancelled += quantity;
  GiveBack(work.desk, work.fulfilment, PositionOf(work.order, work.fulfilment, line.line),
           claimed + picked);
}

// How units come back to a shelf. Units that were on their way between two locations were never
// sold: they end their transfer.
void Returning(const Work& work, const ReturnCommand& command, const Selected& selected,
               std::vector<StockFact>& facts) {
  const LineUnits& units = selected.line->units;
  const PositionKey position{
      .item = work.order.lines[static_cast<size_t>(selected.line->line)].item,
      .location = command.location};
  const Quantity with_customer = std::min(selected.quantity, units.handed_over + units.delivered);
  const Quantity on_its_way = selected.quantity - with_customer;
  const bool was_sold = work.fulfilment.method != Method::kShipToStore;
  const Quantity sold = was_sold ? selected.quantity : with_customer;
  if (sold > 0) {
    facts.push_back({.kind = EntryKind::kReturn,
                     .line = selected.line->line,
                     .position = position,
                     .quantity = sold});
  }
  if (!was_sold && on_its_way > 0) {
    facts.push_back({.kind = EntryKind::kTransferIn,
                     .line = selected.line->line,
                     .position = position,
                     .quantity = on_its_way});
  }
  if (!command.sellable) {
    facts.push_back({.kind = EntryKind::kDamage,
                     .line = selected.line->line,
                     .position = position,
                     .quantity = selected.quantity});
  }
}

}  // namespace

OrderResult Cancel(const OrderDesk& desk, const MoveHeader& header,
                   const std::vector<MoveLine>& lines, UnitReason reason) {
  return RunMove(desk, header, Move::kCancel, [&](Work& work) -> OrderRefusal {
    Selection selection;
    const OrderRefusal refusal = Select(work, lines, InStore, selection);
    if (refusal.refusal.reason != Reason::kNone) return refusal;

    // From here it is cancelled: nothing below can fail.
    OrderEvent event = EventOf(work, OrderEventKind::kCancelled, selection);
    event.reason = reason;
    for (const Selected& selected : selection) CancelUnits(work, *selected.line, selected.quantity);
    Fulfilment& fulfilment = work.fulfilment;
    if (fulfilment.state == OrderState::kPicking || fulfilment.state == OrderState::kShort) {
      UpdatePicking(fulfilment);
    }
    CloseIfDone(desk, fulfilment, work.header.occurred_at);
    Tell(desk, work.order, fulfilment, std::move(event));
    return {};
  });
}

OrderResult Return(const OrderDesk& desk, const MoveHeader& header, const ReturnCommand& command) {
  return RunMove(desk, header, Move::kReturn, [&](Work& work) -> OrderRefusal {
    Selection selection;
    const OrderRefusal refusal = Select(work, command.lines, HandedOn, selection);
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    std::vector<StockFact> facts;
    for (const Selected& selected : selection) Returning(work, command, selected, facts);
    if (!FactsFit(desk, facts)) return Refuse(Reason::kFigureOverflow);

    // From here it is returned: nothing below can fail.
    OrderEvent event = EventOf(work, OrderEventKind::kReturned, selection);
    event.reason = command.reason;
    event.location = command.location;
    Record(work, facts);
    for (const Selected& selected : selection) {
      LineUnits& units = selected.line->units;
      Quantity taken = 0;
      Quantity rest = Take(units.handed_over, selected.quantity, taken);
      rest = Take(units.delivered, rest, taken);
      Take(units.shipped, rest, taken);
      units.returned += selected.quantity;
    }
    EndTransit(work, std::move(event));
    return {};
  });
}

OrderResult RevisePromise(const OrderDesk& desk, const MoveHeader& header,
                          std::optional<Timestamp> ready, std::optional<Timestamp> delivery) {
  return RunMove(desk, header, Move::kRevisePromise, [&](Work& work) {
    const auto revise = [](Promise& promise, std::optional<Timestamp> to) {
      if (!to) return;
      promise.current = to;
      if (!promise.first) promise.first = to;
    };
    revise(work.fulfilment.ready, ready);
    revise(work.fulfilment.delivery, delivery);
    Tell(desk, work.order, work.fulfilment, EventOf(work, OrderEventKind::kPromiseRevised));
    return OrderRefusal{};
  });
}

}  // namespace stockd::fulfilment
