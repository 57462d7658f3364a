#include "daemon/fulfilment/store_calendar.h"

#include <algorithm>

namespace stockd::fulfilment {

StoreCalendar RoundTheClock() {
  StoreCalendar calendar;
  calendar.weekly.fill({{.opens_minute = 0, .closes_minute = kMinutesOfDay}});
  return calendar;
}

const SpecialDay* FindSpecialDay(const StoreCalendar& calendar, absl::CivilDay date) {
  const auto found = std::ranges::lower_bound(calendar.special_days, date, {}, &SpecialDay::date);
  return found == calendar.special_days.end() || found->date != date ? nullptr : &*found;
}

std::span<const OpenHours> HoursOn(const StoreCalendar& calendar, absl::CivilDay date) {
  if (const SpecialDay* special = FindSpecialDay(calendar, date)) return special->hours;
  // Abseil's weekdays are numbered from Monday, which is 0.
  return calendar.weekly[static_cast<size_t>(absl::GetWeekday(date))];
}

}  // namespace stockd::fulfilment
