#include "daemon/ctl/format.h"

#include <google/protobuf/util/json_util.h>

#include <array>
#include <cstdio>
#include <ostream>

#include "daemon/base/time_text.h"

namespace stockd::ctl {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;

std::string Decimal(double value, const char* unit) {
  std::array<char, 48> text;
  std::snprintf(text.data(), text.size(), "%.1f %s", value, unit);
  return text.data();
}

}  // namespace

Timestamp ToTimestamp(const google::protobuf::Timestamp& instant) {
  return FromMicros(instant.seconds() * kMicrosPerSecond + instant.nanos() / 1000);
}

google::protobuf::Timestamp ToProto(Timestamp time) {
  const int64_t micros = ToMicros(time);
  int64_t seconds = micros / kMicrosPerSecond;
  if (micros % kMicrosPerSecond < 0) --seconds;  // Towards the past, as the format wants it.
  google::protobuf::Timestamp instant;
  instant.set_seconds(seconds);
  instant.set_nanos(static_cast<int32_t>((micros - seconds * kMicrosPerSecond) * 1000));
  return instant;
}

google::protobuf::Duration ToProto(Duration duration) {
  google::protobuf::Duration proto;
  proto.set_seconds(duration.count() / kMicrosPerSecond);
  proto.set_nanos(static_cast<int32_t>(duration.count() % kMicrosPerSecond * 1000));
  return proto;
}

std::string FormatInstant(const google::protobuf::Timestamp& instant) {
  const bool unset = instant.seconds() == 0 && instant.nanos() == 0;
  return unset ? "" : FormatTimestamp(ToTimestamp(instant));
}

std::string FormatSecond(const google::protobuf::Timestamp& instant) {
  google::protobuf::Timestamp second = instant;
  second.set_nanos(0);
  return FormatInstant(second);
}

std::string FormatLength(Duration length) {
  const int64_t seconds = length.count() / kMicrosPerSecond;
  const auto two = [](int64_t large, const char* large_unit, int64_t small,
                      const char* small_unit) {
    std::string text = std::to_string(large) + large_unit;
    if (small > 0) text += " " + std::to_string(small) + small_unit;
    return text;
  };
  if (seconds < 60) return std::to_string(seconds) + "s";
  if (seconds < 3600) return two(seconds / 60, "m", seconds % 60, "s");
  if (seconds < 86400) return two(seconds / 3600, "h", seconds % 3600 / 60, "m");
  return two(seconds / 86400, "d", seconds % 86400 / 3600, "h");
}

std::string FormatDeadline(const google::protobuf::Timestamp& instant, Timestamp now) {
  const std::string text = FormatSecond(instant);
  if (text.empty()) return text;
  const Duration away = ToTimestamp(instant) - now;
  if (away.count() > 0) return text + " (in " + FormatLength(away) + ")";
  return text + " (" + FormatLength(-away) + " ago)";
}

std::string FormatDistance(double metres) {
  if (metres < 1000) return std::to_string(static_cast<int64_t>(metres + 0.5)) + " m";
  return Decimal(metres / 1000, "km");
}

std::string FormatCoordinate(double latitude, double longitude) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), "%.8g,%.8g", latitude, longitude);
  return text.data();
}

std::string FormatMoney(int64_t micros, std::string_view currency) {
  std::array<char, 48> text;
  const bool negative = micros < 0;
  const uint64_t size =
      negative ? 0 - static_cast<uint64_t>(micros) : static_cast<uint64_t>(micros);
  std::snprintf(text.data(), text.size(), "%s%llu.%06llu", negative ? "-" : "",
                static_cast<unsigned long long>(size / kMicrosPerSecond),
                static_cast<unsigned long long>(size % kMicrosPerSecond));
  std::string money = text.data();
  for (int spare = 4; spare > 0 && money.back() == '0'; --spare) money.pop_back();
  if (!currency.empty()) money += " " + std::string(currency);
  return money;
}

std::string FormatSize(int64_t bytes) {
  constexpr std::array<const char*, 4> kUnits = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return std::to_string(bytes) + " B";
  double size = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  while (size >= 1024 && unit + 1 < kUnits.size()) {
    size /= 1024;
    ++unit;
  }
  return Decimal(size, kUnits[unit]);
}

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;  // A script need not know which zeros are left out.
  std::string json;
  // Fails only for instants outside of years 1 to 9999, which the daemon does not send.
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) return "{\"error\":\"the answer has no JSON form\"}";
  return json;
}

ExitCode PrintJson(const Session& session, const google::protobuf::Message& message) {
  session.out << ToJson(message) << '\n';
  return ExitCode::kOk;
}

void NoteIfMore(const Session& session, std::string_view next_page_token) {
  if (next_page_token.empty()) return;
  session.err << "There are more rows: raise --limit (0 is all).\n";
}

}  // namespace stockd::ctl
