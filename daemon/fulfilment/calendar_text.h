// Times and dates of calendars as people write them: in messages, in the database, on the screen.
#pragma once

#include <absl/time/civil_time.h>

#include <optional>
#include <string>
#include <string_view>

#include "daemon/fulfilment/store_calendar.h"

namespace stockd::fulfilment {

// "2026-12-25", years 0001 to 9999.
std::string DateText(absl::CivilDay date);
std::optional<absl::CivilDay> ParseDate(std::string_view text);

// "09:00"; the minute of a day that is 1440 is "24:00", a later one the time of the next day.
std::string MinuteText(int minute);
// From "00:00" to "24:00".
std::optional<int> ParseMinute(std::string_view text);

// Hours from one time to another; a closing time that is not later than the opening is that of the
// next day. Empty when one is no time, or `opens` is "24:00".
std::optional<OpenHours> MakeHours(std::string_view opens, std::string_view closes);

// "09:00-20:00", as MakeHours() reads its two times.
std::string HoursText(const OpenHours& hours);
std::optional<OpenHours> ParseHours(std::string_view text);

}  // namespace stockd::fulfilment
