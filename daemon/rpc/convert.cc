#include "daemon/rpc/convert.h"

#include "daemon/rpc/validate.h"

namespace stockd::rpc {

v1::ReservationState ToProto(ledger::ReservationState state) {
  switch (state) {
    case ledger::ReservationState::kHeld: return v1::RESERVATION_STATE_HELD;
    case ledger::ReservationState::kCommitted: return v1::RESERVATION_STATE_COMMITTED;
    case ledger::ReservationState::kConsumed: return v1::RESERVATION_STATE_CONSUMED;
    case ledger::ReservationState::kReleased: return v1::RESERVATION_STATE_RELEASED;
    case ledger::ReservationState::kExpired: return v1::RESERVATION_STATE_EXPIRED;
  }
  return v1::RESERVATION_STATE_UNSPECIFIED;
}

void ToProto(const ledger::Reservation& reservation, const engine::Catalogue& catalogue,
             v1::Reservation& proto) {
  proto.set_reservation_id(reservation.id);
  proto.set_state(ToProto(reservation.state));
  for (const ledger::ReservationLine& line : reservation.lines) {
    v1::ReservationLine& out = *proto.add_lines();
    out.mutable_position()->set_sku(catalogue.Sku(line.position.item));
    out.mutable_position()->set_location(catalogue.LocationCode(line.position.location));
    out.set_requested(line.requested);
    out.set_granted(line.granted);
    out.set_held(line.held);
    out.set_committed(line.committed);
    out.set_consumed(line.consumed);
    out.set_released(line.released());
  }
  proto.set_channel(catalogue.ChannelName(reservation.channel));
  ToProto(reservation.created_at, *proto.mutable_create_time());
  ToProto(reservation.expires_at, *proto.mutable_expire_time());
  proto.set_order_id(reservation.order_id);
  proto.set_owner_reference(reservation.owner_reference);
  proto.set_version(reservation.version);
}

void ToProto(const engine::Level& level, const engine::Engine& engine, v1::Availability& proto) {
  proto.set_sku(engine.catalogue().Sku(level.position.item));
  proto.set_location(engine.catalogue().LocationCode(level.position.location));
  proto.set_available(level.available);
  v1::Quantities& quantities = *proto.mutable_quantities();
  quantities.set_on_hand(level.on_hand);
  quantities.set_reserved(level.reserved);
  quantities.set_committed(level.committed);
  quantities.set_safety_stock(level.safety_stock);
  quantities.set_unsellable(level.unsellable);
  quantities.set_incoming(engine.supplies().Incoming(level.position));
  proto.set_buffer(level.buffer);
  proto.set_version(level.version);
  proto.set_ranged(level.ranged);
}

}  // namespace stockd::rpc
