// OrderService: what is done to an order while it is picked.
#include <algorithm>
#include <vector>

#include "daemon/rpc/names.h"
#include "daemon/rpc/order_moves.h"
#include "daemon/rpc/order_service.h"
#include "daemon/rpc/short_options.h"

namespace stockd::rpc {
namespace {

using fulfilment::MoveHeader;
using fulfilment::MoveLine;
using fulfilment::OrderDesk;
using fulfilment::OrderResult;
using fulfilment::UnitReason;
using Lines = std::vector<MoveLine>;

// Lines with two quantities, checked: their sums go to `totals`, row by row.
template <typename Rows, typename First, typename Second>
grpc::Status CheckPairs(const Rows& rows, std::string_view first_field, First first,
                        std::string_view second_field, Second second,
                        sync::LineQuantities& totals) {
  if (rows.empty()) return InvalidField("lines", "needs 1 to 500 rows");
  for (int row = 0; row < rows.size(); ++row) {
    const std::string path = "lines[" + std::to_string(row) + "].";
    for (const auto& [field, quantity] :
         {std::pair(first_field, first(rows[row])), std::pair(second_field, second(rows[row]))}) {
      if (quantity < 0 || quantity > kQuantityMax) {
        return InvalidField(path + std::string(field), "is 0 to 1000000000000");
      }
    }
    v1::OrderLineQuantity& total = *totals.Add();
    total.set_line_id(rows[row].line_id());
    total.set_quantity(first(rows[row]) + second(rows[row]));
  }
  return CheckLines(totals);
}

// How units change hands when the request does not say: as they would have.
struct Handling {
  fulfilment::Method method = fulfilment::Method::kPickup;
  LocationId destination = kNoLocation;
};

Handling HandlingOf(fulfilment::OrderBook& book, const MoveHeader& header,
                    std::optional<fulfilment::Method> method, LocationId destination) {
  Handling handling{.method = method.value_or(fulfilment::Method::kPickup),
                    .destination = destination};
  const fulfilment::Order* order = book.FindOrder(header.order_id);
  if (order == nullptr || order->fulfilments.empty()) return handling;
  const fulfilment::Fulfilment* before =
      header.fulfilment == 0 ? &order->fulfilments.front() : order->Find(header.fulfilment);
  if (before == nullptr) return handling;
  if (!method) handling.method = before->method;
  if (destination == kNoLocation && handling.method == fulfilment::Method::kShipToStore) {
    handling.destination = before->destination;
  }
  return handling;
}

}  // namespace

grpc::ServerUnaryReactor* OrderService::StartPicking(grpc::CallbackServerContext* context,
                                                     const v1::StartPickingRequest* request,
                                                     v1::StartPickingResponse* response) {
  return Move(parts_, context, *request, response,
              [](const OrderDesk& desk, const MoveHeader& header) {
                return fulfilment::StartPicking(desk, header);
              });
}

grpc::ServerUnaryReactor* OrderService::RecordPick(grpc::CallbackServerContext* context,
                                                   const v1::RecordPickRequest* request,
                                                   v1::RecordPickResponse* response) {
  sync::LineQuantities totals;
  std::vector<fulfilment::PickedLine> lines;
  if (auto status = CheckPairs(
          request->lines(), "picked", [](const auto& line) { return line.picked(); }, "missing",
          [](const auto& line) { return line.missing(); }, totals);
      !status.ok()) {
    return FinishNow(context, status);
  }
  for (const v1::PickedLine& line : request->lines()) {
    fulfilment::PickedLine& picked = lines.emplace_back();
    picked.picked = line.picked();
    picked.missing = line.missing();
    if (auto status = ParseReason(line.reason(), UnitReason::kNotFound, picked.reason);
        !status.ok()) {
      return FinishNow(context, status);
    }
  }
  AskedMove asked;
  if (auto status = ParseMove(*request, asked); !status.ok()) return FinishNow(context, status);
  const int number = request->fulfilment();
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  SubmitMove(
      parts_, reactor, std::move(asked),
      [totals = std::move(totals), lines = std::move(lines)](const OrderDesk& desk,
                                                             const MoveHeader& header) mutable {
        return sync::WithLines(desk, header, totals, [&](const Lines& moves) {
          for (size_t i = 0; i < moves.size(); ++i) lines[i].line = moves[i].line;
          return fulfilment::RecordPick(desk, header, lines);
        });
      },
      [this, reactor, response, number](const fulfilment::Order& order) {
        ToProto(order, parts_.catalogue(), *response->mutable_order());
        const fulfilment::Fulfilment* part =
            number == 0 ? &order.fulfilments.front() : order.Find(number);
        const bool is_short = part != nullptr && part->Total().missing > 0;
        // The answer does not wait for advice when too many wait for it already.
        const bool is_asked =
            is_short && parts_.work.TryAdd([this, reactor, response, order, number = part->number] {
              const grpc::Status status = ReadOrExplain([&]() -> grpc::Status {
                FillShortOptions(parts_, order, number, {}, *response->mutable_options());
                return grpc::Status::OK;
              });
              // The pick is recorded, with or without it.
              if (!status.ok()) response->clear_options();
              reactor->Finish(grpc::Status::OK);
            });
        if (!is_asked) reactor->Finish(grpc::Status::OK);
      });
  return reactor;
}

grpc::ServerUnaryReactor* OrderService::UndoPick(grpc::CallbackServerContext* context,
                                                 const v1::UndoPickRequest* request,
                                                 v1::UndoPickResponse* response) {
  sync::LineQuantities totals;
  if (auto status = CheckPairs(
          request->lines(), "picked", [](const auto& line) { return line.picked(); }, "found",
          [](const auto& line) { return line.found(); }, totals);
      !status.ok()) {
    return FinishNow(context, status);
  }
  std::vector<fulfilment::UndoneLine> lines;
  for (const v1::UndoneLine& line : request->lines()) {
    lines.push_back({.picked = line.picked(), .found = line.found()});
  }
  return Move(parts_, context, *request, response,
              [totals = std::move(totals), lines = std::move(lines)](
                  const OrderDesk& desk, const MoveHeader& header) mutable {
                return sync::WithLines(desk, header, totals, [&](const Lines& moves) {
                  for (size_t i = 0; i < moves.size(); ++i) lines[i].line = moves[i].line;
                  return fulfilment::UndoPick(desk, header, lines);
                });
              });
}

grpc::ServerUnaryReactor* OrderService::SubstituteLine(grpc::CallbackServerContext* context,
                                                       const v1::SubstituteLineRequest* request,
                                                       v1::SubstituteLineResponse* response) {
  if (auto status = CheckId("line_id", request->line_id()); !status.ok()) {
    return FinishNow(context, status);
  }
  if (auto status = CheckId("substitute_line_id", request->substitute_line_id()); !status.ok()) {
    return FinishNow(context, status);
  }
  for (const auto& [field, quantity] :
       {std::pair("quantity", request->quantity()),
        std::pair("substitute_quantity", request->substitute_quantity())}) {
    if (quantity < 1 || quantity > kQuantityMax) {
      return FinishNow(context, InvalidField(field, "is 1 to 1000000000000"));
    }
  }
  if (auto status = CheckPrice("unit_price_micros", request->unit_price_micros(), "currency",
                               request->currency());
      !status.ok()) {
    return FinishNow(context, status);
  }
  fulfilment::SubstituteCommand command{
      .quantity = request->quantity(),
      .substitute = {.id = request->substitute_line_id(),
                     .unit_price_micros = request->unit_price_micros(),
                     .currency = request->currency()},
      .substitute_quantity = request->substitute_quantity()};
  if (auto status =
          FindItem(request->substitute_sku(), parts_.catalogue(), command.substitute.item);
      !status.ok()) {
    return FinishNow(context, status);
  }
  if (parts_.engine.bundles().IsBundle(command.substitute.item)) {
    return FinishNow(context, InvalidField("substitute_sku", "is a bundle; name its parts"));
  }
  sync::LineQuantities line;
  line.Add()->set_line_id(request->line_id());
  line[0].set_quantity(request->quantity());
  return Move(parts_, context, *request, response,
              [line = std::move(line), command = std::move(command)](
                  const OrderDesk& desk, const MoveHeader& header) mutable {
                return sync::WithLines(desk, header, line, [&](const Lines& moves) {
                  if (!moves.empty()) command.line = moves.front().line;
                  return fulfilment::Substitute(desk, header, command);
                });
              });
}

grpc::ServerUnaryReactor* OrderService::ReassignUnits(grpc::CallbackServerContext* context,
                                                      const v1::ReassignUnitsRequest* request,
                                                      v1::ReassignUnitsResponse* response) {
  fulfilment::ReassignCommand command;
  std::optional<fulfilment::Method> method;
  LocationId destination = kNoLocation;
  if (request->method() != v1::FULFILMENT_METHOD_UNSPECIFIED) {
    method = sync::MethodOf(request->method());
    if (!method) return FinishNow(context, InvalidField("method", "is not a method"));
  }
  if (auto status = CheckLines(request->lines()); !status.ok()) return FinishNow(context, status);
  if (auto status = ParseInstant("slot_time", request->has_slot_time(), request->slot_time(),
                                 command.slot_start);
      !status.ok()) {
    return FinishNow(context, status);
  }
  if (auto status = ParseReason(request->reason(), UnitReason::kNotFound, command.reason);
      !status.ok()) {
    return FinishNow(context, status);
  }
  if (auto status = FindLocation(request->location(), parts_.catalogue(), command.location);
      !status.ok()) {
    return FinishNow(context, status);
  }
  if (!request->destination().empty()) {
    if (auto status =
            FindLocation("destination", request->destination(), parts_.catalogue(), destination);
        !status.ok()) {
      return FinishNow(context, status);
    }
  }
  return Move(
      parts_, context, *request, response,
      [lines = request->lines(), command = std::move(command), method, destination](
          const OrderDesk& desk, const MoveHeader& header) mutable {
        return sync::WithLines(desk, header, lines, [&](const Lines& moves) -> OrderResult {
          const Handling handling = HandlingOf(desk.book, header, method, destination);
          const bool to_store = handling.method == fulfilment::Method::kShipToStore;
          if (to_store != (handling.destination != kNoLocation)) {
            return fulfilment::OrderRefusal{
                .refusal = {.reason = ledger::Reason::kFieldInvalid, .field = "destination"}};
          }
          command.lines = moves;
          command.method = handling.method;
          command.destination = handling.destination;
          return fulfilment::Reassign(desk, header, command);
        });
      });
}

grpc::ServerUnaryReactor* OrderService::FinishPicking(grpc::CallbackServerContext* context,
                                                      const v1::FinishPickingRequest* request,
                                                      v1::FinishPickingResponse* response) {
  if (auto status = CheckText("holding_area", request->holding_area(), sync::kIdBytesMax);
      !status.ok()) {
    return FinishNow(context, status);
  }
  return Move(parts_, context, *request, response,
              [area = request->holding_area()](const OrderDesk& desk, const MoveHeader& header) {
                return fulfilment::FinishPicking(desk, header, area);
              });
}

}  // namespace stockd::rpc
