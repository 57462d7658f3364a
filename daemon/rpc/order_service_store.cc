// OrderService: quotes, and what a store has to do.
#include <algorithm>
#include <utility>
#include <vector>

#include "daemon/rpc/distance.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/order_moves.h"
#include "daemon/rpc/order_service.h"
#include "daemon/rpc/pick_lists.h"
#include "daemon/rpc/pickup_quotes.h"
#include "daemon/rpc/short_options.h"

namespace stockd::rpc {
namespace {

constexpr size_t kCartLinesMax = 500;
constexpr int kLocationsMax = 1000;
constexpr int kQuotesDefault = 20;
constexpr int kQuotesMax = 1000;
constexpr int kSlotsMax = 50;
constexpr int kWaveDefault = 10;
constexpr int kWaveMax = 100;
constexpr int kHoldingsDefault = 100;
constexpr int kHoldingsMax = 1000;

int Lowered(int wanted, int fallback, int most) {
  return wanted == 0 ? fallback : std::min(wanted, most);
}

// The stores that are asked, in the order in which they answer.
grpc::Status FindStores(const v1::QuotePickupRequest& request, const engine::Catalogue& catalogue,
                        ChannelId channel, std::vector<NearStore>& stores) {
  std::vector<storage::Location> asked;
  if (request.locations_size() > kLocationsMax) {
    return InvalidField("locations", "holds at most 1000");
  }
  for (const std::string& code : request.locations()) {
    LocationId location = kNoLocation;
    if (auto status = FindLocation("locations", code, catalogue, location); !status.ok()) {
      return status;
    }
    asked.push_back(*catalogue.Location(location));
  }
  if (asked.empty()) {
    asked = catalogue.Locations();
    std::erase_if(asked, [&](const storage::Location& location) {
      return !location.collects || !catalogue.SellsFrom(channel, location.id);
    });
  }
  std::optional<v1::Coordinate> near;
  if (request.has_near()) {
    if (auto status = CheckCoordinate("near", request.near()); !status.ok()) return status;
    near = request.near();
  }
  stores = ByDistance(std::move(asked), near);
  return grpc::Status::OK;
}

grpc::Status QuoteCart(const OrderParts& parts, const v1::QuotePickupRequest& request,
                       v1::QuotePickupResponse& response) {
  QuoteWish wish;
  std::vector<NearStore> stores;
  if (request.limit() < 0) return InvalidField("limit", "is negative");
  if (request.slots_max() < 0 || request.slots_max() > kSlotsMax) {
    return InvalidField("slots_max", "is 0 to 50");
  }
  wish.slots_max = static_cast<size_t>(request.slots_max());
  if (auto status =
          ParseInstant("slot_time", request.has_slot_time(), request.slot_time(), wish.slot);
      !status.ok()) {
    return status;
  }
  if (auto status = FindChannel(request.channel(), parts.catalogue(), wish.channel); !status.ok()) {
    return status;
  }
  if (auto status = FindStores(request, parts.catalogue(), wish.channel, stores); !status.ok()) {
    return status;
  }
  if (auto status = ParseCart(request.lines(), kCartLinesMax, parts.engine, wish.needs);
      !status.ok()) {
    return status;
  }
  if (!request.reservation_id().empty()) {
    if (auto status = CheckId("reservation_id", request.reservation_id()); !status.ok()) {
      return status;
    }
    if (!FindHeld(parts.reader, request.reservation_id(), parts.engine.Now(), wish)) {
      return UnknownName(ledger::Reason::kReservationUnknown, "reservation_id",
                         request.reservation_id());
    }
  }
  QuoteNearest(parts.engine, wish, stores, request.possible_only(),
               Lowered(request.limit(), kQuotesDefault, kQuotesMax), *response.mutable_quotes());
  return grpc::Status::OK;
}

}  // namespace

grpc::ServerUnaryReactor* OrderService::QuotePickup(grpc::CallbackServerContext* context,
                                                    const v1::QuotePickupRequest* request,
                                                    v1::QuotePickupResponse* response) {
  return FinishNow(context, ReadOrExplain([&] { return QuoteCart(parts_, *request, *response); }));
}

grpc::ServerUnaryReactor* OrderService::ListPicks(grpc::CallbackServerContext* context,
                                                  const v1::ListPicksRequest* request,
                                                  v1::ListPicksResponse* response) {
  return FinishNow(
      context, ReadOrExplain([&]() -> grpc::Status {
        LocationId location = kNoLocation;
        if (request->orders_max() < 0 || request->orders_max() > kWaveMax) {
          return InvalidField("orders_max", "is 0 to 100");
        }
        if (auto status = FindLocation(request->location(), parts_.catalogue(), location);
            !status.ok()) {
          return status;
        }
        FillPicks(parts_.reader, parts_.catalogue(), location, request->placed_only(),
                  Lowered(request->orders_max(), kWaveDefault, kWaveMax), *response);
        return grpc::Status::OK;
      }));
}

grpc::ServerUnaryReactor* OrderService::ListHoldings(grpc::CallbackServerContext* context,
                                                     const v1::ListHoldingsRequest* request,
                                                     v1::ListHoldingsResponse* response) {
  return FinishNow(
      context, ReadOrExplain([&]() -> grpc::Status {
        LocationId location = kNoLocation;
        if (request->limit() < 0) return InvalidField("limit", "is negative");
        if (auto status = CheckOptionalId("customer_reference", request->customer_reference());
            !status.ok()) {
          return status;
        }
        if (auto status = FindLocation(request->location(), parts_.catalogue(), location);
            !status.ok()) {
          return status;
        }
        FillHoldings(parts_.reader, parts_.catalogue(), parts_.engine.Now(), location,
                     request->at_counter_only(), request->customer_reference(),
                     Lowered(request->limit(), kHoldingsDefault, kHoldingsMax), *response);
        return grpc::Status::OK;
      }));
}

grpc::ServerUnaryReactor* OrderService::ListShortOptions(grpc::CallbackServerContext* context,
                                                         const v1::ListShortOptionsRequest* request,
                                                         v1::ListShortOptionsResponse* response) {
  return FinishNow(context, ReadOrExplain([&]() -> grpc::Status {
                     if (auto status = CheckId("order_id", request->order_id()); !status.ok())
                       return status;
                     if (request->fulfilment() < 0)
                       return InvalidField("fulfilment", "is negative");
                     if (auto status = CheckLines(request->lines()); !status.ok()) return status;
                     const auto order = parts_.reader.FindOrder(request->order_id());
                     const auto refuse = [&](ledger::Reason reason, std::string line = {}) {
                       return ToStatus({.refusal = {.reason = reason}, .subject = std::move(line)},
                                       {.order_id = request->order_id()}, parts_.catalogue());
                     };
                     if (!order) return refuse(ledger::Reason::kOrderUnknown);
                     int number = request->fulfilment();
                     if (number == 0 && order->fulfilments.size() == 1) number = 1;
                     const fulfilment::Fulfilment* part = order->Find(number);
                     if (part == nullptr) return refuse(ledger::Reason::kFulfilmentUnknown);
                     std::vector<fulfilment::MoveLine> lines;
                     for (const v1::OrderLineQuantity& line : request->lines()) {
                       const int index = order->LineIndex(line.line_id());
                       if (index < 0) return refuse(ledger::Reason::kLineUnknown, line.line_id());
                       lines.push_back({.line = index, .quantity = line.quantity()});
                     }
                     FillShortOptions(parts_, *order, number, lines, *response->mutable_options());
                     return grpc::Status::OK;
                   }));
}

}  // namespace stockd::rpc
