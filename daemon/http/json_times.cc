#include "daemon/http/json_times.h"

#include <absl/strings/numbers.h>
#include <absl/time/time.h>

#include <chrono>
#include <cstdint>
#include <cstdio>

namespace stockd::http {
namespace {

constexpr int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z
constexpr int64_t kDurationSecondsMax = 315'576'000'000;
constexpr int32_t kNanosPerSecond = 1'000'000'000;
constexpr size_t kDecimalsMax = 9;

void AppendPadded(int64_t number, size_t width, std::string& out) {
  char digits[24];
  size_t length = 0;
  do {
    digits[length++] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number > 0);
  out.append(width > length ? width - length : 0, '0');
  while (length > 0) out += digits[--length];
}

// ".5" as ".500": 3, 6 or 9 decimals, or nothing.
void AppendDecimals(int32_t nanos, std::string& out) {
  if (nanos == 0) return;
  out += '.';
  if (nanos % 1'000'000 == 0) return AppendPadded(nanos / 1'000'000, 3, out);
  if (nanos % 1'000 == 0) return AppendPadded(nanos / 1'000, 6, out);
  AppendPadded(nanos, 9, out);
}

// Reads digits at the front of `text`; false without one.
bool TakeDigits(std::string_view& text, size_t max, int64_t& number, size_t& count) {
  number = 0;
  for (count = 0; count < text.size() && text[count] >= '0' && text[count] <= '9'; ++count) {
    if (count == max) return false;
    number = number * 10 + (text[count] - '0');
  }
  text.remove_prefix(count);
  return count > 0;
}

}  // namespace

bool AppendTimestamp(const google::protobuf::Timestamp& value, std::string& out) {
  using std::chrono::seconds;
  if (value.seconds() < kFirstSecond || value.seconds() > kLastSecond) return false;
  if (value.nanos() < 0 || value.nanos() >= kNanosPerSecond) return false;
  const std::chrono::sys_seconds instant{seconds(value.seconds())};
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(instant - day);
  AppendPadded(static_cast<int>(date.year()), 4, out);
  out += '-';
  AppendPadded(static_cast<unsigned>(date.month()), 2, out);
  out += '-';
  AppendPadded(static_cast<unsigned>(date.day()), 2, out);
  out += 'T';
  AppendPadded(time.hours().count(), 2, out);
  out += ':';
  AppendPadded(time.minutes().count(), 2, out);
  out += ':';
  AppendPadded(time.seconds().count(), 2, out);
  AppendDecimals(value.nanos(), out);
  out += 'Z';
  return true;
}

bool AppendDuration(const google::protobuf::Duration& value, std::string& out) {
  const int64_t seconds = value.seconds();
  const int32_t nanos = value.nanos();
  if (seconds < -kDurationSecondsMax || seconds > kDurationSecondsMax) return false;
  if (nanos <= -kNanosPerSecond || nanos >= kNanosPerSecond) return false;
  if ((seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0)) return false;
  if (seconds < 0 || nanos < 0) out += '-';
  AppendPadded(seconds < 0 ? -seconds : seconds, 1, out);
  AppendDecimals(nanos < 0 ? -nanos : nanos, out);
  out += 's';
  return true;
}

bool ParseTimestamp(std::string_view text, google::protobuf::Timestamp& value) {
  // Abseil would skip white space at either end, and take other letters and "infinite-past".
  if (text.size() < 20 || text[4] != '-' || text[10] != 'T') return false;
  for (const char c : text) {
    const bool known = (c >= '0' && c <= '9') || c == '-' || c == '+' || c == ':' || c == '.' ||
                       c == 'T' || c == 'Z';
    if (!known) return false;
  }
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, absl::string_view(text.data(), text.size()), &time,
                       &error)) {
    return false;
  }
  const int64_t seconds = absl::ToUnixSeconds(time);
  if (seconds < kFirstSecond || seconds > kLastSecond) return false;
  value.set_seconds(seconds);
  value.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return true;
}

bool ParseDuration(std::string_view text, google::protobuf::Duration& value) {
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  int64_t seconds = 0;
  int64_t nanos = 0;
  size_t digits = 0;
  if (!TakeDigits(text, 12, seconds, digits) || seconds > kDurationSecondsMax) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!TakeDigits(text, kDecimalsMax, nanos, digits)) return false;
    for (; digits < kDecimalsMax; ++digits) nanos *= 10;
  }
  if (text != "s") return false;
  value.set_seconds(is_negative ? -seconds : seconds);
  value.set_nanos(static_cast<int32_t>(is_negative ? -nanos : nanos));
  return true;
}

}  // namespace stockd::http
