// What the commands about orders have in common: arguments, and how their words become requests.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/format.h"
#include "daemon/ctl/order_text.h"
#include "stockd/v1/order_service.grpc.pb.h"

namespace stockd::ctl {

using OrderStub = v1::OrderService::Stub;

Argument OrderOperand();
// "LINE:UNITS" of the order; `help` says what none means.
Argument MoveLinesOperand(std::string_view help);
Argument ReasonOption(std::string_view help);
// Those of every move, behind the command's own: --fulfilment, --at, --note, --request-id.
std::vector<Argument> MoveArguments(std::vector<Argument> own);

// "LINE:UNITS", with the last ':'; UNITS may be left out and is 1 then. Throws UsageError.
v1::OrderLineQuantity ParseMoveLine(std::string_view text);

// "[LINE=]SKU:UNITS[*PRICE]"; a line without a name is called by its number. Throws UsageError.
v1::OrderLineRequest ParseOrderLine(std::string_view text, int number, std::string_view currency);

// RFC 3339. Throws UsageError.
google::protobuf::Timestamp ParseInstant(std::string_view name, std::string_view text);

template <typename Request>
void AddMoveLines(const Arguments& arguments, Request& request) {
  for (const std::string& line : arguments.Texts("lines")) {
    *request.add_lines() = ParseMoveLine(line);
  }
}

// Fills in what every move has.
template <typename Request>
void FillMove(const Session& session, const Arguments& arguments, Request& request) {
  request.set_order_id(arguments.Text("id"));
  if constexpr (requires { request.set_fulfilment(0); }) {
    request.set_fulfilment(static_cast<int32_t>(arguments.Number("fulfilment", 1, 50, 0)));
  }
  if (arguments.Has("at")) *request.mutable_occur_time() = ParseInstant("at", arguments.Text("at"));
  request.set_note(arguments.Text("note"));
  request.set_request_id(RequestIdOf(session, arguments));
}

// Shows the order after a move.
template <typename Response>
ExitCode FinishMove(const Session& session, const Response& response) {
  if (session.json) return PrintJson(session, response);
  PrintOrder(session, response.order());
  return ExitCode::kOk;
}

}  // namespace stockd::ctl
