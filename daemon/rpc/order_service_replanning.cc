// OrderService: letting the planner choose who takes over.
//
// A plan is made on a thread of its own from what stands everywhere at that moment, then carried
// out whole by the writer or not at all.
#include <memory>
#include <utility>
#include <variant>

#include "daemon/fulfilment/reassign_all.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/order_moves.h"
#include "daemon/rpc/order_planning.h"
#include "daemon/rpc/order_service.h"

namespace stockd::rpc {
namespace {

using fulfilment::OrderRefusal;
using fulfilment::OrderResult;
using fulfilment::SourcingOutcome;
using fulfilment::SourcingPlan;
using fulfilment::UnitReason;
using ledger::Reason;

// A fulfilment that is being planned anew.
struct Replan {
  AskedMove asked;
  sync::LineQuantities lines;
  std::optional<fulfilment::Method> method;
  LocationId destination = kNoLocation;
  UnitReason reason = UnitReason::kNotFound;
  PlanWish wish;
  int plans = 0;
  grpc::ServerUnaryReactor* reactor = nullptr;
  v1::ReplanFulfilmentResponse* response = nullptr;
};

grpc::Status ParseReplan(const v1::ReplanFulfilmentRequest& request,
                         const engine::Catalogue& catalogue, Replan& replan) {
  if (auto status = ParseMove(request, replan.asked); !status.ok()) return status;
  if (const auto fault = sync::FindFault(request.lines(), fulfilment::kCartLinesMax)) {
    return ToStatus(*fault);
  }
  if (auto status = ParseParcels(request.parcels_max(), replan.wish.parcels_max); !status.ok()) {
    return status;
  }
  if (auto status = ParseReason(request.reason(), UnitReason::kNotFound, replan.reason);
      !status.ok()) {
    return status;
  }
  if (request.method() != v1::FULFILMENT_METHOD_UNSPECIFIED) {
    replan.method = sync::MethodOf(request.method());
    if (replan.method != fulfilment::Method::kShip &&
        replan.method != fulfilment::Method::kShipToStore) {
      return InvalidField("method", "is SHIP or SHIP_TO_STORE");
    }
  }
  if (!request.destination().empty()) {
    if (auto status =
            FindLocation("destination", request.destination(), catalogue, replan.destination);
        !status.ok()) {
      return status;
    }
  }
  if (auto status = FindLocations("exclude_locations", request.exclude_locations(), catalogue,
                                  replan.wish.exclude);
      !status.ok()) {
    return status;
  }
  replan.lines = request.lines();
  return grpc::Status::OK;
}

// The units that are to be planned anew, by their places in the order.
std::vector<fulfilment::MoveLine> LinesOf(const Replan& replan, const fulfilment::Order& order,
                                          const fulfilment::Fulfilment& part) {
  std::vector<fulfilment::MoveLine> lines;
  for (const v1::OrderLineQuantity& line : replan.lines) {
    lines.push_back({.line = order.LineIndex(line.line_id()), .quantity = line.quantity()});
  }
  if (!lines.empty()) return lines;
  for (const fulfilment::FulfilmentLine& line : part.lines) {
    const Quantity quantity = line.units.missing + line.units.claimed;
    if (quantity > 0) lines.push_back({.line = line.line, .quantity = quantity});
  }
  return lines;
}

// What a plan needs to know of the order. Units that customers would have collected are sent to the
// store where they would have been.
void Prepare(const engine::Catalogue& catalogue, const fulfilment::Order& order,
             const fulfilment::Fulfilment& part, const std::vector<fulfilment::MoveLine>& lines,
             Replan& replan) {
  const bool collected = fulfilment::IsCollected(part.method);
  if (!replan.method) {
    replan.method = collected ? fulfilment::Method::kShipToStore : fulfilment::Method::kShip;
  }
  if (replan.method == fulfilment::Method::kShipToStore && replan.destination == kNoLocation &&
      collected) {
    replan.destination =
        part.method == fulfilment::Method::kShipToStore ? part.destination : part.location;
  }
  std::vector<fulfilment::CartLine> cart;
  for (const fulfilment::MoveLine& line : lines) {
    cart.push_back(
        {.item = order.lines[static_cast<size_t>(line.line)].item, .quantity = line.quantity});
  }
  replan.wish.cart = fulfilment::AddUp(cart);
  replan.wish.channel = order.channel;
  replan.wish.exclude.insert(part.location);
  // What is sent to a store does not come from it.
  if (replan.destination != kNoLocation) replan.wish.exclude.insert(replan.destination);
  replan.wish.has_parcel = ParcelsOf(order);
  const LocationId to = replan.destination != kNoLocation ? replan.destination : part.location;
  if (const auto location = catalogue.Location(to)) replan.wish.near = CoordinateOf(*location);
}

void AnswerReplan(OrderParts& parts, const Replan& replan, const OrderResult& result) {
  if (const auto* refusal = std::get_if<OrderRefusal>(&result)) {
    replan.reactor->Finish(rpc::ToStatus(
        *refusal,
        {.order_id = replan.asked.header.order_id, .request_id = replan.asked.header.request_id},
        parts.catalogue()));
  } else {
    ToProto(std::get<fulfilment::Order>(result), parts.catalogue(),
            *replan.response->mutable_order());
    replan.reactor->Finish(grpc::Status::OK);
  }
}

void PlanAnew(OrderParts& parts, std::shared_ptr<Replan> replan);

// Carries the plan out, whole or not at all.
void SubmitReplan(OrderParts& parts, std::shared_ptr<Replan> replan,
                  std::vector<fulfilment::ReassignCommand> commands) {
  SubmitMoveThen(
      parts, replan->reactor, replan->asked,
      [commands = std::move(commands)](const fulfilment::OrderDesk& desk,
                                       const fulfilment::MoveHeader& header) {
        return fulfilment::ReassignAll(desk, header, commands);
      },
      [&parts, replan](OrderResult&& result) {
        const auto* refusal = std::get_if<OrderRefusal>(&result);
        // A line that has fewer units than planned for has changed since the plan was made.
        const bool again =
            refusal != nullptr && replan->plans < kPlansMax &&
            (MayReplan(*refusal, replan->wish) ||
             (refusal->refusal.reason == Reason::kExceedsLine && replan->lines.empty())) &&
            parts.work.TryAdd([&parts, replan] { PlanAnew(parts, replan); });
        if (!again) AnswerReplan(parts, *replan, result);
      });
}

void PlanAnew(OrderParts& parts, std::shared_ptr<Replan> replan) {
  ++replan->plans;
  std::vector<fulfilment::ReassignCommand> commands;
  const auto refuse = [&](Reason reason, std::string subject = {}) {
    AnswerReplan(parts, *replan,
                 OrderRefusal{.refusal = {.reason = reason}, .subject = std::move(subject)});
  };
  std::optional<fulfilment::Order> order;
  const grpc::Status read = ReadOrExplain([&]() -> grpc::Status {
    order = parts.reader.FindOrder(replan->asked.header.order_id);
    return grpc::Status::OK;
  });
  if (!read.ok()) return replan->reactor->Finish(read);
  if (!order) return refuse(Reason::kOrderUnknown);
  for (const v1::OrderLineQuantity& line : replan->lines) {
    if (order->LineIndex(line.line_id()) < 0) return refuse(Reason::kLineUnknown, line.line_id());
  }
  const int number = replan->asked.header.fulfilment;
  const fulfilment::Fulfilment* part = order->Find(number);
  if (number == 0 && order->fulfilments.size() == 1) part = &order->fulfilments.front();
  if (part == nullptr) return refuse(Reason::kFulfilmentUnknown);
  if (!fulfilment::IsAllowed(fulfilment::Move::kReassign, part->method, part->state)) {
    return AnswerReplan(
        parts, *replan,
        OrderRefusal{.refusal = {.reason = Reason::kMoveForbidden},
                     .subject = std::string(fulfilment::MoveName(fulfilment::Move::kReassign)),
                     .method = part->method,
                     .state = part->state});
  }
  const std::vector<fulfilment::MoveLine> lines = LinesOf(*replan, *order, *part);
  if (lines.empty()) return refuse(Reason::kExceedsLine);
  Prepare(parts.catalogue(), *order, *part, lines, *replan);
  if (replan->method == fulfilment::Method::kShipToStore && replan->destination == kNoLocation) {
    return replan->reactor->Finish(InvalidField("destination", "is required"));
  }
  const SourcingPlan plan = PlanParcels(parts, replan->wish);
  if (plan.outcome != SourcingOutcome::kPlanned) {
    return replan->reactor->Finish(ToStatus(replan->wish, plan, parts.catalogue()));
  }
  std::vector<ItemId> items;
  for (const fulfilment::MoveLine& line : lines) {
    items.push_back(order->lines[static_cast<size_t>(line.line)].item);
  }
  PlanDivider divider(replan->wish, plan, lines, std::move(items));
  for (const LocationId location : plan.parcels) {
    commands.push_back({.lines = divider.Take(location),
                        .method = *replan->method,
                        .location = location,
                        .destination = replan->method == fulfilment::Method::kShipToStore
                                           ? replan->destination
                                           : kNoLocation,
                        .reason = replan->reason});
  }
  SubmitReplan(parts, std::move(replan), std::move(commands));
}

}  // namespace

grpc::ServerUnaryReactor* OrderService::ReplanFulfilment(grpc::CallbackServerContext* context,
                                                         const v1::ReplanFulfilmentRequest* request,
                                                         v1::ReplanFulfilmentResponse* response) {
  auto replan = std::make_shared<Replan>();
  if (auto status = ParseReplan(*request, parts_.catalogue(), *replan); !status.ok()) {
    return FinishNow(context, status);
  }
  replan->reactor = context->DefaultReactor();
  replan->response = response;
  grpc::ServerUnaryReactor* reactor = replan->reactor;
  // A repetition is answered before anything is planned.
  using Known = std::optional<fulfilment::AnsweredOrder>;
  parts_.engine.Submit(engine::MakeTask(
      [id = request->request_id()](engine::UnitOfWork& unit) -> Known {
        return unit.orders().FindOrderRequest(id);
      },
      [this, replan](engine::CommitOutcome outcome, Known&& known) {
        if (outcome != engine::CommitOutcome::kCommitted) {
          replan->reactor->Finish(ToStatus(outcome));
        } else if (known && known->content != replan->asked.header.content) {
          AnswerReplan(parts_, *replan,
                       OrderRefusal{.refusal = {.reason = Reason::kRequestDiffers}});
        } else if (known) {
          AnswerReplan(parts_, *replan, std::move(known->answer));
        } else if (!parts_.work.TryAdd([this, replan] { PlanAnew(parts_, replan); })) {
          replan->reactor->Finish(ToStatus(engine::CommitOutcome::kBusy));
        }
      }));
  return reactor;
}

}  // namespace stockd::rpc
