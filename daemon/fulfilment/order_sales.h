#pragma once

#include "daemon/fulfilment/order_commands.h"

namespace stockd::fulfilment {

// A till has told a sale of units of the fulfilment's claim, which the ledger has just taken out of
// it: picked ones first, then unpicked ones, are handed over (or shipped, if nobody collects them).
// REQUIRES: the claim had `quantity` units at the position before, and has them no more; `order` is
// in the book and `fulfilment` a part of it.
void NoteSale(const OrderDesk& desk, Order& order, Fulfilment& fulfilment, PositionKey position,
              Quantity quantity, Timestamp occurred_at);

}  // namespace stockd::fulfilment
