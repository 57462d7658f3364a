#include "daemon/rpc/names.h"

#include "daemon/rpc/status.h"
#include "daemon/rpc/validate.h"

namespace stockd::rpc {

grpc::Status FindItem(const std::string& sku, const engine::Catalogue& catalogue, ItemId& item) {
  if (auto status = CheckId("sku", sku); !status.ok()) return status;
  item = catalogue.FindItem(sku);
  return item == kNoItem ? UnknownName(ledger::Reason::kSkuUnknown, "sku", sku) : grpc::Status::OK;
}

grpc::Status FindLocation(const std::string& code, const engine::Catalogue& catalogue,
                          LocationId& location) {
  return FindLocation("location", code, catalogue, location);
}

grpc::Status FindLocation(std::string_view field, const std::string& code,
                          const engine::Catalogue& catalogue, LocationId& location) {
  if (auto status = CheckId(field, code); !status.ok()) return status;
  location = catalogue.FindLocation(code);
  return location == kNoLocation ? UnknownName(ledger::Reason::kLocationUnknown, "location", code)
                                 : grpc::Status::OK;
}

grpc::Status FindPosition(const v1::Position& position, const engine::Catalogue& catalogue,
                          PositionKey& key) {
  if (auto status = FindItem(position.sku(), catalogue, key.item); !status.ok()) return status;
  return FindLocation(position.location(), catalogue, key.location);
}

grpc::Status FindChannel(const std::string& channel_id, const engine::Catalogue& catalogue,
                         ChannelId& channel) {
  channel = kNoChannel;
  if (channel_id.empty()) return grpc::Status::OK;
  if (auto status = CheckId("channel", channel_id); !status.ok()) return status;
  channel = catalogue.FindChannel(channel_id);
  return channel == kNoChannel ? UnknownName(ledger::Reason::kChannelUnknown, "channel", channel_id)
                               : grpc::Status::OK;
}

grpc::Status FindGroup(const std::string& group_id, const engine::Catalogue& catalogue,
                       GroupId& group) {
  if (auto status = CheckId("group", group_id); !status.ok()) return status;
  group = catalogue.FindGroup(group_id);
  return group == kNoGroup ? UnknownName(ledger::Reason::kGroupUnknown, "group", group_id)
                           : grpc::Status::OK;
}

}  // namespace stockd::rpc
