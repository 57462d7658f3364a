// Calendars and instants in the words of a person, for tests.
#pragma once

#include <absl/time/time.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "daemon/base/time.h"
#include "daemon/fulfilment/open_time.h"

namespace stockd::fulfilment {

inline absl::TimeZone Zone(const std::string& name) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(name, &zone)) ADD_FAILURE() << "no time zone " << name;
  return zone;
}

// "2026-03-29 01:30:00 +0100": a wall clock with its offset, so that no instant is ambiguous.
inline Timestamp Instant(const std::string& text) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime("%Y-%m-%d %H:%M:%E*S %z", text, &time, &error)) {
    ADD_FAILURE() << text << ": " << error;
  }
  return FromMicros(absl::ToUnixMicros(time));
}

// The same, back.
inline std::string WallClock(Timestamp at, absl::TimeZone zone) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%E*S %z", absl::FromUnixMicros(ToMicros(at)), zone);
}

inline std::string WallClock(std::optional<Timestamp> at, absl::TimeZone zone) {
  return at ? WallClock(*at, zone) : "never";
}

// Hours given as 900 for 09:00, 2630 for half past two of the next day.
inline OpenHours Hours(int opens, int closes) {
  return {.opens_minute = opens / 100 * 60 + opens % 100,
          .closes_minute = closes / 100 * 60 + closes % 100};
}

// The same hours on every day.
inline StoreCalendar Daily(std::vector<OpenHours> hours) {
  StoreCalendar calendar;
  calendar.weekly.fill(hours);
  return calendar;
}

// The same hours on every day, in a zone.
inline OpenTime DailyIn(const std::string& zone, std::vector<OpenHours> hours) {
  return OpenTime(Daily(std::move(hours)), Zone(zone));
}

}  // namespace stockd::fulfilment
