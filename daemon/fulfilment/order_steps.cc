#include "daemon/fulfilment/order_steps.h"

#include <algorithm>

#include "daemon/base/check.h"
#include "daemon/ledger/facts.h"
#include "daemon/ledger/reservations.h"

namespace stockd::fulfilment {
namespace {

using ledger::Reason;

// What was asked before is answered before anything is looked at.
std::optional<OrderResult> Answered(const OrderDesk& desk, const MoveHeader& header) {
  const auto known = desk.book.FindOrderRequest(header.request_id);
  if (!known) return {};
  if (known->content != header.content) return Refuse(Reason::kRequestDiffers);
  return known->answer;
}

OrderRefusal CheckInstant(const OrderDesk& desk, Timestamp occurred_at) {
  if (occurred_at > desk.state.now() + desk.limits.future_tolerance) {
    return Refuse(Reason::kOccurredInFuture);
  }
  if (occurred_at < desk.state.now() - desk.limits.look_back) {
    return Refuse(Reason::kOccurredTooLongAgo);
  }
  return {};
}

Fulfilment* Named(Order& order, int number) {
  if (number != 0) return order.Find(number);
  return order.fulfilments.size() == 1 ? &order.fulfilments.front() : nullptr;
}

// An id that no reservation has: the order's and the fulfilment's name, with a number when the
// claim before it has ended.
std::string NewClaimId(const OrderDesk& desk, const Order& order, const Fulfilment& fulfilment) {
  const std::string base = "order/" + order.id + "/" + std::to_string(fulfilment.number);
  std::string id = base;
  for (int generation = 2; desk.state.FindReservation(id) != nullptr; ++generation) {
    id = base + "/" + std::to_string(generation);
  }
  return id;
}

ledger::Fact FactOf(const Work& work, const StockFact& fact) {
  const OrderLine& line = work.order.lines[static_cast<size_t>(fact.line)];
  ledger::Fact told;
  told.source = work.desk.book.own_source();
  // Once for each kind and line of a move, and a move has its version.
  told.event_id = work.order.id + "/" + std::to_string(work.order.version) + "/" +
                  std::to_string(work.fulfilment.number) + "/" + std::to_string(fact.line) + "/" +
                  std::string(ledger::EntryKindName(fact.kind));
  told.kind = fact.kind;
  told.position = fact.position;
  told.quantity = fact.quantity;
  told.occurred_at = work.header.occurred_at;
  told.reference = work.order.id;
  if (fact.from_claim) told.reservation_id = work.fulfilment.claim_id;
  told.channel = work.desk.book.channel_name(work.order.channel);
  if (fact.kind == ledger::EntryKind::kSale || fact.kind == ledger::EntryKind::kReturn) {
    told.unit_price_micros = line.unit_price_micros;
    told.currency = line.currency;
    told.customer_reference = work.order.customer_reference;
    told.fulfilment_channel = MethodName(work.fulfilment.method);
  }
  return told;
}

Quantity EffectOf(const StockFact& fact) {
  switch (fact.kind) {
    case ledger::EntryKind::kSale:
    case ledger::EntryKind::kDamage:
    case ledger::EntryKind::kTransferOut: return -fact.quantity;
    default: return fact.quantity;
  }
}

}  // namespace

OrderRefusal Refuse(Reason reason, std::string subject) {
  return {.refusal = {.reason = reason}, .subject = std::move(subject)};
}

OrderResult RunMove(const OrderDesk& desk, const MoveHeader& header, Move move,
                    absl::FunctionRef<OrderRefusal(Work&)> apply) {
  if (auto answer = Answered(desk, header)) return *std::move(answer);
  Order* order = desk.book.FindOrder(header.order_id);
  if (order == nullptr) return Refuse(Reason::kOrderUnknown);
  if (OrderRefusal refusal = CheckInstant(desk, header.occurred_at);
      refusal.refusal.reason != Reason::kNone) {
    return refusal;
  }
  SettleDue(desk, *order);
  Fulfilment* fulfilment = Named(*order, header.fulfilment);
  if (fulfilment == nullptr) return Refuse(Reason::kFulfilmentUnknown);
  if (!IsAllowed(move, fulfilment->method, fulfilment->state)) {
    OrderRefusal refusal = Refuse(Reason::kMoveForbidden, std::string(MoveName(move)));
    refusal.method = fulfilment->method;
    refusal.state = fulfilment->state;
    return refusal;
  }
  const Order before = *order;
  ++order->version;
  Work work{.desk = desk, .header = header, .order = *order, .fulfilment = *fulfilment};
  if (OrderRefusal refusal = apply(work); refusal.refusal.reason != Reason::kNone) {
    order->version = before.version;
    return refusal;
  }
  desk.book.OrderChanged(*order, before);
  desk.book.AddOrderRequest(header.request_id, {.content = header.content, .answer = *order});
  return *order;
}

FulfilmentLine* FindLine(Fulfilment& fulfilment, int line) {
  const auto found = std::ranges::find(fulfilment.lines, line, &FulfilmentLine::line);
  return found == fulfilment.lines.end() ? nullptr : &*found;
}

OrderRefusal Select(Work& work, const std::vector<MoveLine>& lines, UnitsOf available,
                    Selection& selection) {
  absl::btree_map<int, Quantity> asked;
  for (const MoveLine& line : lines) {
    if (FindLine(work.fulfilment, line.line) == nullptr) {
      const auto index = static_cast<size_t>(line.line);
      return Refuse(Reason::kLineUnknown,
                    index < work.order.lines.size() ? work.order.lines[index].id : std::string());
    }
    asked[line.line] += line.quantity;
  }
  for (FulfilmentLine& line : work.fulfilment.lines) {
    const Quantity there = available(line.units);
    if (lines.empty()) {
      if (there > 0) selection.push_back({.line = &line, .quantity = there});
      continue;
    }
    const auto found = asked.find(line.line);
    if (found == asked.end()) continue;
    if (found->second > there) {
      OrderRefusal refusal =
          Refuse(Reason::kExceedsLine, work.order.lines[static_cast<size_t>(line.line)].id);
      refusal.refusal.requested = found->second;
      refusal.refusal.available = there;
      return refusal;
    }
    selection.push_back({.line = &line, .quantity = found->second});
  }
  return selection.empty() ? Refuse(Reason::kExceedsLine) : OrderRefusal{};
}

PositionKey PositionOf(const Order& order, const Fulfilment& fulfilment, int line) {
  return {.item = order.lines[static_cast<size_t>(line)].item,
          .location = fulfilment.standing_at()};
}

ledger::Reservation* OpenClaimOf(const OrderDesk& desk, const Fulfilment& fulfilment) {
  if (fulfilment.claim_id.empty()) return nullptr;
  ledger::Reservation* claim = desk.state.FindReservation(fulfilment.claim_id);
  return claim == nullptr || ledger::IsFinal(claim->state) ? nullptr : claim;
}

void Claim(const OrderDesk& desk, const Order& order, Fulfilment& fulfilment,
           const std::vector<ledger::LineCommand>& lines) {
  if (ledger::Reservation* claim = OpenClaimOf(desk, fulfilment)) {
    for (const ledger::LineCommand& line : lines) {
      ledger::GrowClaim(desk.state, *claim, line.position, line.quantity);
    }
    return;
  }
  fulfilment.claim_id = NewClaimId(desk, order, fulfilment);
  ledger::OpenClaim(desk.state, {.id = fulfilment.claim_id,
                                 .order_id = order.id,
                                 .channel = order.channel,
                                 .owner_reference = order.customer_reference,
                                 .lines = lines});
}

void GiveBack(const OrderDesk& desk, const Fulfilment& fulfilment, PositionKey position,
              Quantity quantity) {
  if (quantity == 0) return;
  ledger::Reservation* claim = OpenClaimOf(desk, fulfilment);
  STOCKD_CHECK(claim != nullptr);
  ledger::ShrinkClaim(desk.state, *claim, position, quantity);
}

bool FactsFit(const OrderDesk& desk, const std::vector<StockFact>& facts) {
  absl::btree_map<PositionKey, Quantity> effects;
  absl::btree_map<PositionKey, Quantity> damaged;
  for (const StockFact& fact : facts) {
    effects[fact.position] += EffectOf(fact);
    if (fact.kind == ledger::EntryKind::kDamage) damaged[fact.position] += fact.quantity;
  }
  // Lines are few enough for their sums not to overflow.
  return std::ranges::all_of(effects,
                             [&](const auto& effect) {
                               return FigureFits(desk.state.position(effect.first).row.on_hand,
                                                 effect.second);
                             }) &&
         std::ranges::all_of(damaged, [&](const auto& effect) {
           return FigureFits(desk.state.position(effect.first).row.unsellable, effect.second);
         });
}

void Record(Work& work, const std::vector<StockFact>& facts) {
  for (const StockFact& fact : facts) {
    const ledger::FactOutcome outcome = ledger::ApplyFact(
        work.desk.state, FactOf(work, fact), work.desk.limits, ledger::LateFacts::kAccept);
    STOCKD_CHECK(outcome.result == ledger::FactResult::kApplied);
  }
}

void Tell(const OrderDesk& desk, const Order& order, const Fulfilment& fulfilment,
          OrderEvent event) {
  event.order_number = order.number;
  event.fulfilment = fulfilment.number;
  event.state = fulfilment.state;
  if (event.location == kNoLocation) event.location = fulfilment.standing_at();
  desk.book.AppendEvent(std::move(event));
}

OrderEvent EventOf(const Work& work, OrderEventKind kind, const Selection& selection) {
  OrderEvent event{.kind = kind, .occurred_at = work.header.occurred_at, .note = work.header.note};
  for (const Selected& selected : selection) {
    event.lines.push_back({.line = selected.line->line, .quantity = selected.quantity});
  }
  return event;
}

void UpdatePicking(Fulfilment& fulfilment) {
  const LineUnits total = fulfilment.Total();
  const bool started = fulfilment.picking_at.has_value();
  if (total.claimed == 0 && total.missing > 0) {
    fulfilment.state = OrderState::kShort;
  } else {
    fulfilment.state = started ? OrderState::kPicking : OrderState::kPlaced;
  }
}

void CloseIfDone(const OrderDesk& desk, Fulfilment& fulfilment, Timestamp at) {
  const LineUnits total = fulfilment.Total();
  if (total.InClaim() + total.missing > 0) return;
  if (fulfilment.state == OrderState::kPlaced && fulfilment.slot_taken) {
    desk.book.BookPicks(fulfilment.location, *fulfilment.slot_start, -1);
    fulfilment.slot_taken = false;
  }
  if (total.shipped > 0) {
    fulfilment.state = OrderState::kInTransit;
    if (!fulfilment.shipped_at) fulfilment.shipped_at = at;
    return;
  }
  if (total.handed_over > 0) {
    fulfilment.state = OrderState::kCollected;
  } else if (total.delivered > 0) {
    fulfilment.state = OrderState::kDelivered;
  } else if (total.lost > 0) {
    fulfilment.state = OrderState::kLost;
  } else if (total.returned > 0) {
    fulfilment.state = OrderState::kReturned;
  } else {
    fulfilment.state = OrderState::kCancelled;
  }
  if (!fulfilment.closed_at) fulfilment.closed_at = at;
  fulfilment.code.digest.clear();
  fulfilment.remind_at.reset();
}

void MakeReady(Work& work, const std::string& holding_area) {
  Fulfilment& fulfilment = work.fulfilment;
  const Timestamp now = work.desk.state.now();
  const LocationId store =
      fulfilment.method == Method::kShipToStore ? fulfilment.destination : fulfilment.location;
  const OpenTime& hours = work.desk.book.hours(store);
  fulfilment.state = OrderState::kReady;
  fulfilment.ready_at = work.header.occurred_at;
  fulfilment.holding_area = holding_area;
  // From now, not from the instant that is told: a customer who learns of it late has her time too.
  fulfilment.deadline = hours.HoldDeadline(now, std::max(1, hours.calendar().hold_open_days))
                            .value_or(now + kHoldFallback);
  const Duration remind_after = hours.calendar().remind_after;
  fulfilment.remind_at.reset();
  if (remind_after > Duration::zero() && now + remind_after < *fulfilment.deadline) {
    fulfilment.remind_at = now + remind_after;
  }
  ledger::Reservation* claim = OpenClaimOf(work.desk, fulfilment);
  STOCKD_CHECK(claim != nullptr);
  ledger::HoldClaimUntil(work.desk.state, *claim, *fulfilment.deadline);
  if (fulfilment.code.digest.empty()) {
    fulfilment.code = {.generation = fulfilment.code.generation + 1};
    fulfilment.code.digest = work.desk.book.PickupCodeDigest(
        work.order.id, fulfilment.number,
        work.desk.book.PickupCodeOf(work.order.id, fulfilment.number, fulfilment.code.generation));
  }
}

void EndTransit(Work& work, OrderEvent event) {
  Fulfilment& fulfilment = work.fulfilment;
  CloseIfDone(work.desk, fulfilment, work.header.occurred_at);
  Tell(work.desk, work.order, fulfilment, std::move(event));
  const LineUnits total = fulfilment.Total();
  if (fulfilment.state != OrderState::kInTransit || total.shipped > 0) return;
  MakeReady(work, fulfilment.holding_area);
  Tell(work.desk, work.order, fulfilment, EventOf(work, OrderEventKind::kReady));
}

OrderRefusal CheckLocation(const OrderDesk& desk, Method method, LocationId location,
                           LocationId destination) {
  OrderRefusal refusal = Refuse(Reason::kPurposeMissing);
  const LocationId collecting = method == Method::kShipToStore ? destination : location;
  if (IsCollected(method) && !desk.book.collects(collecting)) {
    refusal.location = collecting;
    return refusal;
  }
  if (method != Method::kPickup && !desk.book.ships(location)) {
    refusal.location = location;
    return refusal;
  }
  return {};
}

OrderRefusal QuoteFor(const OrderDesk& desk, LocationId location,
                      std::optional<Timestamp> slot_start, const TakenSlots& taken, Quote& quote) {
  const auto booked = [&](const PickSlot& slot) {
    int count = desk.book.BookedPicks(location, slot);
    for (auto at = taken.lower_bound({location, slot.start});
         at != taken.end() && at->first.first == location && at->first.second < slot.end; ++at) {
      count += at->second;
    }
    return count;
  };
  const OpenTime& hours = desk.book.hours(location);
  const Timestamp now = desk.state.now();
  quote =
      slot_start ? QuoteSlot(hours, *slot_start, now, booked) : QuotePromise(hours, now, booked);
  if (quote.obstacle == PickupObstacle::kNone) return {};
  OrderRefusal refusal = Refuse(Reason::kPickupNotPossible);
  refusal.obstacle = quote.obstacle;
  refusal.location = location;
  return refusal;
}

}  // namespace stockd::fulfilment
