#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <vector>

#include "daemon/fulfilment/order_commands.h"
#include "daemon/rpc/order_parts.h"
#include "stockd/v1/order_picking.pb.h"

namespace stockd::rpc {

// What can be done about units of the fulfilment that are missing, or about `lines` if there are
// any. From memory; takes up to some milliseconds in a large chain. REQUIRES: the order has the
// fulfilment.
void FillShortOptions(const OrderParts& parts, const fulfilment::Order& order, int fulfilment,
                      const std::vector<fulfilment::MoveLine>& lines,
                      google::protobuf::RepeatedPtrField<v1::ShortOptions>& options);

}  // namespace stockd::rpc
