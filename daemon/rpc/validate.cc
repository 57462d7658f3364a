#include "daemon/rpc/validate.h"

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <charconv>

#include "daemon/rpc/status.h"

namespace stockd::rpc {
namespace {

constexpr size_t kIdBytesMax = 128;
constexpr int kPageRowsDefault = 100;
constexpr int kPageRowsMax = 1000;

bool HasControlCharacter(std::string_view value) {
  return std::ranges::any_of(
      value, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

grpc::Status BadPageToken() {
  return MakeStatus(grpc::StatusCode::INVALID_ARGUMENT, "PAGE_TOKEN_INVALID",
                    "page_token is not one that this list gave out. Begin again without one.",
                    {{"field", "page_token"}});
}

}  // namespace

grpc::Status CheckId(std::string_view field, std::string_view value) {
  if (value.empty()) return InvalidField(field, "is required");
  return CheckText(field, value, kIdBytesMax);
}

grpc::Status CheckOptionalId(std::string_view field, std::string_view value) {
  return CheckText(field, value, kIdBytesMax);
}

grpc::Status CheckText(std::string_view field, std::string_view value, size_t bytes_max) {
  if (value.size() > bytes_max) {
    return InvalidField(field, "is longer than " + std::to_string(bytes_max) + " bytes");
  }
  if (HasControlCharacter(value)) return InvalidField(field, "has a control character");
  return grpc::Status::OK;
}

grpc::Status CheckPageSize(int32_t page_size, int& rows) {
  if (page_size < 0) return InvalidField("page_size", "is negative");
  rows = page_size == 0 ? kPageRowsDefault : std::min(page_size, kPageRowsMax);
  return grpc::Status::OK;
}

std::string MakePageToken(char kind, std::string_view key) {
  return absl::WebSafeBase64Escape(
      absl::StrCat(absl::string_view(&kind, 1), absl::string_view(key.data(), key.size())));
}

grpc::Status ParsePageToken(char kind, std::string_view token, std::string& key) {
  key.clear();
  if (token.empty()) return grpc::Status::OK;
  std::string plain;
  if (!absl::WebSafeBase64Unescape(absl::string_view(token.data(), token.size()), &plain) ||
      plain.empty() || plain.front() != kind) {
    return BadPageToken();
  }
  key = plain.substr(1);
  return grpc::Status::OK;
}

grpc::Status ParsePageToken(char kind, std::string_view token, int64_t& key) {
  key = 0;
  std::string text;
  if (grpc::Status status = ParsePageToken(kind, token, text); !status.ok() || text.empty())
    return status;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), key);
  if (error != std::errc{} || end != text.data() + text.size() || key < 0) return BadPageToken();
  return grpc::Status::OK;
}

std::optional<Timestamp> FromProto(const google::protobuf::Timestamp& proto) {
  constexpr int64_t kSecondsMin = -62'135'596'800;  // Year 1.
  constexpr int64_t kSecondsMax = 253'402'300'799;  // Year 9999.
  if (proto.seconds() < kSecondsMin || proto.seconds() > kSecondsMax) return std::nullopt;
  if (proto.nanos() < 0 || proto.nanos() > 999'999'999) return std::nullopt;
  return FromMicros(proto.seconds() * 1'000'000 + proto.nanos() / 1000);
}

void ToProto(Timestamp time, google::protobuf::Timestamp& proto) {
  const int64_t micros = ToMicros(time);
  int64_t seconds = micros / 1'000'000;
  int64_t rest = micros % 1'000'000;
  if (rest < 0) {
    rest += 1'000'000;
    --seconds;
  }
  proto.set_seconds(seconds);
  proto.set_nanos(static_cast<int32_t>(rest * 1000));
}

std::optional<Duration> FromProto(const google::protobuf::Duration& proto) {
  constexpr int64_t kSecondsMax = 315'576'000'000;  // As documented for the well-known type.
  if (proto.seconds() < -kSecondsMax || proto.seconds() > kSecondsMax) return std::nullopt;
  if (proto.nanos() <= -1'000'000'000 || proto.nanos() >= 1'000'000'000) return std::nullopt;
  if ((proto.seconds() > 0 && proto.nanos() < 0) || (proto.seconds() < 0 && proto.nanos() > 0))
    return std::nullopt;
  return Duration{proto.seconds() * 1'000'000 + proto.nanos() / 1000};
}

}  // namespace stockd::rpc
