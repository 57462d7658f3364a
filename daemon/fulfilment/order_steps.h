#pragma once

#include <absl/container/btree_map.h>
#include <absl/functional/function_ref.h>

#include <string>
#include <utility>
#include <vector>

#include "daemon/fulfilment/order_commands.h"
#include "daemon/ledger/order_claims.h"

namespace stockd::fulfilment {

// What the moves of orders have in common. For this folder only.

// One move at work. `fulfilment` is a part of `order`.
struct Work {
  const OrderDesk& desk;
  const MoveHeader& header;
  Order& order;
  Fulfilment& fulfilment;
};

OrderRefusal Refuse(ledger::Reason reason, std::string subject = {});

// The frame around every move: recognise repetitions, find order and fulfilment, let time pass,
// see whether the move is allowed, apply, remember the answer. `apply` decides first and changes
// last: when it refuses, nothing has changed.
OrderResult RunMove(const OrderDesk& desk, const MoveHeader& header, Move move,
                    absl::FunctionRef<OrderRefusal(Work&)> apply);

// Units of a line that a move takes.
struct Selected {
  FulfilmentLine* line = nullptr;
  Quantity quantity = 0;
};
using Selection = std::vector<Selected>;

// How many units of a line a move could take.
using UnitsOf = Quantity (*)(const LineUnits&);

// The units that `lines` name, or all there are when it is empty; in the order of the fulfilment.
// kLineUnknown, kExceedsLine; also when there is nothing at all.
OrderRefusal Select(Work& work, const std::vector<MoveLine>& lines, UnitsOf available,
                    Selection& selection);

// The line of the fulfilment; null when it has none.
FulfilmentLine* FindLine(Fulfilment& fulfilment, int line);

// Where the line's claimed units stand.
PositionKey PositionOf(const Order& order, const Fulfilment& fulfilment, int line);

// Claims units for the fulfilment, in its claim or in a new one when it has none that is open.
void Claim(const OrderDesk& desk, const Order& order, Fulfilment& fulfilment,
           const std::vector<ledger::LineCommand>& lines);
// Gives units of the claim back.
void GiveBack(const OrderDesk& desk, const Fulfilment& fulfilment, PositionKey position,
              Quantity quantity);
// The claim of the fulfilment; null when it has none that is open.
ledger::Reservation* OpenClaimOf(const OrderDesk& desk, const Fulfilment& fulfilment);

// Something that the order makes happen to stock.
struct StockFact {
  ledger::EntryKind kind = ledger::EntryKind::kSale;
  int line = 0;
  PositionKey position;
  Quantity quantity = 0;  // As in ledger::Fact.
  bool from_claim = false;
};
// Whether the facts leave every figure in its range.
bool FactsFit(const OrderDesk& desk, const std::vector<StockFact>& facts);
// Records them under the daemon's own source. REQUIRES: FactsFit().
void Record(Work& work, const std::vector<StockFact>& facts);

// Tells what happened; what the fulfilment says is filled in, its location unless another is set.
void Tell(const OrderDesk& desk, const Order& order, const Fulfilment& fulfilment,
          OrderEvent event);
// An event of this move with the selected units.
OrderEvent EventOf(const Work& work, OrderEventKind kind, const Selection& selection = {});

// Where a fulfilment stands while it is being picked, by its units.
void UpdatePicking(Fulfilment& fulfilment);
// Closes the fulfilment, or lets it go on, when none of its units is in the store any more.
void CloseIfDone(const OrderDesk& desk, Fulfilment& fulfilment, Timestamp at);

// Keeps the fulfilment for the customer from now on: deadline, reminder, code.
void MakeReady(Work& work, const std::string& holding_area);

// CloseIfDone() after units that were on their way ended otherwise. The store that waited for no
// others keeps for the customer what it has.
void EndTransit(Work& work, OrderEvent event);

// Takes a slot for a fulfilment. `taken` are slots of this order that are not booked yet.
using TakenSlots = absl::btree_map<std::pair<LocationId, Timestamp>, int>;
// `slot_start` empty: the first free one. kPurposeMissing, kPickupNotPossible.
OrderRefusal CheckLocation(const OrderDesk& desk, Method method, LocationId location,
                           LocationId destination);
OrderRefusal QuoteFor(const OrderDesk& desk, LocationId location,
                      std::optional<Timestamp> slot_start, const TakenSlots& taken, Quote& quote);

}  // namespace stockd::fulfilment
