#include <utility>

#include "daemon/fulfilment/order_steps.h"

namespace stockd::fulfilment {
namespace {

using ledger::EntryKind;
using ledger::Reason;

void Begin(Work& work) {
  if (work.fulfilment.picking_at) return;
  work.fulfilment.picking_at = work.header.occurred_at;
  work.fulfilment.state = OrderState::kPicking;
  Tell(work.desk, work.order, work.fulfilment, EventOf(work, OrderEventKind::kPickingStarted));
}

OrderRefusal Exceeds(const Work& work, int line, Quantity requested, Quantity available) {
  OrderRefusal refusal =
      Refuse(Reason::kExceedsLine, work.order.lines[static_cast<size_t>(line)].id);
  refusal.refusal.requested = requested;
  refusal.refusal.available = available;
  return refusal;
}

OrderRefusal Unknown(const Work& work, int line) {
  const auto index = static_cast<size_t>(line);
  return Refuse(Reason::kLineUnknown,
                index < work.order.lines.size() ? work.order.lines[index].id : std::string());
}

// How the record is corrected for units that are not there.
std::vector<StockFact> Corrections(const Work& work, const std::vector<PickedLine>& lines) {
  std::vector<StockFact> facts;
  for (const PickedLine& line : lines) {
    if (line.missing == 0) continue;
    const PositionKey position = PositionOf(work.order, work.fulfilment, line.line);
    switch (line.reason) {
      case UnitReason::kDamaged:
        facts.push_back({.kind = EntryKind::kDamage,
                         .line = line.line,
                         .position = position,
                         .quantity = line.missing});
        break;
      case UnitReason::kNone:
      case UnitReason::kNotFound:
        facts.push_back({.kind = EntryKind::kAdjustment,
                         .line = line.line,
                         .position = position,
                         .quantity = -line.missing});
        break;
      case UnitReason::kSold:
      case UnitReason::kLate:
      case UnitReason::kCustomer:
      case UnitReason::kRefused:
      case UnitReason::kStore: break;
    }
  }
  return facts;
}

bool WritesOff(UnitReason reason) {
  return reason == UnitReason::kNone || reason == UnitReason::kNotFound;
}

// One event for the picked units and one for each reason why units are missing.
void TellPicked(Work& work, const std::vector<PickedLine>& lines) {
  OrderEvent picked = EventOf(work, OrderEventKind::kPicked);
  absl::btree_map<UnitReason, OrderEvent> missing;
  for (const PickedLine& line : lines) {
    if (line.picked > 0) picked.lines.push_back({.line = line.line, .quantity = line.picked});
    if (line.missing == 0) continue;
    OrderEvent& event =
        missing.try_emplace(line.reason, EventOf(work, OrderEventKind::kMissing)).first->second;
    event.reason = line.reason;
    event.lines.push_back({.line = line.line, .quantity = line.missing});
  }
  if (!picked.lines.empty()) Tell(work.desk, work.order, work.fulfilment, std::move(picked));
  for (auto& [reason, event] : missing) {
    Tell(work.desk, work.order, work.fulfilment, std::move(event));
  }
}

}  // namespace

OrderResult StartPicking(const OrderDesk& desk, const MoveHeader& header) {
  return RunMove(desk, header, Move::kStartPicking, [](Work& work) {
    Begin(work);
    return OrderRefusal{};
  });
}

OrderResult RecordPick(const OrderDesk& desk, const MoveHeader& header,
                       const std::vector<PickedLine>& lines) {
  return RunMove(desk, header, Move::kRecordPick, [&](Work& work) -> OrderRefusal {
    absl::btree_map<int, Quantity> taken;
    for (const PickedLine& line : lines) {
      const FulfilmentLine* found = FindLine(work.fulfilment, line.line);
      if (found == nullptr) return Unknown(work, line.line);
      Quantity& sum = taken[line.line];
      sum += line.picked + line.missing;
      if (sum > found->units.claimed) {
        return Exceeds(work, line.line, sum, found->units.claimed);
      }
    }
    const std::vector<StockFact> facts = Corrections(work, lines);
    if (!FactsFit(work.desk, facts)) return Refuse(Reason::kFigureOverflow);

    // From here the pick is recorded: nothing below can fail.
    Begin(work);
    for (const PickedLine& line : lines) {
      FulfilmentLine& found = *FindLine(work.fulfilment, line.line);
      found.units.claimed -= line.picked + line.missing;
      found.units.picked += line.picked;
      found.units.missing += line.missing;
      if (WritesOff(line.reason)) found.written_off += line.missing;
      GiveBack(work.desk, work.fulfilment, PositionOf(work.order, work.fulfilment, line.line),
               line.missing);
    }
    // In the same step as the units are given back: nobody else is promised what is not there.
    Record(work, facts);
    UpdatePicking(work.fulfilment);
    TellPicked(work, lines);
    return {};
  });
}

OrderResult UndoPick(const OrderDesk& desk, const MoveHeader& header,
                     const std::vector<UndoneLine>& lines) {
  return RunMove(desk, header, Move::kUndoPick, [&](Work& work) -> OrderRefusal {
    absl::btree_map<int, UndoneLine> sums;
    std::vector<StockFact> facts;
    for (const UndoneLine& line : lines) {
      const FulfilmentLine* found = FindLine(work.fulfilment, line.line);
      if (found == nullptr) return Unknown(work, line.line);
      UndoneLine& sum = sums[line.line];
      sum.picked += line.picked;
      sum.found += line.found;
      if (sum.picked > found->units.picked) {
        return Exceeds(work, line.line, sum.picked, found->units.picked);
      }
      if (sum.found > found->units.missing) {
        return Exceeds(work, line.line, sum.found, found->units.missing);
      }
    }
    std::vector<ledger::LineCommand> claims;
    std::vector<ledger::LineCommand> from_free;
    for (const auto& [line, sum] : sums) {
      if (sum.found == 0) continue;
      const FulfilmentLine& found = *FindLine(work.fulfilment, line);
      const PositionKey position = PositionOf(work.order, work.fulfilment, line);
      claims.push_back({.position = position, .quantity = sum.found});
      const Quantity corrected = std::min(sum.found, found.written_off);
      if (corrected > 0) {
        facts.push_back({.kind = EntryKind::kAdjustment,
                         .line = line,
                         .position = position,
                         .quantity = corrected});
      }
      // The record still knows the others: they may belong to somebody else by now.
      if (sum.found > corrected) {
        from_free.push_back({.position = position, .quantity = sum.found - corrected});
      }
    }
    OrderRefusal refusal{.refusal =
                             ledger::CheckClaim(work.desk.state, work.order.channel, from_free)};
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    if (!FactsFit(work.desk, facts)) return Refuse(Reason::kFigureOverflow);

    // From here it is undone: nothing below can fail.
    Record(work, facts);
    if (work.fulfilment.state == OrderState::kReady) {
      if (ledger::Reservation* claim = OpenClaimOf(work.desk, work.fulfilment)) {
        ledger::KeepClaim(work.desk.state, *claim);
      }
      work.fulfilment.deadline.reset();
      work.fulfilment.remind_at.reset();
    }
    if (!claims.empty()) Claim(work.desk, work.order, work.fulfilment, claims);
    OrderEvent event = EventOf(work, OrderEventKind::kFound);
    for (const auto& [line, sum] : sums) {
      FulfilmentLine& found = *FindLine(work.fulfilment, line);
      found.units.picked -= sum.picked;
      found.units.missing -= sum.found;
      found.units.claimed += sum.picked + sum.found;
      found.written_off -= std::min(sum.found, found.written_off);
      event.lines.push_back({.line = line, .quantity = sum.picked + sum.found});
    }
    work.fulfilment.ready_at.reset();
    work.fulfilment.packed_at.reset();
    UpdatePicking(work.fulfilment);
    Tell(work.desk, work.order, work.fulfilment, std::move(event));
    return {};
  });
}

OrderResult FinishPicking(const OrderDesk& desk, const MoveHeader& header,
                          const std::string& holding_area) {
  return RunMove(desk, header, Move::kFinishPicking, [&](Work& work) -> OrderRefusal {
    Fulfilment& fulfilment = work.fulfilment;
    const LineUnits total = fulfilment.Total();
    if (total.claimed + total.missing > 0) return Refuse(Reason::kUnitsUndecided);
    if (total.picked == 0) return Refuse(Reason::kNothingPicked);
    if (fulfilment.method == Method::kPickup || fulfilment.at_destination) {
      MakeReady(work, holding_area);
      Tell(work.desk, work.order, fulfilment, EventOf(work, OrderEventKind::kReady));
      return {};
    }
    fulfilment.state = OrderState::kPacked;
    fulfilment.packed_at = work.header.occurred_at;
    fulfilment.holding_area = holding_area;
    Tell(work.desk, work.order, fulfilment, EventOf(work, OrderEventKind::kPacked));
    return {};
  });
}

}  // namespace stockd::fulfilment
