#pragma once

#include <grpcpp/support/status.h>

#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/time.h"
#include "daemon/fulfilment/order_event.h"
#include "daemon/sync/order_words.h"

namespace stockd::rpc {

// Checks of fields that several calls about orders have. Each returns OK or INVALID_ARGUMENT naming
// the field.

grpc::Status CheckLines(const sync::LineQuantities& lines);
grpc::Status ParseReason(v1::UnitReason proto, fulfilment::UnitReason fallback,
                         fulfilment::UnitReason& reason);
// Unset: empty.
grpc::Status ParseInstant(std::string_view field, bool is_set,
                          const google::protobuf::Timestamp& proto,
                          std::optional<Timestamp>& instant);
grpc::Status CheckPrice(std::string_view price_field, int64_t unit_price_micros,
                        std::string_view currency_field, const std::string& currency);

}  // namespace stockd::rpc
