#include "daemon/ctl/reservation_text.h"

#include <ostream>

#include "daemon/ctl/format.h"
#include "daemon/ctl/item_units.h"
#include "daemon/ctl/table.h"

namespace stockd::ctl {
namespace {

Colour ColourOf(v1::ReservationState state) {
  if (state == v1::RESERVATION_STATE_HELD) return Colour::kGood;
  return state == v1::RESERVATION_STATE_EXPIRED ? Colour::kBad : Colour::kPlain;
}

}  // namespace

std::string StateName(v1::ReservationState state) {
  switch (state) {
    case v1::RESERVATION_STATE_HELD: return "held";
    case v1::RESERVATION_STATE_COMMITTED: return "committed";
    case v1::RESERVATION_STATE_CONSUMED: return "consumed";
    case v1::RESERVATION_STATE_RELEASED: return "released";
    case v1::RESERVATION_STATE_EXPIRED: return "expired";
    default: return "unknown";
  }
}

void PrintReservation(const Session& session, const v1::Reservation& reservation) {
  std::ostream& out = session.out;
  out << Paint(Printable(reservation.reservation_id()), Colour::kStrong, session.colours) << " is "
      << Paint(StateName(reservation.state()), ColourOf(reservation.state()), session.colours);
  if (reservation.state() == v1::RESERVATION_STATE_HELD) {
    out << " until " << FormatDeadline(reservation.expire_time(), session.now);
  }
  if (reservation.state() == v1::RESERVATION_STATE_EXPIRED) {
    out << " since " << FormatDeadline(reservation.expire_time(), session.now);
  }
  if (!reservation.order_id().empty()) out << ", order " << Printable(reservation.order_id());
  if (!reservation.channel().empty()) out << ", channel " << Printable(reservation.channel());
  if (!reservation.owner_reference().empty()) {
    out << ", owner " << Printable(reservation.owner_reference());
  }
  out << "\n";
  ItemUnits units(session);
  std::vector<std::string> skus;
  for (const v1::ReservationLine& line : reservation.lines()) skus.push_back(line.position().sku());
  units.Learn(skus);
  Table table({{"SKU"},
               {"LOCATION"},
               {"REQUESTED", Align::kRight},
               {"GRANTED", Align::kRight},
               {"HELD", Align::kRight},
               {"COMMITTED", Align::kRight},
               {"CONSUMED", Align::kRight},
               {"RELEASED", Align::kRight}});
  for (const v1::ReservationLine& line : reservation.lines()) {
    const Colour granted = line.granted() < line.requested() ? Colour::kBad : Colour::kPlain;
    const auto text = [&](int64_t quantity) {
      return units.Format(line.position().sku(), quantity);
    };
    table.Add({line.position().sku(), line.position().location(), text(line.requested()),
               Cell(text(line.granted()), granted), text(line.held()), text(line.committed()),
               text(line.consumed()), text(line.released())});
  }
  table.Print(out, session.colours);
}

}  // namespace stockd::ctl
