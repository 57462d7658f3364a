#include <algorithm>
#include <utility>

#include "daemon/base/constant_time.h"
#include "daemon/fulfilment/order_steps.h"

namespace stockd::fulfilment {
namespace {

using ledger::EntryKind;
using ledger::Reason;

Quantity Picked(const LineUnits& units) { return units.picked; }

// How long no code is looked at after this many wrong ones in a row.
Duration PauseAfter(int wrong_tries) {
  if (wrong_tries < kCodeTriesMax) return Duration::zero();
  const int doublings = std::min(wrong_tries - kCodeTriesMax, 10);
  return std::min<Duration>(kCodePause * (1 << doublings), kCodePauseMax);
}

OrderRefusal Locked(const PickupCode& code) {
  OrderRefusal refusal = Refuse(Reason::kCodeLocked);
  refusal.retry_at = code.locked_until;
  return refusal;
}

// A wrong try is the one thing that a refused command leaves behind, so it stands outside of the
// frame: counted, whatever becomes of the rest.
OrderRefusal CountWrongTry(const OrderDesk& desk, const MoveHeader& header, Order& order,
                           Fulfilment& fulfilment) {
  const Order before = order;
  ++order.version;
  ++fulfilment.code.wrong_tries;
  const Duration pause = PauseAfter(fulfilment.code.wrong_tries);
  if (pause > Duration::zero()) fulfilment.code.locked_until = desk.state.now() + pause;
  Tell(desk, order, fulfilment,
       {.kind = OrderEventKind::kCodeRefused, .occurred_at = header.occurred_at});
  desk.book.OrderChanged(order, before);
  return Refuse(Reason::kCodeWrong);
}

OrderRefusal CheckCode(const OrderDesk& desk, const PickupCode& code,
                       const HandOverCommand& command) {
  if (command.without_code) return {};
  if (desk.state.now() < code.locked_until) return Locked(code);
  if (code.digest.empty() || !EqualInConstantTime(code.digest, command.code_digest)) {
    return Refuse(Reason::kCodeWrong);
  }
  return {};
}

}  // namespace

OrderResult Arrive(const OrderDesk& desk, const MoveHeader& header) {
  return RunMove(desk, header, Move::kArrive, [&](Work& work) {
    Fulfilment& fulfilment = work.fulfilment;
    fulfilment.state = OrderState::kCustomerWaiting;
    fulfilment.arrived_at = work.header.occurred_at;
    // Who is here in time is served, also after the deadline.
    const auto close = work.desk.book.hours(fulfilment.standing_at()).CloseAfter(desk.state.now());
    const Timestamp until = close.value_or(desk.state.now() + kWaitFallback);
    if (until > *fulfilment.deadline) {
      fulfilment.deadline = until;
      ledger::HoldClaimUntil(desk.state, *OpenClaimOf(desk, fulfilment), until);
    }
    Tell(desk, work.order, fulfilment, EventOf(work, OrderEventKind::kCustomerArrived));
    return OrderRefusal{};
  });
}

OrderResult HandOver(const OrderDesk& desk, const MoveHeader& header,
                     const HandOverCommand& command) {
  bool wrong_code = false;
  OrderResult result = RunMove(desk, header, Move::kHandOver, [&](Work& work) -> OrderRefusal {
    Fulfilment& fulfilment = work.fulfilment;
    OrderRefusal refusal = CheckCode(desk, fulfilment.code, command);
    wrong_code = refusal.refusal.reason == Reason::kCodeWrong;
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    Selection selection;
    refusal = Select(work, command.lines, Picked, selection);
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    std::vector<StockFact> facts;
    for (const Selected& selected : selection) {
      facts.push_back({.kind = EntryKind::kSale,
                       .line = selected.line->line,
                       .position = PositionOf(work.order, fulfilment, selected.line->line),
                       .quantity = selected.quantity,
                       .from_claim = true});
    }
    if (!FactsFit(desk, facts)) return Refuse(Reason::kFigureOverflow);

    // From here it is handed over: nothing below can fail.
    Record(work, facts);
    for (const Selected& selected : selection) {
      selected.line->units.picked -= selected.quantity;
      selected.line->units.handed_over += selected.quantity;
    }
    fulfilment.code.wrong_tries = 0;
    // What stays behind waits for the customer as before.
    fulfilment.state = OrderState::kReady;
    CloseIfDone(desk, fulfilment, work.header.occurred_at);
    Tell(desk, work.order, fulfilment, EventOf(work, OrderEventKind::kHandedOver, selection));
    if (fulfilment.state == OrderState::kCollected) {
      Tell(desk, work.order, fulfilment, EventOf(work, OrderEventKind::kCollected));
    }
    return {};
  });
  if (!wrong_code) return result;
  Order& order = *desk.book.FindOrder(header.order_id);
  Fulfilment& fulfilment =
      header.fulfilment != 0 ? *order.Find(header.fulfilment) : order.fulfilments.front();
  return CountWrongTry(desk, header, order, fulfilment);
}

OrderResult ReissueCode(const OrderDesk& desk, const MoveHeader& header) {
  return RunMove(desk, header, Move::kReissueCode, [&](Work& work) {
    PickupCode& code = work.fulfilment.code;
    code = {.generation = code.generation + 1};
    code.digest = desk.book.PickupCodeDigest(
        work.order.id, work.fulfilment.number,
        desk.book.PickupCodeOf(work.order.id, work.fulfilment.number, code.generation));
    Tell(desk, work.order, work.fulfilment, EventOf(work, OrderEventKind::kCodeIssued));
    return OrderRefusal{};
  });
}

OrderResult ExtendDeadline(const OrderDesk& desk, const MoveHeader& header, Timestamp deadline) {
  return RunMove(desk, header, Move::kExtendDeadline, [&](Work& work) {
    work.fulfilment.deadline = deadline;
    ledger::HoldClaimUntil(desk.state, *OpenClaimOf(desk, work.fulfilment), deadline);
    Tell(desk, work.order, work.fulfilment, EventOf(work, OrderEventKind::kDeadlineChanged));
    return OrderRefusal{};
  });
}

}  // namespace stockd::fulfilment
