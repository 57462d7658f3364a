// Commands that take back, promise anew or rate.
#include <ostream>

#include "daemon/ctl/order_arguments.h"

namespace stockd::ctl {
namespace {

constexpr std::string_view kGroup = "Orders";

ExitCode RunCancel(Session& session, const Arguments& arguments) {
  v1::CancelUnitsRequest request;
  FillMove(session, arguments, request);
  AddMoveLines(arguments, request);
  request.set_reason(ReasonOf(arguments.Text("reason")));
  return FinishMove(session, session.client.Call(&OrderStub::CancelUnits, request));
}

ExitCode RunReturn(Session& session, const Arguments& arguments) {
  v1::ReturnUnitsRequest request;
  FillMove(session, arguments, request);
  AddMoveLines(arguments, request);
  request.set_location(arguments.Text("location"));
  request.set_unsellable(arguments.Has("unsellable"));
  request.set_reason(ReasonOf(arguments.Text("reason")));
  return FinishMove(session, session.client.Call(&OrderStub::ReturnUnits, request));
}

ExitCode RunCode(Session& session, const Arguments& arguments) {
  v1::ReissueCodeRequest request;
  FillMove(session, arguments, request);
  const v1::ReissueCodeResponse response = session.client.Call(&OrderStub::ReissueCode, request);
  if (session.json) return PrintJson(session, response);
  session.out << "The code is now " << Printable(response.code()) << ".\n";
  return ExitCode::kOk;
}

ExitCode RunExtend(Session& session, const Arguments& arguments) {
  v1::ExtendDeadlineRequest request;
  FillMove(session, arguments, request);
  *request.mutable_deadline_time() = ParseInstant("until", arguments.Text("until"));
  return FinishMove(session, session.client.Call(&OrderStub::ExtendDeadline, request));
}

ExitCode RunPromise(Session& session, const Arguments& arguments) {
  if (!arguments.Has("ready") && !arguments.Has("delivery")) {
    throw UsageError("give --ready, --delivery or both");
  }
  v1::RevisePromiseRequest request;
  FillMove(session, arguments, request);
  if (arguments.Has("ready")) {
    *request.mutable_promised_ready_time() = ParseInstant("ready", arguments.Text("ready"));
  }
  if (arguments.Has("delivery")) {
    *request.mutable_promised_delivery_time() =
        ParseInstant("delivery", arguments.Text("delivery"));
  }
  return FinishMove(session, session.client.Call(&OrderStub::RevisePromise, request));
}

ExitCode RunRate(Session& session, const Arguments& arguments) {
  if (!arguments.Has("nps") && !arguments.Has("csat")) {
    throw UsageError("give --nps, --csat or both");
  }
  v1::RateOrderRequest request;
  FillMove(session, arguments, request);
  if (arguments.Has("nps")) {
    request.mutable_rating()->set_nps(static_cast<int32_t>(arguments.Number("nps", 0, 10, 0)));
  }
  if (arguments.Has("csat")) {
    request.mutable_rating()->set_csat(static_cast<int32_t>(arguments.Number("csat", 1, 5, 0)));
  }
  return FinishMove(session, session.client.Call(&OrderStub::RateOrder, request));
}

}  // namespace

void AddOrderChangeCommands(std::vector<Command>& commands) {
  const Argument reason = ReasonOption("Why; default: customer.");
  commands.push_back(
      {"orders cancel", kGroup, "Cancel units that have not left: all, or those named.",
       "stockctl orders cancel web-1001\n"
       "stockctl orders cancel web-1001 2:1 --reason not-found",
       MoveArguments({OrderOperand(), MoveLinesOperand("Units; without any: all."), reason}),
       RunCancel});
  commands.push_back(
      {"orders return", kGroup, "Take units back, at any location.",
       "stockctl orders return web-1001 1:1 --location S02",
       MoveArguments({OrderOperand(),
                      MoveLinesOperand("Units; without any: all that the customer has."),
                      Required(Option("location", "LOCATION", "Where they are now.")),
                      Flag("unsellable", "They cannot be sold again."), reason}),
       RunReturn});
  commands.push_back({"orders code", kGroup, "Issue a new pick-up code; the one before is void.",
                      "stockctl orders code web-1001", MoveArguments({OrderOperand()}), RunCode});
  commands.push_back(
      {"orders extend", kGroup, "Keep an order for the customer until another instant.",
       "stockctl orders extend web-1001 --until 2026-11-30T18:00:00Z",
       MoveArguments({OrderOperand(), Required(Option("until", "INSTANT", "Kept until then."))}),
       RunExtend});
  commands.push_back({"orders promise", kGroup,
                      "Change what is promised; the first promise stays beside it.",
                      "stockctl orders promise web-1001 --ready 2026-11-22T18:00:00Z",
                      MoveArguments({OrderOperand(), Option("ready", "INSTANT", "Ready then."),
                                     Option("delivery", "INSTANT", "With the customer then.")}),
                      RunPromise});
  commands.push_back(
      {"orders rate",
       kGroup,
       "Record the customer's answers.",
       "stockctl orders rate web-1001 --nps 9 --csat 5",
       {OrderOperand(), Option("nps", "0-10", "How likely to recommend."),
        Option("csat", "1-5", "How satisfied."), Option("at", "INSTANT", "When; default: now."),
        Option("note", "TEXT", "For people."),
        Option("request-id", "ID", "Repeats a call that timed out.")},
       RunRate});
}

}  // namespace stockd::ctl
