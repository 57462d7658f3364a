#include "daemon/sync/order_words.h"

#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <utility>

namespace stockd::sync {
namespace {

// The value of ours with the same number, from 1 to `last`.
template <typename Ours, typename Theirs>
std::optional<Ours> Numbered(Theirs proto, Ours last) {
  const int number = static_cast<int>(proto);
  if (number < 1 || number > static_cast<int>(last)) return std::nullopt;
  return static_cast<Ours>(number);
}

std::string FieldOf(int row, std::string_view field) {
  return "lines[" + std::to_string(row) + "]." + std::string(field);
}

}  // namespace

std::optional<fulfilment::Method> MethodOf(v1::FulfilmentMethod proto) {
  return Numbered(proto, fulfilment::Method::kLocalDelivery);
}

std::optional<fulfilment::OrderState> StateOf(v1::OrderState proto) {
  return Numbered(proto, fulfilment::OrderState::kLost);
}

std::optional<fulfilment::ExceptionKind> ExceptionOf(v1::DeliveryExceptionKind proto) {
  return Numbered(proto, fulfilment::ExceptionKind::kLost);
}

std::optional<fulfilment::UnitReason> ReasonOf(v1::UnitReason proto,
                                               fulfilment::UnitReason fallback) {
  if (proto == v1::UNIT_REASON_UNSPECIFIED) return fallback;
  return Numbered(proto, fulfilment::UnitReason::kStore);
}

v1::FulfilmentMethod ToProto(fulfilment::Method method) {
  return static_cast<v1::FulfilmentMethod>(method);
}

v1::OrderState ToProto(fulfilment::OrderState state) { return static_cast<v1::OrderState>(state); }

// Moves are not stored, so ours begin with 0.
v1::OrderMove ToProto(fulfilment::Move move) {
  return static_cast<v1::OrderMove>(static_cast<int>(move) + 1);
}

v1::OrderEventKind ToProto(fulfilment::OrderEventKind kind) {
  return static_cast<v1::OrderEventKind>(kind);
}

v1::UnitReason ToProto(fulfilment::UnitReason reason) {
  return static_cast<v1::UnitReason>(reason);
}

v1::DeliveryExceptionKind ToProto(fulfilment::ExceptionKind kind) {
  return static_cast<v1::DeliveryExceptionKind>(kind);
}

bool IsText(std::string_view text, size_t bytes_max) {
  return text.size() <= bytes_max && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

std::optional<Timestamp> InstantOf(const google::protobuf::Timestamp& proto) {
  constexpr int64_t kSecondsMin = -62'135'596'800;  // Year 1.
  constexpr int64_t kSecondsMax = 253'402'300'799;  // Year 9999.
  if (proto.seconds() < kSecondsMin || proto.seconds() > kSecondsMax) return std::nullopt;
  if (proto.nanos() < 0 || proto.nanos() > 999'999'999) return std::nullopt;
  return FromMicros(proto.seconds() * 1'000'000 + proto.nanos() / 1000);
}

std::optional<LineFault> FindFault(const v1::Shipment& shipment) {
  if (!IsId(shipment.shipment_id())) {
    return LineFault{.field = "shipment.shipment_id",
                     .problem = "is 1 to 128 bytes without control characters"};
  }
  const std::pair<const char*, const std::string*> texts[] = {
      {"shipment.carrier", &shipment.carrier()},
      {"shipment.service", &shipment.service()},
      {"shipment.tracking_number", &shipment.tracking_number()}};
  for (const auto& [field, text] : texts) {
    if (IsText(*text, kIdBytesMax)) continue;
    return LineFault{.field = field, .problem = "is at most 128 bytes without control characters"};
  }
  if (shipment.parcels() < 0 || shipment.parcels() > kParcelsMax) {
    return LineFault{.field = "shipment.parcels", .problem = "is 1 to 10000"};
  }
  return std::nullopt;
}

fulfilment::Shipment ShipmentOf(const v1::Shipment& shipment) {
  return {.id = shipment.shipment_id(),
          .carrier = shipment.carrier(),
          .service = shipment.service(),
          .tracking_number = shipment.tracking_number(),
          .parcels = std::max(1, shipment.parcels())};
}

std::optional<LineFault> FindFault(const LineQuantities& lines, size_t lines_max) {
  if (static_cast<size_t>(lines.size()) > lines_max) {
    return LineFault{.field = "lines",
                     .problem = "has more than " + std::to_string(lines_max) + " rows"};
  }
  absl::flat_hash_set<std::string_view> seen;
  for (int row = 0; row < lines.size(); ++row) {
    const v1::OrderLineQuantity& line = lines[row];
    if (!IsId(line.line_id())) {
      return LineFault{.field = FieldOf(row, "line_id"),
                       .problem = "is 1 to 128 bytes without control characters"};
    }
    if (!seen.insert(line.line_id()).second) {
      return LineFault{.field = FieldOf(row, "line_id"), .problem = "is named twice"};
    }
    if (line.quantity() < 1 || line.quantity() > kQuantityMax) {
      return LineFault{.field = FieldOf(row, "quantity"), .problem = "is 1 to 1000000000000"};
    }
  }
  return std::nullopt;
}

fulfilment::OrderRefusal UnknownLine(fulfilment::OrderBook& book,
                                     const fulfilment::MoveHeader& header,
                                     const std::string& line_id) {
  const auto known = book.FindOrderRequest(header.request_id);
  if (known && known->content != header.content) {
    return {.refusal = {.reason = ledger::Reason::kRequestDiffers}};
  }
  return {.refusal = {.reason = ledger::Reason::kLineUnknown}, .subject = line_id};
}

}  // namespace stockd::sync
