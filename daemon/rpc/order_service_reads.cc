// OrderService: what is known of orders.
#include <algorithm>
#include <utility>
#include <vector>

#include "daemon/fulfilment/order_commands.h"
#include "daemon/rpc/names.h"
#include "daemon/rpc/order_moves.h"
#include "daemon/rpc/order_service.h"

namespace stockd::rpc {
namespace {

constexpr char kOrderPage = 'o';
constexpr char kEventPage = 'e';

grpc::Status ParseFilter(const v1::ListOrdersRequest& request, const engine::Catalogue& catalogue,
                         storage::OrderFilter& filter) {
  if (request.state() != v1::ORDER_STATE_UNSPECIFIED) {
    filter.state = sync::StateOf(request.state());
    if (!filter.state) return InvalidField("state", "is not a state");
  }
  filter.open_only = request.open_only();
  if (auto status = CheckOptionalId("customer_reference", request.customer_reference());
      !status.ok()) {
    return status;
  }
  filter.customer_reference = request.customer_reference();
  std::optional<Timestamp> from;
  std::optional<Timestamp> until;
  if (auto status =
          ParseInstant("placed_from", request.has_placed_from(), request.placed_from(), from);
      !status.ok()) {
    return status;
  }
  if (auto status =
          ParseInstant("placed_until", request.has_placed_until(), request.placed_until(), until);
      !status.ok()) {
    return status;
  }
  filter.placed_from = from.value_or(kTimestampMin);
  filter.placed_until = until.value_or(kTimestampMax);
  if (auto status = FindChannel(request.channel(), catalogue, filter.channel); !status.ok()) {
    return status;
  }
  if (request.location().empty()) return grpc::Status::OK;
  return FindLocation(request.location(), catalogue, filter.location);
}

}  // namespace

grpc::ServerUnaryReactor* OrderService::GetOrder(grpc::CallbackServerContext* context,
                                                 const v1::GetOrderRequest* request,
                                                 v1::GetOrderResponse* response) {
  return FinishNow(context, ReadOrExplain([&]() -> grpc::Status {
                     if (auto status = CheckId("order_id", request->order_id()); !status.ok())
                       return status;
                     auto order = parts_.reader.FindOrder(request->order_id());
                     if (!order) {
                       return UnknownName(ledger::Reason::kOrderUnknown, "order_id",
                                          request->order_id());
                     }
                     order = fulfilment::AsOf(*std::move(order), parts_.engine.Now());
                     ToProto(*order, parts_.catalogue(), *response->mutable_order());
                     if (request->include_codes()) {
                       FillCodes(*order, parts_.engine.pickup_codes(), *response->mutable_codes());
                     }
                     return grpc::Status::OK;
                   }));
}

grpc::ServerUnaryReactor* OrderService::ListOrders(grpc::CallbackServerContext* context,
                                                   const v1::ListOrdersRequest* request,
                                                   v1::ListOrdersResponse* response) {
  return FinishNow(
      context, ReadOrExplain([&]() -> grpc::Status {
        int rows = 0;
        int64_t after = 0;
        storage::OrderFilter filter;
        if (auto status = CheckPageSize(request->page_size(), rows); !status.ok()) return status;
        if (auto status = ParsePageToken(kOrderPage, request->page_token(), after); !status.ok()) {
          return status;
        }
        if (auto status = ParseFilter(*request, parts_.catalogue(), filter); !status.ok()) {
          return status;
        }
        const auto page = parts_.reader.ListOrders(filter, static_cast<uint64_t>(after), rows);
        const Timestamp now = parts_.engine.Now();
        for (const fulfilment::Order& order : page.rows) {
          // What ended a moment ago may not be written down yet.
          const fulfilment::Order seen = fulfilment::AsOf(order, now);
          if (storage::MatchesState(filter, seen)) {
            ToProto(seen, parts_.catalogue(), *response->add_orders());
          }
        }
        if (page.more) {
          response->set_next_page_token(
              MakePageToken(kOrderPage, std::to_string(page.rows.back().number)));
        }
        return grpc::Status::OK;
      }));
}

grpc::ServerUnaryReactor* OrderService::ListOrderEvents(grpc::CallbackServerContext* context,
                                                        const v1::ListOrderEventsRequest* request,
                                                        v1::ListOrderEventsResponse* response) {
  return FinishNow(
      context, ReadOrExplain([&]() -> grpc::Status {
        int rows = 0;
        int64_t after = 0;
        if (auto status = CheckPageSize(request->page_size(), rows); !status.ok()) return status;
        if (auto status = ParsePageToken(kEventPage, request->page_token(), after); !status.ok()) {
          return status;
        }
        if (auto status = CheckOptionalId("order_id", request->order_id()); !status.ok()) {
          return status;
        }
        uint64_t number = 0;
        if (!request->order_id().empty()) {
          const auto order = parts_.reader.FindOrder(request->order_id());
          if (!order) {
            return UnknownName(ledger::Reason::kOrderUnknown, "order_id", request->order_id());
          }
          number = order->number;
        }
        const uint64_t above =
            std::max(static_cast<uint64_t>(after), uint64_t{request->after_number()});
        const auto page = parts_.reader.ListOrderEvents(number, above, rows);
        sync::OrderNamesCache names(parts_.reader);
        for (const fulfilment::OrderEvent& event : page.rows) {
          const sync::OrderNames* order = names.Of(event);
          if (order == nullptr) continue;
          ToProto(event, *order, parts_.catalogue(), *response->add_events());
        }
        if (page.more) {
          response->set_next_page_token(
              MakePageToken(kEventPage, std::to_string(page.rows.back().number)));
        }
        return grpc::Status::OK;
      }));
}

}  // namespace stockd::rpc
