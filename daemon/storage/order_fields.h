#pragma once

#include "daemon/fulfilment/order.h"

namespace stockd::storage {

// The fields of orders, each with its name, listed once: columns and JSON are read and written by
// what is handed in as `visit(name, field)`, in this order. The names are stored.

template <typename OrderLine, typename Visit>
void VisitOrderLine(OrderLine& line, Visit&& visit) {
  visit("id", line.id);
  visit("item_id", line.item);
  visit("ordered", line.ordered);
  visit("unit_price_micros", line.unit_price_micros);
  visit("currency", line.currency);
  visit("substitutes", line.substitutes);
  visit("bundle", line.bundle);
}

// Without names: a line of a fulfilment is an array of numbers.
template <typename FulfilmentLine, typename Visit>
void VisitFulfilmentLine(FulfilmentLine& line, Visit&& visit) {
  visit(line.line);
  visit(line.units.claimed);
  visit(line.units.picked);
  visit(line.units.missing);
  visit(line.units.substituted);
  visit(line.units.shipped);
  visit(line.units.handed_over);
  visit(line.units.delivered);
  visit(line.units.lost);
  visit(line.units.returned);
  visit(line.units.cancelled);
  visit(line.written_off);
}

template <typename Shipment, typename Visit>
void VisitShipment(Shipment& shipment, Visit&& visit) {
  visit("id", shipment.id);
  visit("carrier", shipment.carrier);
  visit("service", shipment.service);
  visit("tracking_number", shipment.tracking_number);
  visit("parcels", shipment.parcels);
  visit("attempts", shipment.attempts);
  visit("shipped_at", shipment.shipped_at);
  visit("delivered_at", shipment.delivered_at);
  visit("lines", shipment.lines);
}

template <typename Fulfilment, typename Visit>
void VisitFulfilment(Fulfilment& fulfilment, Visit&& visit) {
  visit("number", fulfilment.number);
  visit("method", fulfilment.method);
  visit("state", fulfilment.state);
  visit("location_id", fulfilment.location);
  visit("destination_id", fulfilment.destination);
  visit("at_destination", fulfilment.at_destination);
  visit("claim_id", fulfilment.claim_id);
  visit("slot_start", fulfilment.slot_start);
  visit("slot_taken", fulfilment.slot_taken);
  visit("ready_first", fulfilment.ready.first);
  visit("ready_current", fulfilment.ready.current);
  visit("delivery_first", fulfilment.delivery.first);
  visit("delivery_current", fulfilment.delivery.current);
  visit("picking_at", fulfilment.picking_at);
  visit("packed_at", fulfilment.packed_at);
  visit("shipped_at", fulfilment.shipped_at);
  visit("ready_at", fulfilment.ready_at);
  visit("arrived_at", fulfilment.arrived_at);
  visit("closed_at", fulfilment.closed_at);
  visit("deadline", fulfilment.deadline);
  visit("remind_at", fulfilment.remind_at);
  visit("holding_area", fulfilment.holding_area);
  visit("code_generation", fulfilment.code.generation);
  visit("code_digest", fulfilment.code.digest);
  visit("code_wrong_tries", fulfilment.code.wrong_tries);
  visit("code_locked_until", fulfilment.code.locked_until);
  visit("lines", fulfilment.lines);
  visit("shipments", fulfilment.shipments);
}

// Without its fulfilments, which have rows of their own; without its state, which follows from
// them; and without its content, which is no text.
template <typename Order, typename Visit>
void VisitOrder(Order& order, Visit&& visit) {
  visit("number", order.number);
  visit("id", order.id);
  visit("channel_id", order.channel);
  visit("customer_reference", order.customer_reference);
  visit("placed_at", order.placed_at);
  visit("recorded_at", order.recorded_at);
  visit("requested_for", order.requested_for);
  visit("version", order.version);
  visit("nps", order.rating.nps);
  visit("csat", order.rating.csat);
  visit("lines", order.lines);
}

}  // namespace stockd::storage
