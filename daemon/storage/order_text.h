#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/fulfilment/order.h"
#include "daemon/fulfilment/order_event.h"

namespace stockd::storage {

// A whole order as JSON with fixed keys in fixed order, without its content.
std::string OrderText(const fulfilment::Order& order);
// Reads what OrderText() wrote. Empty when it was not that.
std::optional<fulfilment::Order> ParseOrder(std::string_view text);

// Parts of orders that have a column of their own, and back. The functions that read say whether it
// was what the one that writes had written.
std::string ColumnText(const std::vector<fulfilment::OrderLine>& lines);
std::string ColumnText(const std::vector<fulfilment::FulfilmentLine>& lines);
std::string ColumnText(const std::vector<fulfilment::Shipment>& shipments);
bool ParseColumn(std::string_view text, std::vector<fulfilment::OrderLine>& lines);
bool ParseColumn(std::string_view text, std::vector<fulfilment::FulfilmentLine>& lines);
bool ParseColumn(std::string_view text, std::vector<fulfilment::Shipment>& shipments);

// [[line,quantity],...]
std::string ColumnText(const std::vector<fulfilment::EventLine>& lines);
bool ParseColumn(std::string_view text, std::vector<fulfilment::EventLine>& lines);

}  // namespace stockd::storage
