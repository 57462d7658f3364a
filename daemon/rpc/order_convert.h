#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <string>

#include "daemon/engine/catalogue.h"
#include "daemon/engine/pickup_codes.h"
#include "daemon/fulfilment/order.h"
#include "daemon/fulfilment/order_event.h"
#include "daemon/sync/order_feed.h"
#include "stockd/v1/order_service.pb.h"

namespace stockd::rpc {

// Orders and their events in the users' own names.

void ToProto(const fulfilment::Order& order, const engine::Catalogue& catalogue, v1::Order& proto);
void ToProto(const fulfilment::LineUnits& units, v1::LineUnits& proto);
// The lines of a fulfilment, whose order names them.
void ToProto(const fulfilment::Order& order, const fulfilment::Fulfilment& fulfilment,
             const engine::Catalogue& catalogue,
             google::protobuf::RepeatedPtrField<v1::FulfilmentLine>& lines);

void ToProto(const fulfilment::OrderEvent& event, const sync::OrderNames& names,
             const engine::Catalogue& catalogue, v1::OrderEvent& proto);

// The code of a fulfilment that is valid; empty: none is.
std::string ValidCode(const fulfilment::Order& order, const fulfilment::Fulfilment& fulfilment,
                      const engine::PickupCodes& codes);
// Those of all fulfilments.
void FillCodes(const fulfilment::Order& order, const engine::PickupCodes& codes,
               google::protobuf::RepeatedPtrField<v1::PickupCode>& proto);

}  // namespace stockd::rpc
