#pragma once

#include <grpcpp/support/status.h>

#include <optional>
#include <string>
#include <string_view>

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "daemon/base/time.h"

namespace stockd::rpc {

// Shape checks of outside input. Each returns OK or INVALID_ARGUMENT naming the field.

// An id: 1 to 128 bytes without control characters. (gRPC has refused what is not UTF-8.)
grpc::Status CheckId(std::string_view field, std::string_view value);
// The same, or empty.
grpc::Status CheckOptionalId(std::string_view field, std::string_view value);
// Text for people: at most `bytes_max` bytes without control characters.
grpc::Status CheckText(std::string_view field, std::string_view value, size_t bytes_max);

// Rows in a page: 0 means 100, more than 1000 is lowered to 1000. Negative is refused.
grpc::Status CheckPageSize(int32_t page_size, int& rows);

// Page tokens are opaque to callers: a kind, so that a token of another list is refused, and the
// key of the last row.
std::string MakePageToken(char kind, std::string_view key);
grpc::Status ParsePageToken(char kind, std::string_view token, std::string& key);
grpc::Status ParsePageToken(char kind, std::string_view token, int64_t& key);

// Conversions. Empty when out of range (years 1 to 9999) or malformed.
std::optional<Timestamp> FromProto(const google::protobuf::Timestamp& proto);
void ToProto(Timestamp time, google::protobuf::Timestamp& proto);
std::optional<Duration> FromProto(const google::protobuf::Duration& proto);

}  // namespace stockd::rpc
