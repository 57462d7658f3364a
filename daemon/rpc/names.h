#pragma once

#include <grpcpp/support/status.h>

#include <string>
#include <string_view>

#include "daemon/engine/catalogue.h"
#include "stockd/v1/types.pb.h"

namespace stockd::rpc {

// Names of a request to numbers: OK, INVALID_ARGUMENT when malformed, NOT_FOUND when unknown.

grpc::Status FindPosition(const v1::Position& position, const engine::Catalogue& catalogue,
                          PositionKey& key);
grpc::Status FindItem(const std::string& sku, const engine::Catalogue& catalogue, ItemId& item);
grpc::Status FindLocation(const std::string& code, const engine::Catalogue& catalogue,
                          LocationId& location);
// The same for a field that is not called "location".
grpc::Status FindLocation(std::string_view field, const std::string& code,
                          const engine::Catalogue& catalogue, LocationId& location);
// Empty means none.
grpc::Status FindChannel(const std::string& channel_id, const engine::Catalogue& catalogue,
                         ChannelId& channel);
grpc::Status FindGroup(const std::string& group_id, const engine::Catalogue& catalogue,
                       GroupId& group);

}  // namespace stockd::rpc
