#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/fulfilment/order_commands.h"
#include "stockd/v1/order_types.pb.h"

namespace stockd::sync {

// The words of the contract for orders, and ours. The enumerations are numbered alike; what comes
// from outside is checked. Empty: not a value, or none was given.

std::optional<fulfilment::Method> MethodOf(v1::FulfilmentMethod proto);
std::optional<fulfilment::OrderState> StateOf(v1::OrderState proto);
std::optional<fulfilment::ExceptionKind> ExceptionOf(v1::DeliveryExceptionKind proto);
// Unspecified is `fallback`; empty only when it is not a value.
std::optional<fulfilment::UnitReason> ReasonOf(v1::UnitReason proto,
                                               fulfilment::UnitReason fallback);

v1::FulfilmentMethod ToProto(fulfilment::Method method);
v1::OrderState ToProto(fulfilment::OrderState state);
v1::OrderMove ToProto(fulfilment::Move move);
v1::OrderEventKind ToProto(fulfilment::OrderEventKind kind);
v1::UnitReason ToProto(fulfilment::UnitReason reason);
v1::DeliveryExceptionKind ToProto(fulfilment::ExceptionKind kind);

using LineQuantities = google::protobuf::RepeatedPtrField<v1::OrderLineQuantity>;

// Lines of one request at most.
inline constexpr size_t kMoveLinesMax = fulfilment::kOrderLinesMax;

// What is wrong with a part of a request, as `field` of a request names it, for
// example "lines[3].quantity".
struct LineFault {
  std::string field;
  std::string problem;
};

// Whether line ids are ids, each named once, with quantities from 1 on, and not too many of them.
std::optional<LineFault> FindFault(const LineQuantities& lines, size_t lines_max = kMoveLinesMax);

// At most `bytes_max` bytes without control characters; an id is 1 to 128 of them.
bool IsText(std::string_view text, size_t bytes_max);
inline constexpr size_t kIdBytesMax = 128;
inline constexpr size_t kNoteBytesMax = 500;
inline bool IsId(std::string_view text) { return !text.empty() && IsText(text, kIdBytesMax); }

// Empty when it is not within the years 1 to 9999.
std::optional<Timestamp> InstantOf(const google::protobuf::Timestamp& proto);

// What a caller may say of a shipment: ids and names within their lengths, at most so many parcels.
// Its lines and times are filled in by the move.
inline constexpr int32_t kParcelsMax = 10'000;
std::optional<LineFault> FindFault(const v1::Shipment& shipment);
fulfilment::Shipment ShipmentOf(const v1::Shipment& shipment);

// Refuses a request that names a line the order does not have; but says first whether the request
// id was used for something else, as every move does.
fulfilment::OrderRefusal UnknownLine(fulfilment::OrderBook& book,
                                     const fulfilment::MoveHeader& header,
                                     const std::string& line_id);

// Calls `apply(const std::vector<MoveLine>&)` with the lines by their places in the order; refuses
// unknown ones. An order that is unknown itself is left to the move.
template <typename Apply>
fulfilment::OrderResult WithLines(const fulfilment::OrderDesk& desk,
                                  const fulfilment::MoveHeader& header, const LineQuantities& lines,
                                  Apply apply) {
  std::vector<fulfilment::MoveLine> moves;
  if (const fulfilment::Order* order = desk.book.FindOrder(header.order_id)) {
    moves.reserve(static_cast<size_t>(lines.size()));
    for (const v1::OrderLineQuantity& line : lines) {
      const int index = order->LineIndex(line.line_id());
      if (index < 0) return UnknownLine(desk.book, header, line.line_id());
      moves.push_back({.line = index, .quantity = line.quantity()});
    }
  }
  return apply(moves);
}

// The number by which the code of a fulfilment goes: one that is not named is the only one, whose
// number is 1.
inline int CodeNumber(int fulfilment) { return fulfilment == 0 ? 1 : fulfilment; }

}  // namespace stockd::sync
