#include "daemon/sync/told_order_facts.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/fulfilment/order_commands.h"
#include "daemon/sync/order_words.h"

namespace stockd::sync {
namespace {

using fulfilment::Method;
using fulfilment::MoveHeader;
using fulfilment::MoveLine;
using fulfilment::OrderDesk;
using fulfilment::OrderRefusal;
using fulfilment::OrderResult;
using fulfilment::OrderState;
using fulfilment::UnitReason;
using ledger::Reason;

OrderRefusal Refuse(Reason reason) { return {.refusal = {.reason = reason}}; }

// Whether the fact can be read at all; the order's own rules say the rest.
bool IsWellFormed(const v1::OrderFact& fact) {
  if (!IsId(fact.event_id()) || !IsId(fact.order_id()) || fact.fulfilment() < 0) return false;
  if (fact.kind() == v1::ORDER_FACT_KIND_UNSPECIFIED || !v1::OrderFactKind_IsValid(fact.kind())) {
    return false;
  }
  if (!fact.has_occurred_at() || !IsText(fact.note(), kNoteBytesMax) ||
      !IsText(fact.holding_area(), kIdBytesMax) || FindFault(fact.lines())) {
    return false;
  }
  if (!IsText(fact.shipment().shipment_id(), kIdBytesMax)) return false;
  if (fact.kind() == v1::ORDER_FACT_KIND_SHIPPED && FindFault(fact.shipment())) return false;
  if (fact.kind() == v1::ORDER_FACT_KIND_EXCEPTION && !ExceptionOf(fact.exception())) return false;
  return ReasonOf(fact.reason(), UnitReason::kNone).has_value();
}

// The order's fulfilment that the fact is about; null when it has none such.
const fulfilment::Fulfilment* FulfilmentOf(const fulfilment::Order& order,
                                           const v1::OrderFact& fact) {
  if (fact.fulfilment() != 0) return order.Find(fact.fulfilment());
  return order.fulfilments.size() == 1 ? &order.fulfilments.front() : nullptr;
}

bool IsPast(OrderState state, std::initializer_list<OrderState> states) {
  return std::ranges::find(states, state) != states.end();
}

// Whether others have told what the fact says, or something that comes after it.
bool IsOvertaken(const v1::OrderFact& fact, OrderState state) {
  using enum OrderState;
  switch (fact.kind()) {
    case v1::ORDER_FACT_KIND_PICKING_STARTED: return state != kPlaced;
    // Named units may be others than those that were picked.
    case v1::ORDER_FACT_KIND_PICKED:
      if (!fact.lines().empty()) return false;
      [[fallthrough]];
    case v1::ORDER_FACT_KIND_READY:
      return IsPast(state, {kPacked, kInTransit, kReady, kCustomerWaiting, kCollected, kDelivered,
                            kReturned, kLost});
    case v1::ORDER_FACT_KIND_SHIPPED:
      return IsPast(state,
                    {kReady, kCustomerWaiting, kCollected, kDelivered, kReturned, kLost, kNoShow});
    case v1::ORDER_FACT_KIND_ARRIVED_AT_STORE:
      return IsPast(state, {kReady, kCustomerWaiting, kCollected, kReturned, kNoShow});
    case v1::ORDER_FACT_KIND_CUSTOMER_ARRIVED:
      return IsPast(state, {kCustomerWaiting, kCollected, kReturned});
    case v1::ORDER_FACT_KIND_HANDED_OVER: return IsPast(state, {kCollected});
    case v1::ORDER_FACT_KIND_DELIVERED: return IsPast(state, {kDelivered});
    case v1::ORDER_FACT_KIND_CANCELLED: return IsPast(state, {kCancelled});
    default: return false;
  }
}

// Every line of the fulfilment with what of it is claimed.
std::vector<fulfilment::PickedLine> AllClaimed(const fulfilment::Fulfilment& fulfilment) {
  std::vector<fulfilment::PickedLine> lines;
  for (const fulfilment::FulfilmentLine& line : fulfilment.lines) {
    if (line.units.claimed > 0) {
      lines.push_back({.line = line.line, .picked = line.units.claimed});
    }
  }
  return lines;
}

OrderResult RecordPicked(const OrderDesk& desk, const MoveHeader& header,
                         const v1::OrderFact& fact) {
  return WithLines(desk, header, fact.lines(), [&](const std::vector<MoveLine>& moves) {
    std::vector<fulfilment::PickedLine> lines;
    for (const MoveLine& move : moves) {
      lines.push_back({.line = move.line, .picked = move.quantity});
    }
    const fulfilment::Order* order = desk.book.FindOrder(header.order_id);
    const auto* part = order == nullptr ? nullptr : FulfilmentOf(*order, fact);
    if (lines.empty() && part != nullptr) lines = AllClaimed(*part);
    return fulfilment::RecordPick(desk, header, lines);
  });
}

OrderResult RecordMissing(const OrderDesk& desk, const MoveHeader& header,
                          const v1::OrderFact& fact) {
  if (fact.lines().empty()) return Refuse(Reason::kFieldInvalid);
  return WithLines(desk, header, fact.lines(), [&](const std::vector<MoveLine>& moves) {
    const UnitReason reason = *ReasonOf(fact.reason(), UnitReason::kNotFound);
    std::vector<fulfilment::PickedLine> lines;
    for (const MoveLine& move : moves) {
      lines.push_back({.line = move.line, .missing = move.quantity, .reason = reason});
    }
    return fulfilment::RecordPick(desk, header, lines);
  });
}

OrderResult RecordFound(const OrderDesk& desk, const MoveHeader& header,
                        const v1::OrderFact& fact) {
  if (fact.lines().empty()) return Refuse(Reason::kFieldInvalid);
  return WithLines(desk, header, fact.lines(), [&](const std::vector<MoveLine>& moves) {
    std::vector<fulfilment::UndoneLine> lines;
    for (const MoveLine& move : moves) {
      lines.push_back({.line = move.line, .found = move.quantity});
    }
    return fulfilment::UndoPick(desk, header, lines);
  });
}

OrderResult Return(const OrderDesk& desk, const MoveHeader& header, const v1::OrderFact& fact,
                   LocationId location) {
  return WithLines(desk, header, fact.lines(), [&](const std::vector<MoveLine>& moves) {
    return fulfilment::Return(desk, header,
                              {.lines = moves,
                               .location = location,
                               .sellable = !fact.unsellable(),
                               .reason = *ReasonOf(fact.reason(), UnitReason::kCustomer)});
  });
}

// The move that the fact is. `location` is where returned units are.
OrderResult Move(const OrderDesk& desk, const MoveHeader& header, const v1::OrderFact& fact,
                 LocationId location) {
  const std::string& shipment_id = fact.shipment().shipment_id();
  const auto with_lines = [&](auto apply) { return WithLines(desk, header, fact.lines(), apply); };
  using Lines = std::vector<MoveLine>;
  switch (fact.kind()) {
    case v1::ORDER_FACT_KIND_PICKING_STARTED: return fulfilment::StartPicking(desk, header);
    case v1::ORDER_FACT_KIND_PICKED: return RecordPicked(desk, header, fact);
    case v1::ORDER_FACT_KIND_MISSING: return RecordMissing(desk, header, fact);
    case v1::ORDER_FACT_KIND_FOUND: return RecordFound(desk, header, fact);
    case v1::ORDER_FACT_KIND_READY:
      return fulfilment::FinishPicking(desk, header, fact.holding_area());
    case v1::ORDER_FACT_KIND_SHIPPED:
      return with_lines([&](const Lines& lines) {
        return fulfilment::Ship(desk, header,
                                {.shipment = ShipmentOf(fact.shipment()), .lines = lines});
      });
    case v1::ORDER_FACT_KIND_ARRIVED_AT_STORE:
      return with_lines([&](const Lines& lines) {
        return fulfilment::ReceiveAtStore(desk, header, lines, fact.holding_area());
      });
    case v1::ORDER_FACT_KIND_CUSTOMER_ARRIVED: return fulfilment::Arrive(desk, header);
    case v1::ORDER_FACT_KIND_HANDED_OVER:
      return with_lines([&](const Lines& lines) {
        return fulfilment::HandOver(
            desk, header,
            {.code_digest = fact.code(), .without_code = fact.code().empty(), .lines = lines});
      });
    case v1::ORDER_FACT_KIND_DELIVERY_ATTEMPTED:
      return fulfilment::RecordAttempt(desk, header, shipment_id);
    case v1::ORDER_FACT_KIND_DELIVERED:
      return with_lines([&](const Lines& lines) {
        return fulfilment::Deliver(desk, header, shipment_id, lines);
      });
    case v1::ORDER_FACT_KIND_EXCEPTION:
      return with_lines([&](const Lines& lines) {
        return fulfilment::RecordException(desk, header, *ExceptionOf(fact.exception()),
                                           shipment_id, lines);
      });
    case v1::ORDER_FACT_KIND_RETURNED: return Return(desk, header, fact, location);
    case v1::ORDER_FACT_KIND_CANCELLED:
      return with_lines([&](const Lines& lines) {
        return fulfilment::Cancel(desk, header, lines,
                                  *ReasonOf(fact.reason(), UnitReason::kCustomer));
      });
    default: return Refuse(Reason::kFieldInvalid);
  }
}

// No caller of the service can use such an id: it has a control character.
std::string RequestIdOf(std::string_view source_name, std::string_view event_id) {
  return "\x1f" + std::string(source_name) + "/" + std::string(event_id);
}

// Whether the source may tell about the fulfilment; and where returned units are.
Reason Judge(engine::UnitOfWork& unit, const SourceRights& rights, const v1::OrderFact& fact,
             LocationId& location) {
  const fulfilment::Order* order = unit.orders().FindOrder(fact.order_id());
  const auto* part = order == nullptr ? nullptr : FulfilmentOf(*order, fact);
  // The move itself says that there is no such order or fulfilment.
  if (part == nullptr) return Reason::kNone;
  if (rights.At(part->standing_at()).closed) return Reason::kLocationNotAllowed;
  location = part->location;
  if (fact.kind() != v1::ORDER_FACT_KIND_RETURNED || fact.location().empty()) {
    return Reason::kNone;
  }
  location = unit.catalogue().FindLocation(fact.location());
  if (location == kNoLocation) return Reason::kLocationUnknown;
  return rights.At(location).closed ? Reason::kLocationNotAllowed : Reason::kNone;
}

}  // namespace

void ConcealCode(const engine::PickupCodes& codes, v1::OrderFact& fact) {
  if (fact.code().empty()) return;
  fact.set_code(codes.DigestOf(fact.order_id(), CodeNumber(fact.fulfilment()), fact.code()));
}

OrderFactOutcome ApplyOrderFact(engine::UnitOfWork& unit, std::string_view source_name,
                                const SourceRights& rights, const v1::OrderFact& fact,
                                const ledger::FactLimits& limits) {
  const auto refused = [](Reason reason) {
    return OrderFactOutcome{.result = OrderFactResult::kRefused, .reason = reason};
  };
  if (!IsWellFormed(fact)) return refused(Reason::kFieldInvalid);
  const auto occurred_at = InstantOf(fact.occurred_at());
  if (!occurred_at) return refused(Reason::kFieldInvalid);
  LocationId location = kNoLocation;
  if (const Reason reason = Judge(unit, rights, fact, location); reason != Reason::kNone) {
    return refused(reason);
  }
  const MoveHeader header{.order_id = fact.order_id(),
                          .fulfilment = fact.fulfilment(),
                          .request_id = RequestIdOf(source_name, fact.event_id()),
                          .content = fact.GetTypeName() + '\0' + fact.SerializeAsString(),
                          .occurred_at = *occurred_at,
                          .note = fact.note()};
  const bool repeated = unit.orders().FindOrderRequest(header.request_id).has_value();
  const OrderDesk desk{.state = unit, .book = unit.orders(), .limits = limits};
  const OrderResult result = Move(desk, header, fact, location);
  if (!std::holds_alternative<OrderRefusal>(result)) {
    return {.result = repeated ? OrderFactResult::kDuplicate : OrderFactResult::kApplied};
  }
  const auto& refusal = std::get<OrderRefusal>(result);
  if (refusal.refusal.reason == Reason::kMoveForbidden && refusal.state &&
      IsOvertaken(fact, *refusal.state)) {
    return {.result = OrderFactResult::kDuplicate};
  }
  return refused(refusal.refusal.reason);
}

bool MayBecomeApplicable(Reason reason) {
  switch (reason) {
    case Reason::kFieldInvalid:
    case Reason::kRequestDiffers:
    case Reason::kCodeWrong:
    case Reason::kCodeLocked:
    case Reason::kOccurredTooLongAgo: return false;
    default: return true;
  }
}

}  // namespace stockd::sync
