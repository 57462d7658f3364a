// OrderService: selling at the till what is not there.
//
// A plan is made from what stands everywhere at that moment, then carried out whole by the writer
// or not at all.
#include <memory>
#include <utility>
#include <variant>

#include "daemon/rpc/distance.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/order_lines.h"
#include "daemon/rpc/order_moves.h"
#include "daemon/rpc/order_placing.h"
#include "daemon/rpc/order_planning.h"
#include "daemon/rpc/order_service.h"

namespace stockd::rpc {
namespace {

using fulfilment::OrderRefusal;
using fulfilment::OrderResult;
using fulfilment::SourcingOutcome;
using fulfilment::SourcingPlan;

// A sale that is being planned.
struct Sale {
  PlanWish wish;
  fulfilment::PlaceCommand command;  // Without its fulfilments.
  fulfilment::Method method = fulfilment::Method::kShip;
  LocationId destination = kNoLocation;
  std::optional<Timestamp> promised_delivery;
  int plans = 0;
  grpc::ServerUnaryReactor* reactor = nullptr;
  v1::SellElsewhereResponse* response = nullptr;
};

grpc::Status ParseSale(const v1::SellElsewhereRequest& request, const engine::Engine& engine,
                       Sale& sale) {
  const engine::Catalogue& catalogue = engine.catalogue();
  LocationId here = kNoLocation;
  if (auto status = CheckId("order_id", request.order_id()); !status.ok()) return status;
  if (auto status = CheckOptionalId("customer_reference", request.customer_reference());
      !status.ok()) {
    return status;
  }
  if (auto status = ParseParcels(request.parcels_max(), sale.wish.parcels_max); !status.ok()) {
    return status;
  }
  if (auto status = ParseInstant("promised_delivery_time", request.has_promised_delivery_time(),
                                 request.promised_delivery_time(), sale.promised_delivery);
      !status.ok()) {
    return status;
  }
  if (request.method() != v1::FULFILMENT_METHOD_SHIP &&
      request.method() != v1::FULFILMENT_METHOD_SHIP_TO_STORE) {
    return InvalidField("method", "is SHIP or SHIP_TO_STORE");
  }
  sale.method = *sync::MethodOf(request.method());
  if (request.has_near()) {
    if (auto status = CheckCoordinate("near", request.near()); !status.ok()) return status;
  }
  if (auto status = FindLocation(request.location(), catalogue, here); !status.ok()) return status;
  if (auto status =
          FindLocations("from_locations", request.from_locations(), catalogue, sale.wish.only);
      !status.ok()) {
    return status;
  }
  if (auto status = FindChannel(request.channel(), catalogue, sale.command.channel); !status.ok()) {
    return status;
  }
  OrderLines lines;
  if (auto status = OrderLines::Parse(request.lines(), fulfilment::kCartLinesMax, engine, lines);
      !status.ok()) {
    return status;
  }
  sale.command.id = request.order_id();
  sale.command.content = request.GetTypeName() + '\0' + request.SerializeAsString();
  sale.command.customer_reference = request.customer_reference();
  sale.command.lines = lines.lines();
  if (sale.method == fulfilment::Method::kShipToStore) sale.destination = here;
  std::vector<fulfilment::CartLine> cart;
  for (const fulfilment::OrderLine& line : sale.command.lines) {
    cart.push_back({.item = line.item, .quantity = line.ordered});
  }
  sale.wish.cart = fulfilment::AddUp(cart);
  sale.wish.channel = sale.command.channel;
  sale.wish.exclude.insert(here);
  sale.wish.near = request.has_near() ? request.near() : CoordinateOf(*catalogue.Location(here));
  return grpc::Status::OK;
}

// The order that the plan makes.
fulfilment::PlaceCommand CommandOf(const Sale& sale, const SourcingPlan& plan) {
  fulfilment::PlaceCommand command = sale.command;
  std::vector<fulfilment::MoveLine> lines;
  std::vector<ItemId> items;
  for (const fulfilment::OrderLine& line : command.lines) {
    lines.push_back({.line = static_cast<int>(lines.size()), .quantity = line.ordered});
    items.push_back(line.item);
  }
  PlanDivider divider(sale.wish, plan, std::move(lines), std::move(items));
  for (const LocationId location : plan.parcels) {
    fulfilment::PlaceFulfilment& part = command.fulfilments.emplace_back();
    part.method = sale.method;
    part.location = location;
    part.destination = sale.destination;
    part.promised_delivery = sale.promised_delivery;
    for (const fulfilment::MoveLine& line : divider.Take(location)) {
      part.parts.push_back({.line = line.line, .quantity = line.quantity});
    }
  }
  return command;
}

void AnswerSale(OrderParts& parts, const Sale& sale, engine::CommitOutcome outcome,
                const OrderResult& result) {
  if (outcome != engine::CommitOutcome::kCommitted) {
    sale.reactor->Finish(ToStatus(outcome));
  } else if (const auto* refusal = std::get_if<OrderRefusal>(&result)) {
    sale.reactor->Finish(rpc::ToStatus(*refusal, {.order_id = sale.command.id}, parts.catalogue()));
  } else {
    ToProto(std::get<fulfilment::Order>(result), parts.catalogue(),
            *sale.response->mutable_order());
    sale.reactor->Finish(grpc::Status::OK);
  }
}

void PlanSale(OrderParts& parts, std::shared_ptr<Sale> sale) {
  ++sale->plans;
  const SourcingPlan plan = PlanParcels(parts, sale->wish);
  if (plan.outcome != SourcingOutcome::kPlanned) {
    sale->reactor->Finish(ToStatus(sale->wish, plan, parts.catalogue()));
    return;
  }
  SubmitPlace(parts, CommandOf(*sale, plan), /*placed_now=*/true,
              [&parts, sale](engine::CommitOutcome outcome, OrderResult&& result) {
                const auto* refusal = std::get_if<OrderRefusal>(&result);
                const bool again = outcome == engine::CommitOutcome::kCommitted &&
                                   refusal != nullptr && sale->plans < kPlansMax &&
                                   MayReplan(*refusal, sale->wish) &&
                                   parts.work.TryAdd([&parts, sale] { PlanSale(parts, sale); });
                if (!again) AnswerSale(parts, *sale, outcome, result);
              });
}

}  // namespace

grpc::ServerUnaryReactor* OrderService::SellElsewhere(grpc::CallbackServerContext* context,
                                                      const v1::SellElsewhereRequest* request,
                                                      v1::SellElsewhereResponse* response) {
  auto sale = std::make_shared<Sale>();
  bool is_known = false;
  const grpc::Status status = ReadOrExplain([&]() -> grpc::Status {
    if (auto bad = ParseSale(*request, parts_.engine, *sale); !bad.ok()) return bad;
    is_known = parts_.reader.FindOrder(request->order_id()).has_value();
    return grpc::Status::OK;
  });
  if (!status.ok()) return FinishNow(context, status);
  sale->reactor = context->DefaultReactor();
  sale->response = response;
  grpc::ServerUnaryReactor* reactor = sale->reactor;
  if (is_known) {
    // The first answer again, whatever stands there now; nothing is planned.
    fulfilment::PlaceCommand command = sale->command;
    command.fulfilments.emplace_back();
    SubmitPlace(parts_, std::move(command), /*placed_now=*/true,
                [this, sale](engine::CommitOutcome outcome, OrderResult&& result) {
                  AnswerSale(parts_, *sale, outcome, result);
                });
  } else {
    PlanSale(parts_, std::move(sale));
  }
  return reactor;
}

}  // namespace stockd::rpc
