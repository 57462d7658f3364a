// Commands that make and show reservations.
#include <limits>
#include <ostream>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/item_units.h"
#include "daemon/ctl/reservation_text.h"
#include "daemon/ctl/table.h"
#include "stockd/v1/reservation_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::ReservationService::Stub;

ExitCode RunReserve(Session& session, const Arguments& arguments) {
  v1::CreateReservationRequest request;
  request.set_reservation_id(arguments.Text("id"));
  ItemUnits units(session);
  for (const std::string& line : arguments.Texts("lines"))
    *request.add_lines() = units.ParseLine(line, 1);
  request.set_channel(arguments.Text("channel"));
  request.set_allow_partial(arguments.Has("partial"));
  request.set_owner_reference(arguments.Text("owner"));
  const std::optional<Duration> ttl = arguments.DurationOf("ttl");
  if (ttl) *request.mutable_ttl() = ToProto(*ttl);
  const v1::CreateReservationResponse response =
      session.client.Call(&Stub::CreateReservation, request);
  if (session.json) return PrintJson(session, response);
  PrintReservation(session, response.reservation());
  return ExitCode::kOk;
}

ExitCode RunReservation(Session& session, const Arguments& arguments) {
  v1::GetReservationRequest request;
  request.set_reservation_id(arguments.Text("id"));
  const v1::GetReservationResponse response = session.client.Call(&Stub::GetReservation, request);
  if (session.json) return PrintJson(session, response);
  PrintReservation(session, response.reservation());
  return ExitCode::kOk;
}

v1::ReservationState StateOf(const std::string& name) {
  for (int number = v1::ReservationState_MIN; number <= v1::ReservationState_MAX; ++number) {
    const auto state = static_cast<v1::ReservationState>(number);
    if (StateName(state) == name) return state;
  }
  return v1::RESERVATION_STATE_UNSPECIFIED;
}

struct Units {
  int64_t held = 0;
  int64_t committed = 0;
};

Units UnitsOf(const v1::Reservation& reservation) {
  Units units;
  for (const v1::ReservationLine& line : reservation.lines()) {
    units.held += line.held();
    units.committed += line.committed();
  }
  return units;
}

ExitCode RunReservations(Session& session, const Arguments& arguments) {
  v1::ListReservationsRequest request;
  request.set_state(StateOf(arguments.Text("state")));
  request.set_owner_reference(arguments.Text("owner"));
  const v1::ListReservationsResponse response = session.client.CallPages(
      &Stub::ListReservations, &v1::ListReservationsResponse::mutable_reservations, request,
      LimitOf(arguments));
  if (session.json) return PrintJson(session, response);
  if (response.reservations().empty()) {
    session.out << "There is no such reservation.\n";
    return ExitCode::kOk;
  }
  Table table({{"RESERVATION"},
               {"STATE"},
               {"LINES", Align::kRight},
               {"HELD", Align::kRight},
               {"COMMITTED", Align::kRight},
               {"DEADLINE"},
               {"CHANNEL"},
               {"ORDER"},
               {"OWNER"},
               {"GRANTED"}});
  for (const v1::Reservation& reservation : response.reservations()) {
    const bool held = reservation.state() == v1::RESERVATION_STATE_HELD;
    const Units units = UnitsOf(reservation);
    table.Add({reservation.reservation_id(), StateName(reservation.state()),
               int64_t{reservation.lines_size()}, units.held, units.committed,
               held ? FormatDeadline(reservation.expire_time(), session.now) : "",
               reservation.channel(), reservation.order_id(), reservation.owner_reference(),
               FormatSecond(reservation.create_time())});
  }
  table.Print(session.out, session.colours);
  NoteIfMore(session, response.next_page_token());
  return ExitCode::kOk;
}

}  // namespace

void AddReservationCommands(std::vector<Command>& commands) {
  Argument state = Option("state", "STATE", "Only those in this state.");
  state.choices = {"held", "committed", "consumed", "released", "expired"};
  commands.push_back(
      {"reserve",
       "Reservations",
       "Hold units until a deadline: all lines or none.",
       "stockctl reserve basket-17 MUG-1@S01:2 TEA-3@S01:1 --ttl 20m --channel web",
       {Operand("id", "ID", "Your own id: the same call again gets the same answer."),
        Operands("lines", "SKU@LOCATION:QUANTITY",
                 "What to hold, and where. A quantity with a decimal point is in the item's unit, "
                 "one without in its smallest."),
        Option("ttl", "DURATION", "How long, from 1ms to 90d; default: the daemon's."),
        Option("channel", "CHANNEL", "The channel it is for: its buffer is respected."),
        Flag("partial", "Take what there is instead of nothing."),
        Option("owner", "TEXT", "Your opaque reference to the customer or basket.")},
       RunReserve});
  commands.push_back({"reservation",
                      "Reservations",
                      "Show one reservation.",
                      "stockctl reservation basket-17",
                      {Operand("id", "ID", "The reservation.")},
                      RunReservation});
  commands.push_back(
      {"reservations",
       "Reservations",
       "List reservations, oldest first.",
       "stockctl reservations --state held",
       {state, Option("owner", "TEXT", "Only those with this reference."), LimitOption()},
       RunReservations});
}

}  // namespace stockd::ctl
