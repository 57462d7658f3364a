#include <algorithm>
#include <utility>

#include "daemon/fulfilment/order_steps.h"

namespace stockd::fulfilment {
namespace {

using ledger::EntryKind;
using ledger::Reason;

Quantity Picked(const LineUnits& units) { return units.picked; }
Quantity Shipped(const LineUnits& units) { return units.shipped; }
Quantity WithCarrier(const LineUnits& units) { return units.shipped + units.picked; }

Shipment* FindShipment(Fulfilment& fulfilment, std::string_view id) {
  const auto found = std::ranges::find(fulfilment.shipments, id, &Shipment::id);
  return found == fulfilment.shipments.end() ? nullptr : &*found;
}

// An empty id names none; else kShipmentUnknown.
OrderRefusal CheckShipment(Work& work, std::string_view id) {
  if (id.empty() || FindShipment(work.fulfilment, id) != nullptr) return {};
  return Refuse(Reason::kShipmentUnknown, std::string(id));
}

// Goods for the customer are sold when they leave; goods for a store are only on their way.
std::vector<StockFact> Leaving(const Work& work, const Selection& selection) {
  std::vector<StockFact> facts;
  const bool sold = work.fulfilment.method != Method::kShipToStore;
  for (const Selected& selected : selection) {
    facts.push_back({.kind = sold ? EntryKind::kSale : EntryKind::kTransferOut,
                     .line = selected.line->line,
                     .position = PositionOf(work.order, work.fulfilment, selected.line->line),
                     .quantity = selected.quantity,
                     .from_claim = sold});
  }
  return facts;
}

void Leave(Work& work, const Selection& selection, const std::vector<StockFact>& facts) {
  for (const Selected& selected : selection) {
    if (work.fulfilment.method == Method::kShipToStore) {
      GiveBack(work.desk, work.fulfilment,
               PositionOf(work.order, work.fulfilment, selected.line->line), selected.quantity);
    }
    selected.line->units.picked -= selected.quantity;
    selected.line->units.shipped += selected.quantity;
  }
  Record(work, facts);
}

OrderRefusal Received(Work& work, const Selection& selection, const std::string& holding_area) {
  std::vector<StockFact> facts;
  std::vector<ledger::LineCommand> claims;
  for (const Selected& selected : selection) {
    const PositionKey position{
        .item = work.order.lines[static_cast<size_t>(selected.line->line)].item,
        .location = work.fulfilment.destination};
    facts.push_back({.kind = EntryKind::kTransferIn,
                     .line = selected.line->line,
                     .position = position,
                     .quantity = selected.quantity});
    claims.push_back({.position = position, .quantity = selected.quantity});
  }
  if (!FactsFit(work.desk, facts)) return Refuse(Reason::kFigureOverflow);

  // From here it is received: nothing below can fail.
  work.fulfilment.at_destination = true;
  work.fulfilment.holding_area = holding_area;
  Record(work, facts);
  // The units have just come in for this order; they are claimed whatever else is short there.
  Claim(work.desk, work.order, work.fulfilment, claims);
  for (const Selected& selected : selection) {
    selected.line->units.shipped -= selected.quantity;
    selected.line->units.picked += selected.quantity;
  }
  Tell(work.desk, work.order, work.fulfilment,
       EventOf(work, OrderEventKind::kArrivedAtStore, selection));
  if (work.fulfilment.Total().shipped > 0) return {};
  MakeReady(work, holding_area);
  Tell(work.desk, work.order, work.fulfilment, EventOf(work, OrderEventKind::kReady));
  return {};
}

}  // namespace

OrderResult Ship(const OrderDesk& desk, const MoveHeader& header, const ShipCommand& command) {
  return RunMove(desk, header, Move::kShip, [&](Work& work) -> OrderRefusal {
    Fulfilment& fulfilment = work.fulfilment;
    if (FindShipment(fulfilment, command.shipment.id) != nullptr) {
      return Refuse(Reason::kShipmentKnown, command.shipment.id);
    }
    if (fulfilment.shipments.size() >= kShipmentsMax) return Refuse(Reason::kTooManyFulfilments);
    Selection selection;
    OrderRefusal refusal = Select(work, command.lines, Picked, selection);
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    const std::vector<StockFact> facts = Leaving(work, selection);
    if (!FactsFit(work.desk, facts)) return Refuse(Reason::kFigureOverflow);

    // From here it is shipped: nothing below can fail.
    Leave(work, selection, facts);
    Shipment shipment = command.shipment;
    shipment.shipped_at = work.header.occurred_at;
    for (const Selected& selected : selection) {
      shipment.lines.push_back(
          {.line = selected.line->line, .units = {.shipped = selected.quantity}});
    }
    OrderEvent event = EventOf(work, OrderEventKind::kShipped, selection);
    event.shipment_id = shipment.id;
    fulfilment.shipments.push_back(std::move(shipment));
    CloseIfDone(work.desk, fulfilment, work.header.occurred_at);
    Tell(work.desk, work.order, fulfilment, std::move(event));
    return {};
  });
}

OrderResult ReceiveAtStore(const OrderDesk& desk, const MoveHeader& header,
                           const std::vector<MoveLine>& lines, const std::string& holding_area) {
  return RunMove(desk, header, Move::kReceiveAtStore, [&](Work& work) -> OrderRefusal {
    Selection selection;
    OrderRefusal refusal = Select(work, lines, Shipped, selection);
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    return Received(work, selection, holding_area);
  });
}

OrderResult RecordAttempt(const OrderDesk& desk, const MoveHeader& header,
                          const std::string& shipment_id) {
  return RunMove(desk, header, Move::kRecordAttempt, [&](Work& work) -> OrderRefusal {
    OrderRefusal refusal = CheckShipment(work, shipment_id);
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    if (Shipment* shipment = FindShipment(work.fulfilment, shipment_id)) ++shipment->attempts;
    OrderEvent event = EventOf(work, OrderEventKind::kDeliveryAttempted);
    event.shipment_id = shipment_id;
    Tell(work.desk, work.order, work.fulfilment, std::move(event));
    return {};
  });
}

OrderResult Deliver(const OrderDesk& desk, const MoveHeader& header, const std::string& shipment_id,
                    const std::vector<MoveLine>& lines) {
  return RunMove(desk, header, Move::kDeliver, [&](Work& work) -> OrderRefusal {
    OrderRefusal refusal = CheckShipment(work, shipment_id);
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    Shipment* shipment = FindShipment(work.fulfilment, shipment_id);
    std::vector<MoveLine> wanted = lines;
    if (wanted.empty() && shipment != nullptr) {
      for (const FulfilmentLine& line : shipment->lines) {
        wanted.push_back({.line = line.line, .quantity = line.units.shipped});
      }
    }
    Selection selection;
    refusal = Select(work, wanted, WithCarrier, selection);
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    // The carrier may tell of the delivery before anybody told that it took the parcel.
    Selection untold;
    for (const Selected& selected : selection) {
      const Quantity rest = selected.quantity - selected.line->units.shipped;
      if (rest > 0) untold.push_back({.line = selected.line, .quantity = rest});
    }
    const std::vector<StockFact> facts = Leaving(work, untold);
    if (!FactsFit(work.desk, facts)) return Refuse(Reason::kFigureOverflow);

    // From here it is delivered: nothing below can fail.
    Leave(work, untold, facts);
    for (const Selected& selected : selection) {
      selected.line->units.shipped -= selected.quantity;
      selected.line->units.delivered += selected.quantity;
    }
    if (!untold.empty() && !work.fulfilment.shipped_at) {
      work.fulfilment.shipped_at = work.header.occurred_at;
    }
    if (shipment != nullptr) shipment->delivered_at = work.header.occurred_at;
    CloseIfDone(work.desk, work.fulfilment, work.header.occurred_at);
    OrderEvent event = EventOf(work, OrderEventKind::kDelivered, selection);
    event.shipment_id = shipment_id;
    Tell(work.desk, work.order, work.fulfilment, std::move(event));
    return {};
  });
}

OrderResult RecordException(const OrderDesk& desk, const MoveHeader& header, ExceptionKind kind,
                            const std::string& shipment_id, const std::vector<MoveLine>& lines) {
  return RunMove(desk, header, Move::kRecordException, [&](Work& work) -> OrderRefusal {
    OrderRefusal refusal = CheckShipment(work, shipment_id);
    if (refusal.refusal.reason != Reason::kNone) return refusal;
    Selection selection;
    const bool lost =
        kind == ExceptionKind::kLost && work.fulfilment.state == OrderState::kInTransit;
    if (lost) {
      refusal = Select(work, lines, Shipped, selection);
      if (refusal.refusal.reason != Reason::kNone) return refusal;
    }
    for (const MoveLine& line : lines) {
      if (FindLine(work.fulfilment, line.line) == nullptr) return Refuse(Reason::kLineUnknown);
    }

    // From here it is recorded: nothing below can fail.
    for (const Selected& selected : selection) {
      selected.line->units.shipped -= selected.quantity;
      selected.line->units.lost += selected.quantity;
    }
    OrderEvent event = EventOf(work, OrderEventKind::kException, selection);
    event.exception = kind;
    event.shipment_id = shipment_id;
    if (!lost) {
      for (const MoveLine& line : lines) {
        event.lines.push_back({.line = line.line, .quantity = line.quantity});
      }
    }
    EndTransit(work, std::move(event));
    return {};
  });
}

}  // namespace stockd::fulfilment
