// Commands that change and end reservations. Each carries a request id, so that it can be repeated
// without being done twice.
#include <ostream>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/item_units.h"
#include "daemon/ctl/reservation_text.h"
#include "stockd/v1/reservation_service.grpc.pb.h"

namespace stockd::ctl {
namespace {

using Stub = v1::ReservationService::Stub;

template <typename Response>
ExitCode Finish(const Session& session, const Response& response) {
  if (session.json) return PrintJson(session, response);
  PrintReservation(session, response.reservation());
  return ExitCode::kOk;
}

template <typename Request>
void AddLines(const Session& session, const Arguments& arguments, int64_t quantity_min,
              Request& request) {
  ItemUnits units(session);
  for (const std::string& line : arguments.Texts("lines")) {
    *request.add_lines() = units.ParseLine(line, quantity_min);
  }
}

ExitCode RunExtend(Session& session, const Arguments& arguments) {
  v1::ExtendReservationRequest request;
  request.set_reservation_id(arguments.Text("id"));
  *request.mutable_ttl() = ToProto(arguments.DurationOf("ttl").value_or(Duration::zero()));
  request.set_request_id(RequestIdOf(session, arguments));
  return Finish(session, session.client.Call(&Stub::ExtendReservation, request));
}

ExitCode RunChange(Session& session, const Arguments& arguments) {
  v1::ChangeReservationRequest request;
  request.set_reservation_id(arguments.Text("id"));
  AddLines(session, arguments, 0, request);
  request.set_request_id(RequestIdOf(session, arguments));
  return Finish(session, session.client.Call(&Stub::ChangeReservation, request));
}

ExitCode RunMove(Session& session, const Arguments& arguments) {
  v1::MoveReservationRequest request;
  request.set_reservation_id(arguments.Text("id"));
  v1::LineMove& move = *request.add_moves();
  move.set_sku(arguments.Text("sku"));
  move.set_from_location(arguments.Text("from"));
  move.set_to_location(arguments.Text("to"));
  move.set_quantity(arguments.Number("quantity", 1, 1'000'000'000'000, 0));
  request.set_request_id(RequestIdOf(session, arguments));
  return Finish(session, session.client.Call(&Stub::MoveReservation, request));
}

ExitCode RunCommit(Session& session, const Arguments& arguments) {
  v1::CommitReservationRequest request;
  request.set_reservation_id(arguments.Text("id"));
  request.set_order_id(arguments.Text("order"));
  AddLines(session, arguments, 1, request);
  request.set_remainder(arguments.Has("keep-rest") ? v1::REMAINDER_KEEP : v1::REMAINDER_RELEASE);
  request.set_request_id(RequestIdOf(session, arguments));
  return Finish(session, session.client.Call(&Stub::CommitReservation, request));
}

ExitCode RunRelease(Session& session, const Arguments& arguments) {
  v1::ReleaseReservationRequest request;
  request.set_reservation_id(arguments.Text("id"));
  AddLines(session, arguments, 1, request);
  request.set_request_id(RequestIdOf(session, arguments));
  return Finish(session, session.client.Call(&Stub::ReleaseReservation, request));
}

}  // namespace

void AddReservationChangeCommands(std::vector<Command>& commands) {
  const Argument id = Operand("id", "ID", "The reservation.");
  const Argument request_id =
      Option("request-id", "ID", "Repeats a call that timed out; default: a new id, printed.");
  commands.push_back({"extend",
                      "Reservations",
                      "Give held units a new deadline, counted from now.",
                      "stockctl extend basket-17 --ttl 30m",
                      {id, Required(Option("ttl", "DURATION", "From 1ms to 90d.")), request_id},
                      RunExtend});
  commands.push_back(
      {"change",
       "Reservations",
       "Replace the list of held units; what stays is held throughout.",
       "stockctl change basket-17 MUG-1@S01:3",
       {id, Operands("lines", "SKU@LOCATION:QUANTITY", "All that shall be held; 0 gives back."),
        request_id},
       RunChange});
  commands.push_back(
      {"move",
       "Reservations",
       "Move held units to another location, without letting go of them.",
       "stockctl move basket-17 MUG-1 S01 S02 1",
       {id, Operand("sku", "SKU", "The item."), Operand("from", "FROM", "Where it is held now."),
        Operand("to", "TO", "Where it shall be held."),
        OptionalOperand("quantity", "QUANTITY", "Units; without it: all."), request_id},
       RunMove});
  commands.push_back(
      {"commit",
       "Reservations",
       "Turn held units into an order's, without a deadline.",
       "stockctl commit basket-17 --order O-2041",
       {id, OptionalOperands("lines", "SKU@LOCATION:QUANTITY", "Units; without any: all."),
        Required(Option("order", "ORDER", "The order the units are for.")),
        Flag("keep-rest", "Keep what is not named held instead of giving it back."), request_id},
       RunCommit});
  commands.push_back(
      {"release",
       "Reservations",
       "Give units back: all, or the lines named.",
       "stockctl release basket-17",
       {id, OptionalOperands("lines", "SKU@LOCATION:QUANTITY", "Units; without any: all."),
        request_id},
       RunRelease});
}

}  // namespace stockd::ctl
