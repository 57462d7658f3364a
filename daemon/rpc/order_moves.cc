#include "daemon/rpc/order_moves.h"

namespace stockd::rpc {

grpc::Status ParseMove(const std::string& order_id, int fulfilment, const std::string& request_id,
                       const google::protobuf::Timestamp* occur_time, const std::string& note,
                       AskedMove& asked) {
  if (auto status = CheckId("order_id", order_id); !status.ok()) return status;
  if (fulfilment < 0) return InvalidField("fulfilment", "is negative");
  if (auto status = CheckId("request_id", request_id); !status.ok()) return status;
  if (auto status = CheckText("note", note, sync::kNoteBytesMax); !status.ok()) return status;
  asked.happens_now = occur_time == nullptr;
  if (occur_time != nullptr) {
    const auto instant = FromProto(*occur_time);
    if (!instant) return InvalidField("occur_time", "is not within the years 1 to 9999");
    asked.header.occurred_at = *instant;
  }
  asked.header.order_id = order_id;
  asked.header.fulfilment = fulfilment;
  asked.header.request_id = request_id;
  asked.header.note = note;
  return grpc::Status::OK;
}

}  // namespace stockd::rpc
