#include "daemon/rpc/order_requests.h"

#include <utility>
#include <vector>

#include "daemon/rpc/names.h"
#include "daemon/rpc/order_fields.h"
#include "daemon/rpc/order_lines.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {
namespace {

std::string PathOf(int row) { return "fulfilments[" + std::to_string(row) + "]."; }

grpc::Status ParseTimes(const v1::FulfilmentRequest& asked, const std::string& path,
                        fulfilment::PlaceFulfilment& part) {
  if (auto status = ParseInstant(path + "slot_time", asked.has_slot_time(), asked.slot_time(),
                                 part.slot_start);
      !status.ok()) {
    return status;
  }
  if (auto status = ParseInstant(path + "promised_ready_time", asked.has_promised_ready_time(),
                                 asked.promised_ready_time(), part.promised_ready);
      !status.ok()) {
    return status;
  }
  return ParseInstant(path + "promised_delivery_time", asked.has_promised_delivery_time(),
                      asked.promised_delivery_time(), part.promised_delivery);
}

// Divides the units of the order's lines among its fulfilments.
grpc::Status ParseParts(const v1::PlaceOrderRequest& request, const OrderLines& lines,
                        std::vector<fulfilment::PlaceFulfilment>& parts) {
  std::vector<Quantity> left(lines.asked_count());
  for (size_t i = 0; i < left.size(); ++i) left[i] = lines.QuantityAsked(static_cast<int>(i));
  int rest_of = -1;  // The fulfilment that gets what the others do not name.
  for (int row = 0; row < request.fulfilments_size(); ++row) {
    const sync::LineQuantities& named = request.fulfilments(row).lines();
    if (named.empty()) {
      if (rest_of >= 0) {
        return InvalidField(PathOf(row) + "lines", "are required: another fulfilment has none");
      }
      rest_of = row;
      continue;
    }
    if (const auto fault = sync::FindFault(named)) {
      return InvalidField(PathOf(row) + fault->field, fault->problem);
    }
    for (const v1::OrderLineQuantity& line : named) {
      const int asked = lines.Find(line.line_id());
      if (asked < 0) return InvalidField(PathOf(row) + "lines", "name a line the order has not");
      Quantity& rest = left[static_cast<size_t>(asked)];
      if (line.quantity() > rest) {
        return InvalidField(PathOf(row) + "lines", "add up to more than the order's lines");
      }
      rest -= line.quantity();
      lines.AddParts(asked, line.quantity(), parts[static_cast<size_t>(row)].parts);
    }
  }
  for (size_t i = 0; i < left.size(); ++i) {
    if (left[i] == 0) continue;
    if (rest_of < 0) return InvalidField("fulfilments", "leave units of the order to nobody");
    lines.AddParts(static_cast<int>(i), left[i], parts[static_cast<size_t>(rest_of)].parts);
  }
  if (rest_of >= 0 && parts[static_cast<size_t>(rest_of)].parts.empty()) {
    return InvalidField(PathOf(rest_of) + "lines", "are required: nothing is left for it");
  }
  return grpc::Status::OK;
}

}  // namespace

grpc::Status ParseHandling(v1::FulfilmentMethod proto, const std::string& destination,
                           const std::string& path, const engine::Catalogue& catalogue,
                           fulfilment::Method& method, LocationId& location) {
  const auto parsed = sync::MethodOf(proto);
  if (!parsed) return InvalidField(path + "method", "is required");
  method = *parsed;
  location = kNoLocation;
  if (method != fulfilment::Method::kShipToStore) {
    return destination.empty()
               ? grpc::Status::OK
               : InvalidField(path + "destination", "belongs to SHIP_TO_STORE only");
  }
  return FindLocation(path + "destination", destination, catalogue, location);
}

grpc::Status ParsePlace(const v1::PlaceOrderRequest& request, const engine::Engine& engine,
                        fulfilment::PlaceCommand& command, bool& placed_now) {
  const engine::Catalogue& catalogue = engine.catalogue();
  if (auto status = CheckId("order_id", request.order_id()); !status.ok()) return status;
  if (auto status = CheckOptionalId("customer_reference", request.customer_reference());
      !status.ok()) {
    return status;
  }
  if (auto status = CheckOptionalId("reservation_id", request.reservation_id()); !status.ok()) {
    return status;
  }
  std::optional<Timestamp> placed;
  if (auto status =
          ParseInstant("place_time", request.has_place_time(), request.place_time(), placed);
      !status.ok()) {
    return status;
  }
  if (auto status = ParseInstant("requested_time", request.has_requested_time(),
                                 request.requested_time(), command.requested_for);
      !status.ok()) {
    return status;
  }
  const int count = request.fulfilments_size();
  if (count == 0 || static_cast<size_t>(count) > fulfilment::kFulfilmentsMax) {
    return InvalidField("fulfilments", "needs 1 to 50 rows");
  }
  for (int row = 0; row < count; ++row) {
    const v1::FulfilmentRequest& asked = request.fulfilments(row);
    fulfilment::PlaceFulfilment& part = command.fulfilments.emplace_back();
    if (auto status = ParseTimes(asked, PathOf(row), part); !status.ok()) return status;
    if (auto status = ParseHandling(asked.method(), asked.destination(), PathOf(row), catalogue,
                                    part.method, part.destination);
        !status.ok()) {
      return status;
    }
    if (auto status =
            FindLocation(PathOf(row) + "location", asked.location(), catalogue, part.location);
        !status.ok()) {
      return status;
    }
  }
  if (auto status = FindChannel(request.channel(), catalogue, command.channel); !status.ok()) {
    return status;
  }
  OrderLines lines;
  if (auto status = OrderLines::Parse(request.lines(), fulfilment::kOrderLinesMax, engine, lines);
      !status.ok()) {
    return status;
  }
  if (auto status = ParseParts(request, lines, command.fulfilments); !status.ok()) return status;
  command.id = request.order_id();
  command.content = request.GetTypeName() + '\0' + request.SerializeAsString();
  command.customer_reference = request.customer_reference();
  command.reservation_id = request.reservation_id();
  command.lines = lines.lines();
  placed_now = !placed;
  if (placed) command.placed_at = *placed;
  return grpc::Status::OK;
}

}  // namespace stockd::rpc
