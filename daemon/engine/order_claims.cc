#include "daemon/engine/order_claims.h"

#include <algorithm>

#include "daemon/fulfilment/order_sales.h"
#include "daemon/ledger/order_claims.h"

namespace stockd::engine {
namespace {

// The part of an order whose claim has units at the position; of all parts, unless the sale names
// one of the claims.
fulfilment::Fulfilment* FindClaimed(UnitOfWork& unit, fulfilment::Order& order,
                                    const ledger::Fact& sale) {
  const bool by_claim = unit.FindOrderOfClaim(sale.reservation_id) != nullptr;
  const auto found =
      std::ranges::find_if(order.fulfilments, [&](const fulfilment::Fulfilment& fulfilment) {
        if (fulfilment.claim_id.empty()) return false;
        if (by_claim && fulfilment.claim_id != sale.reservation_id) return false;
        const ledger::Reservation* claim = unit.FindReservation(fulfilment.claim_id);
        return claim != nullptr && ledger::OpenUnits(*claim, sale.position) > 0;
      });
  return found == order.fulfilments.end() ? nullptr : &*found;
}

// The order that a sale names, by its claim or by its own id.
fulfilment::Order* FindSold(UnitOfWork& unit, std::string_view reservation_id) {
  if (fulfilment::Order* order = unit.FindOrderOfClaim(reservation_id)) return order;
  if (unit.FindReservation(reservation_id) != nullptr) return nullptr;
  return unit.orders().FindOrder(reservation_id);
}

}  // namespace

bool IsOrderClaim(UnitOfWork& unit, std::string_view reservation_id) {
  return unit.FindOrderOfClaim(reservation_id) != nullptr;
}

ledger::FactOutcome ApplyFactWithOrders(UnitOfWork& unit, const ledger::Fact& fact,
                                        const ledger::FactLimits& limits, ledger::LateFacts late) {
  if (fact.kind != ledger::EntryKind::kSale || fact.reservation_id.empty()) {
    return ledger::ApplyFact(unit, fact, limits, late);
  }
  fulfilment::Order* order = FindSold(unit, fact.reservation_id);
  if (order == nullptr) return ledger::ApplyFact(unit, fact, limits, late);
  const fulfilment::OrderDesk desk = unit.order_desk();
  // What ends by itself has ended before the sale, for the order as for its claim.
  fulfilment::SettleDue(desk, *order);
  fulfilment::Fulfilment* fulfilment = FindClaimed(unit, *order, fact);
  if (fulfilment == nullptr) return ledger::ApplyFact(unit, fact, limits, late);
  ledger::Fact sale = fact;
  sale.reservation_id = fulfilment->claim_id;
  const ledger::Reservation& claim = *unit.FindReservation(fulfilment->claim_id);
  const Quantity before = ledger::OpenUnits(claim, fact.position);
  const ledger::FactOutcome outcome = ledger::ApplyFact(unit, sale, limits, late);
  const Quantity sold = before - ledger::OpenUnits(claim, fact.position);
  if (sold > 0) {
    fulfilment::NoteSale(desk, *order, *fulfilment, fact.position, sold, fact.occurred_at);
  }
  return outcome;
}

}  // namespace stockd::engine
