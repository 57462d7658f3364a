#include "daemon/rpc/order_fields.h"

#include <algorithm>

#include "daemon/rpc/order_status.h"
#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {

grpc::Status CheckLines(const sync::LineQuantities& lines) {
  const auto fault = sync::FindFault(lines);
  return fault ? ToStatus(*fault) : grpc::Status::OK;
}

grpc::Status ParseReason(v1::UnitReason proto, fulfilment::UnitReason fallback,
                         fulfilment::UnitReason& reason) {
  const auto parsed = sync::ReasonOf(proto, fallback);
  if (!parsed) return InvalidField("reason", "is not a reason");
  reason = *parsed;
  return grpc::Status::OK;
}

grpc::Status ParseInstant(std::string_view field, bool is_set,
                          const google::protobuf::Timestamp& proto,
                          std::optional<Timestamp>& instant) {
  instant.reset();
  if (!is_set) return grpc::Status::OK;
  instant = FromProto(proto);
  return instant ? grpc::Status::OK : InvalidField(field, "is not within the years 1 to 9999");
}

grpc::Status CheckPrice(std::string_view price_field, int64_t unit_price_micros,
                        std::string_view currency_field, const std::string& currency) {
  constexpr size_t kCurrencyLetters = 3;
  if (unit_price_micros < 0) return InvalidField(price_field, "is negative");
  const bool is_code = currency.size() == kCurrencyLetters &&
                       std::ranges::all_of(currency, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!currency.empty() && !is_code) {
    return InvalidField(currency_field, "is three upper-case letters");
  }
  return grpc::Status::OK;
}

}  // namespace stockd::rpc
