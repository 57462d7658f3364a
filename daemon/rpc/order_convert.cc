#include "daemon/rpc/order_convert.h"

#include <optional>

#include "daemon/fulfilment/order_moves.h"
#include "daemon/rpc/validate.h"
#include "daemon/sync/order_words.h"

namespace stockd::rpc {
namespace {

using sync::ToProto;

void ToProto(const fulfilment::Promise& promise, v1::Promise& proto) {
  if (promise.first) rpc::ToProto(*promise.first, *proto.mutable_first_time());
  if (promise.current) rpc::ToProto(*promise.current, *proto.mutable_current_time());
}

void ToProto(const fulfilment::Order& order, const fulfilment::Shipment& shipment,
             v1::Shipment& proto) {
  proto.set_shipment_id(shipment.id);
  proto.set_carrier(shipment.carrier);
  proto.set_service(shipment.service);
  proto.set_tracking_number(shipment.tracking_number);
  proto.set_parcels(shipment.parcels);
  proto.set_attempts(shipment.attempts);
  rpc::ToProto(shipment.shipped_at, *proto.mutable_ship_time());
  if (shipment.delivered_at) rpc::ToProto(*shipment.delivered_at, *proto.mutable_delivery_time());
  for (const fulfilment::FulfilmentLine& line : shipment.lines) {
    v1::OrderLineQuantity& out = *proto.add_lines();
    out.set_line_id(order.lines[static_cast<size_t>(line.line)].id);
    out.set_quantity(line.units.shipped);
  }
}

void ToProto(const fulfilment::Order& order, int index, const engine::Catalogue& catalogue,
             v1::OrderLine& proto) {
  const fulfilment::OrderLine& line = order.lines[static_cast<size_t>(index)];
  proto.set_line_id(line.id);
  proto.set_sku(catalogue.Sku(line.item));
  proto.set_ordered(line.ordered);
  proto.set_unit_price_micros(line.unit_price_micros);
  proto.set_currency(line.currency);
  if (line.substitutes >= 0) {
    proto.set_substitutes(order.lines[static_cast<size_t>(line.substitutes)].id);
  }
  proto.set_bundle_sku(line.bundle);
  rpc::ToProto(order.UnitsOf(index), *proto.mutable_units());
}

void ToProto(const fulfilment::Order& order, const fulfilment::Fulfilment& fulfilment,
             const engine::Catalogue& catalogue, v1::Fulfilment& proto) {
  proto.set_number(fulfilment.number);
  proto.set_method(ToProto(fulfilment.method));
  proto.set_state(ToProto(fulfilment.state));
  proto.set_location(catalogue.LocationCode(fulfilment.location));
  if (fulfilment.destination != kNoLocation) {
    proto.set_destination(catalogue.LocationCode(fulfilment.destination));
  }
  rpc::ToProto(order, fulfilment, catalogue, *proto.mutable_lines());
  const auto set = [](const std::optional<Timestamp>& time, auto mutable_field) {
    if (time) rpc::ToProto(*time, *mutable_field());
  };
  set(fulfilment.slot_start, [&] { return proto.mutable_slot_time(); });
  if (fulfilment.ready.first) ToProto(fulfilment.ready, *proto.mutable_ready_promise());
  if (fulfilment.delivery.first) ToProto(fulfilment.delivery, *proto.mutable_delivery_promise());
  set(fulfilment.picking_at, [&] { return proto.mutable_picking_time(); });
  set(fulfilment.packed_at, [&] { return proto.mutable_pack_time(); });
  set(fulfilment.shipped_at, [&] { return proto.mutable_ship_time(); });
  set(fulfilment.ready_at, [&] { return proto.mutable_ready_time(); });
  set(fulfilment.arrived_at, [&] { return proto.mutable_arrive_time(); });
  set(fulfilment.closed_at, [&] { return proto.mutable_close_time(); });
  set(fulfilment.deadline, [&] { return proto.mutable_deadline_time(); });
  proto.set_holding_area(fulfilment.holding_area);
  proto.set_reservation_id(fulfilment.claim_id);
  for (const fulfilment::Shipment& shipment : fulfilment.shipments) {
    ToProto(order, shipment, *proto.add_shipments());
  }
  for (const fulfilment::Move move : fulfilment::MovesFrom(fulfilment.method, fulfilment.state)) {
    proto.add_allowed_moves(ToProto(move));
  }
}

}  // namespace

void ToProto(const fulfilment::LineUnits& units, v1::LineUnits& proto) {
  proto.set_assigned(units.Sum());
  proto.set_claimed(units.claimed);
  proto.set_picked(units.picked);
  proto.set_missing(units.missing);
  proto.set_substituted(units.substituted);
  proto.set_shipped(units.shipped);
  proto.set_handed_over(units.handed_over);
  proto.set_delivered(units.delivered);
  proto.set_lost(units.lost);
  proto.set_returned(units.returned);
  proto.set_cancelled(units.cancelled);
}

void ToProto(const fulfilment::Order& order, const fulfilment::Fulfilment& fulfilment,
             const engine::Catalogue& catalogue,
             google::protobuf::RepeatedPtrField<v1::FulfilmentLine>& lines) {
  for (const fulfilment::FulfilmentLine& line : fulfilment.lines) {
    const fulfilment::OrderLine& of_order = order.lines[static_cast<size_t>(line.line)];
    v1::FulfilmentLine& out = *lines.Add();
    out.set_line_id(of_order.id);
    out.set_sku(catalogue.Sku(of_order.item));
    ToProto(line.units, *out.mutable_units());
  }
}

void ToProto(const fulfilment::Order& order, const engine::Catalogue& catalogue, v1::Order& proto) {
  proto.set_order_id(order.id);
  proto.set_state(ToProto(order.state()));
  proto.set_channel(catalogue.ChannelName(order.channel));
  proto.set_customer_reference(order.customer_reference);
  ToProto(order.placed_at, *proto.mutable_place_time());
  if (order.requested_for) ToProto(*order.requested_for, *proto.mutable_requested_time());
  for (size_t index = 0; index < order.lines.size(); ++index) {
    ToProto(order, static_cast<int>(index), catalogue, *proto.add_lines());
  }
  for (const fulfilment::Fulfilment& fulfilment : order.fulfilments) {
    ToProto(order, fulfilment, catalogue, *proto.add_fulfilments());
  }
  if (order.rating.nps) proto.mutable_rating()->set_nps(*order.rating.nps);
  if (order.rating.csat) proto.mutable_rating()->set_csat(*order.rating.csat);
  proto.set_version(order.version);
}

void ToProto(const fulfilment::OrderEvent& event, const sync::OrderNames& names,
             const engine::Catalogue& catalogue, v1::OrderEvent& proto) {
  proto.set_number(event.number);
  proto.set_order_id(names.id);
  proto.set_fulfilment(event.fulfilment);
  proto.set_kind(ToProto(event.kind));
  proto.set_state(ToProto(event.state));
  if (event.location != kNoLocation) proto.set_location(catalogue.LocationCode(event.location));
  ToProto(event.occurred_at, *proto.mutable_occur_time());
  ToProto(event.recorded_at, *proto.mutable_record_time());
  proto.set_reason(ToProto(event.reason));
  if (event.kind == fulfilment::OrderEventKind::kException) {
    proto.set_exception(ToProto(event.exception));
  }
  proto.set_shipment_id(event.shipment_id);
  proto.set_note(event.note);
  for (const fulfilment::EventLine& line : event.lines) {
    v1::OrderLineQuantity& out = *proto.add_lines();
    out.set_line_id(names.lines.at(static_cast<size_t>(line.line)));
    out.set_quantity(line.quantity);
  }
}

std::string ValidCode(const fulfilment::Order& order, const fulfilment::Fulfilment& fulfilment,
                      const engine::PickupCodes& codes) {
  if (fulfilment.code.digest.empty() || fulfilment::IsClosed(fulfilment.state)) return {};
  return codes.CodeOf(order.id, fulfilment.number, fulfilment.code.generation);
}

void FillCodes(const fulfilment::Order& order, const engine::PickupCodes& codes,
               google::protobuf::RepeatedPtrField<v1::PickupCode>& proto) {
  for (const fulfilment::Fulfilment& fulfilment : order.fulfilments) {
    const std::string code = ValidCode(order, fulfilment, codes);
    if (code.empty()) continue;
    v1::PickupCode& out = *proto.Add();
    out.set_fulfilment(fulfilment.number);
    out.set_code(code);
  }
}

}  // namespace stockd::rpc
