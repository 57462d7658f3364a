// Commands about how units leave, and what becomes of them on the way.
#include <ostream>

#include "daemon/ctl/order_arguments.h"

namespace stockd::ctl {
namespace {

constexpr std::string_view kGroup = "Orders on their way";

ExitCode RunShip(Session& session, const Arguments& arguments) {
  v1::ShipUnitsRequest request;
  FillMove(session, arguments, request);
  AddMoveLines(arguments, request);
  v1::Shipment& shipment = *request.mutable_shipment();
  shipment.set_shipment_id(arguments.Text("shipment"));
  shipment.set_carrier(arguments.Text("carrier"));
  shipment.set_service(arguments.Text("service"));
  shipment.set_tracking_number(arguments.Text("tracking"));
  shipment.set_parcels(static_cast<int32_t>(arguments.Number("parcels", 1, 10'000, 0)));
  return FinishMove(session, session.client.Call(&OrderStub::ShipUnits, request));
}

ExitCode RunReceive(Session& session, const Arguments& arguments) {
  v1::ReceiveAtStoreRequest request;
  FillMove(session, arguments, request);
  AddMoveLines(arguments, request);
  request.set_holding_area(arguments.Text("area"));
  return FinishMove(session, session.client.Call(&OrderStub::ReceiveAtStore, request));
}

ExitCode RunArrived(Session& session, const Arguments& arguments) {
  v1::RecordArrivalRequest request;
  FillMove(session, arguments, request);
  return FinishMove(session, session.client.Call(&OrderStub::RecordArrival, request));
}

ExitCode RunHandOver(Session& session, const Arguments& arguments) {
  if (arguments.Has("code") == arguments.Has("without-code")) {
    throw UsageError("give the customer's --code, or --without-code with a --note that says why");
  }
  v1::HandOverRequest request;
  FillMove(session, arguments, request);
  request.set_code(arguments.Text("code"));
  request.set_without_code(arguments.Has("without-code"));
  AddMoveLines(arguments, request);
  return FinishMove(session, session.client.Call(&OrderStub::HandOver, request));
}

ExitCode RunAttempt(Session& session, const Arguments& arguments) {
  v1::RecordAttemptRequest request;
  FillMove(session, arguments, request);
  request.set_shipment_id(arguments.Text("shipment"));
  return FinishMove(session, session.client.Call(&OrderStub::RecordAttempt, request));
}

ExitCode RunDelivered(Session& session, const Arguments& arguments) {
  v1::RecordDeliveryRequest request;
  FillMove(session, arguments, request);
  request.set_shipment_id(arguments.Text("shipment"));
  AddMoveLines(arguments, request);
  return FinishMove(session, session.client.Call(&OrderStub::RecordDelivery, request));
}

ExitCode RunException(Session& session, const Arguments& arguments) {
  v1::RecordExceptionRequest request;
  FillMove(session, arguments, request);
  request.set_kind(ExceptionOf(arguments.Text("kind")));
  request.set_shipment_id(arguments.Text("shipment"));
  AddMoveLines(arguments, request);
  return FinishMove(session, session.client.Call(&OrderStub::RecordException, request));
}

}  // namespace

void AddOrderDeliveryCommands(std::vector<Command>& commands) {
  const Argument shipment = Option("shipment", "ID", "The shipment.");
  Argument kind = Operand("kind", "KIND", "What went wrong.");
  kind.choices = ExceptionWords();
  commands.push_back(
      {"orders ship", kGroup, "Say that the carrier took it.",
       "stockctl orders ship web-1002 --shipment P-77 --carrier dhl --tracking 00340434",
       MoveArguments({OrderOperand(), MoveLinesOperand("Units; without any: all that is picked."),
                      Required(Option("shipment", "ID", "Your own id of the shipment.")),
                      Option("carrier", "NAME", "The carrier."),
                      Option("service", "NAME", "Its service, for example next-day."),
                      Option("tracking", "NUMBER", "Its tracking number."),
                      Option("parcels", "N", "Parcels; default 1.")}),
       RunShip});
  commands.push_back(
      {"orders receive", kGroup, "Say that units arrived at the store that hands them over.",
       "stockctl orders receive web-1002 --area \"shelf 3\"",
       MoveArguments({OrderOperand(), MoveLinesOperand("Units; without any: all that was sent."),
                      Option("area", "TEXT", "Where they are kept.")}),
       RunReceive});
  commands.push_back({"orders arrived", kGroup, "Say that the customer is at the counter.",
                      "stockctl orders arrived web-1001", MoveArguments({OrderOperand()}),
                      RunArrived});
  commands.push_back(
      {"orders hand-over", kGroup, "Give units to the customer who shows the code.",
       "stockctl orders hand-over web-1001 --code 402118\n"
       "stockctl orders hand-over web-1001 --without-code --note \"showed her passport\"",
       MoveArguments({OrderOperand(), MoveLinesOperand("Units; without any: all that is there."),
                      Option("code", "CODE", "What the customer shows."),
                      Flag("without-code", "Somebody vouches for the customer; needs --note.")}),
       RunHandOver});
  commands.push_back({"orders attempt", kGroup, "Say that the carrier did not find the customer.",
                      "stockctl orders attempt web-1003 --shipment P-77",
                      MoveArguments({OrderOperand(), shipment}), RunAttempt});
  commands.push_back(
      {"orders delivered", kGroup, "Say that the customer has the units.",
       "stockctl orders delivered web-1003 --shipment P-77",
       MoveArguments({OrderOperand(),
                      MoveLinesOperand("Units; without any: all that is on its way."), shipment}),
       RunDelivered});
  commands.push_back(
      {"orders exception", kGroup,
       "Record what went wrong on the way; lost ends the units that are on their way.",
       "stockctl orders exception web-1003 damaged 1:1 --note \"box crushed\"",
       MoveArguments({OrderOperand(), kind, MoveLinesOperand("The units it is about."), shipment}),
       RunException});
}

}  // namespace stockd::ctl
