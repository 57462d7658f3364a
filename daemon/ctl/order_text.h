// Orders as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ctl/command.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/order_service.pb.h"

namespace stockd::ctl {

// "customer-waiting", "ship-to-store", "not-found": the words of the contract, as they are typed
// and shown. Empty for "unspecified".
std::string Word(v1::OrderState state);
std::string Word(v1::FulfilmentMethod method);
std::string Word(v1::UnitReason reason);
std::string Word(v1::DeliveryExceptionKind kind);
std::string Word(v1::OrderEventKind kind);
std::string Word(v1::OrderMove move);
std::string Word(v1::PickupObstacle obstacle);

// The value with this word; the unspecified one when there is none.
v1::OrderState StateOf(std::string_view word);
v1::FulfilmentMethod MethodOf(std::string_view word);
v1::UnitReason ReasonOf(std::string_view word);
v1::DeliveryExceptionKind ExceptionOf(std::string_view word);

// All words of a kind, as the choices of an argument.
const std::vector<std::string_view>& StateWords();
const std::vector<std::string_view>& MethodWords();
const std::vector<std::string_view>& ReasonWords();
const std::vector<std::string_view>& ExceptionWords();

Cell StateCell(v1::OrderState state);

// "2 of line 1, 1 of line 2".
std::string LinesText(const google::protobuf::RepeatedPtrField<v1::OrderLineQuantity>& lines);

// One event as a sentence, without its time: "S01 has it ready; kept until ...".
std::string EventText(const v1::OrderEvent& event);

// The order: what it is, where each unit is, and where each fulfilment stands.
void PrintOrder(const Session& session, const v1::Order& order);

// Orders in a table, one row each.
void PrintOrders(const Session& session,
                 const google::protobuf::RepeatedPtrField<v1::Order>& orders);

// One line of a timeline.
void PrintEvent(const Session& session, const v1::OrderEvent& event);

// What can be done about missing units.
void PrintShortOptions(const Session& session,
                       const google::protobuf::RepeatedPtrField<v1::ShortOptions>& options);

// Where a cart can be collected.
void PrintQuotes(const Session& session,
                 const google::protobuf::RepeatedPtrField<v1::PickupQuote>& quotes);

}  // namespace stockd::ctl
