#pragma once

#include <string>

#include "daemon/fulfilment/order.h"
#include "daemon/fulfilment/order_event.h"
#include "daemon/storage/connection.h"

namespace stockd::storage {

// The rows of an order. Functions that read return whether the row is whole; a false one is damage,
// or another program's writing.

// Columns of the table sales_order, in the order in which ReadOrder() reads them.
const std::string& OrderColumns();
// Without its fulfilments.
bool ReadOrder(const Statement& row, fulfilment::Order& order);

// Columns of the table fulfilment, the first of which is the order's number.
const std::string& FulfilmentColumns();
bool ReadFulfilment(const Statement& row, fulfilment::Fulfilment& fulfilment);

// The fulfilments of the order with this number, in their order.
std::string FindFulfilmentsSql();

// Statements that insert a row, and what they are bound with.
std::string InsertOrderSql();
void BindNewOrder(Statement& statement, const fulfilment::Order& order);
std::string UpdateOrderSql();
void BindChangedOrder(Statement& statement, const fulfilment::Order& order);
std::string SaveFulfilmentSql();
void BindFulfilment(Statement& statement, uint64_t order_number,
                    const fulfilment::Fulfilment& fulfilment);

inline constexpr char kOrderEventColumns[] =
    "number, order_number, fulfilment, kind, state, location_id, occurred_at, recorded_at, reason, "
    "exception, shipment_id, note, lines";
bool ReadOrderEvent(const Statement& row, fulfilment::OrderEvent& event);
void BindOrderEvent(Statement& statement, const fulfilment::OrderEvent& event);

}  // namespace stockd::storage
