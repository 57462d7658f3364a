#include "adapters/sample/open_hours.h"

#include <fmt/format.h>

#include <chrono>
#include <initializer_list>
#include <string_view>

#include "adapters/sample/chain.h"

namespace stockd::sample {
namespace {

constexpr int64_t kMinuteSeconds = 60;

struct Hours {
  std::string_view opens;
  std::string_view closes;
};

// What the stores of a country have in common.
struct Country {
  std::string_view id;
  Hours weekdays;
  Hours saturday;
  Hours sunday;  // Empty: closed.
};

constexpr Country kCountries[] = {
    {.id = "turkiye",
     .weekdays = {"10:00", "22:00"},
     .saturday = {"10:00", "22:00"},
     .sunday = {"11:00", "21:00"}},
    {.id = "poland", .weekdays = {"09:00", "21:00"}, .saturday = {"09:00", "20:00"}, .sunday = {}},
    {.id = "britain",
     .weekdays = {"08:00", "20:00"},
     .saturday = {"09:00", "19:00"},
     .sunday = {"11:00", "17:00"}},
};

struct Holiday {
  std::string_view country;
  std::string_view day;  // Month and day.
  std::string_view name;
  Hours hours;  // Empty: closed.
};

constexpr Holiday kHolidays[] = {
    {.country = "turkiye", .day = "01-01", .name = "New Year's Day", .hours = {}},
    {.country = "turkiye", .day = "10-29", .name = "Republic Day", .hours = {"12:00", "20:00"}},
    {.country = "poland", .day = "11-11", .name = "Independence Day", .hours = {}},
    {.country = "poland", .day = "12-24", .name = "Christmas Eve", .hours = {"09:00", "14:00"}},
    {.country = "poland", .day = "12-25", .name = "Christmas Day", .hours = {}},
    {.country = "britain", .day = "12-25", .name = "Christmas Day", .hours = {}},
    {.country = "britain", .day = "12-26", .name = "Boxing Day", .hours = {"10:00", "16:00"}},
};

const Country& CountryOf(const Site& store) {
  for (const Country& country : kCountries) {
    if (country.id == store.country) return country;
  }
  __builtin_unreachable();  // chain.cc knows no other; open_hours_test looks at all of them.
}

void AddHours(v1::StoreCalendar& calendar, v1::Weekday first, v1::Weekday last, Hours hours) {
  if (hours.opens.empty()) return;
  for (int day = first; day <= last; ++day) {
    v1::WeeklyHours& row = *calendar.add_weekly_hours();
    row.set_weekday(static_cast<v1::Weekday>(day));
    row.set_opens(std::string(hours.opens));
    row.set_closes(std::string(hours.closes));
  }
}

void AddHolidays(v1::StoreCalendar& calendar, std::string_view country, int year) {
  for (const Holiday& holiday : kHolidays) {
    if (holiday.country != country) continue;
    v1::SpecialDay& day = *calendar.add_special_days();
    day.set_date(fmt::format("{}-{}", year, holiday.day));
    day.set_name(std::string(holiday.name));
    if (holiday.hours.opens.empty()) continue;
    v1::OpenHours& hours = *day.add_hours();
    hours.set_opens(std::string(holiday.hours.opens));
    hours.set_closes(std::string(holiday.hours.closes));
  }
}

}  // namespace

v1::PutCalendarsRequest StoreCalendars(sdk::Timestamp at) {
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(at));
  const int year = static_cast<int>(today.year());
  v1::PutCalendarsRequest request;
  for (const Site& store : Stores()) {
    const Country& country = CountryOf(store);
    v1::StoreCalendar& calendar = *request.add_calendars();
    calendar.set_location(std::string(store.code));
    AddHours(calendar, v1::WEEKDAY_MONDAY, v1::WEEKDAY_FRIDAY, country.weekdays);
    AddHours(calendar, v1::WEEKDAY_SATURDAY, v1::WEEKDAY_SATURDAY, country.saturday);
    AddHours(calendar, v1::WEEKDAY_SUNDAY, v1::WEEKDAY_SUNDAY, country.sunday);
    for (const int of : {year, year + 1}) AddHolidays(calendar, store.country, of);
    // Whoever has more tills has more hands.
    calendar.set_picks_per_slot(2 * store.tills);
    calendar.mutable_slot_length()->set_seconds(60 * kMinuteSeconds);
    calendar.mutable_ready_lead()->set_seconds((store.tills >= 4 ? 60 : 120) * kMinuteSeconds);
    calendar.mutable_order_cutoff()->set_seconds(15 * kMinuteSeconds);
  }
  return request;
}

}  // namespace stockd::sample
