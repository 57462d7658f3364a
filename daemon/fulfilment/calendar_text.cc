#include "daemon/fulfilment/calendar_text.h"

#include <absl/strings/str_format.h>

namespace stockd::fulfilment {
namespace {

// Exactly `digits` of them at `at`; -1 when something else stands there.
int NumberAt(std::string_view text, size_t at, size_t digits) {
  int number = 0;
  for (size_t i = at; i < at + digits; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9') return -1;
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

}  // namespace

std::string DateText(absl::CivilDay date) {
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

std::optional<absl::CivilDay> ParseDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = NumberAt(text, 0, 4);
  const int month = NumberAt(text, 5, 2);
  const int day = NumberAt(text, 8, 2);
  if (year < 1 || month < 1 || day < 1) return std::nullopt;
  const absl::CivilDay date(year, month, day);
  // The 31st of April would be the 1st of May.
  if (date.month() != month || date.day() != day) return std::nullopt;
  return date;
}

std::string MinuteText(int minute) {
  if (minute > kMinutesOfDay) minute -= kMinutesOfDay;
  return absl::StrFormat("%02d:%02d", minute / 60, minute % 60);
}

std::optional<int> ParseMinute(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const int hour = NumberAt(text, 0, 2);
  const int minute = NumberAt(text, 3, 2);
  if (hour < 0 || minute < 0 || minute > 59) return std::nullopt;
  const int whole = hour * 60 + minute;
  return whole > kMinutesOfDay ? std::nullopt : std::optional(whole);
}

std::optional<OpenHours> MakeHours(std::string_view opens, std::string_view closes) {
  const std::optional<int> from = ParseMinute(opens);
  const std::optional<int> until = ParseMinute(closes);
  if (!from || !until || *from == kMinutesOfDay) return std::nullopt;
  return OpenHours{.opens_minute = *from,
                   .closes_minute = *until > *from ? *until : *until + kMinutesOfDay};
}

std::string HoursText(const OpenHours& hours) {
  return MinuteText(hours.opens_minute) + "-" + MinuteText(hours.closes_minute);
}

std::optional<OpenHours> ParseHours(std::string_view text) {
  const size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  return MakeHours(text.substr(0, dash), text.substr(dash + 1));
}

}  // namespace stockd::fulfilment
