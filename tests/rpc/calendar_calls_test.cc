// Calendars over the wire: what is put comes back and acts, what is wrong is refused by name, and a
// change at run time harms nobody.
#include <gmock/gmock.h>

#include <functional>
#include <thread>

#include "daemon/base/time_text.h"
#include "tests/rpc/daemon_fixture.h"

namespace stockd::support {
namespace {

using grpc::StatusCode;
using testing::HasSubstr;
using Catalogue = GrpcClient::Catalogue;

void AddHours(v1::StoreCalendar& calendar, v1::Weekday weekday, const std::string& opens,
              const std::string& closes) {
  v1::WeeklyHours& hours = *calendar.add_weekly_hours();
  hours.set_weekday(weekday);
  hours.set_opens(opens);
  hours.set_closes(closes);
}

v1::SpecialDay& AddSpecialDay(v1::StoreCalendar& calendar, const std::string& date,
                              const std::string& name, const std::string& opens = "",
                              const std::string& closes = "") {
  v1::SpecialDay& day = *calendar.add_special_days();
  day.set_date(date);
  day.set_name(name);
  if (!opens.empty()) {
    v1::OpenHours& hours = *day.add_hours();
    hours.set_opens(opens);
    hours.set_closes(closes);
  }
  return day;
}

// Mondays and Saturdays, two special days, every figure set; in the order in which it is listed.
v1::StoreCalendar FullCalendar(const std::string& location) {
  v1::StoreCalendar calendar;
  calendar.set_location(location);
  AddHours(calendar, v1::WEEKDAY_MONDAY, "09:00", "13:00");
  AddHours(calendar, v1::WEEKDAY_MONDAY, "14:00", "24:00");
  AddHours(calendar, v1::WEEKDAY_SATURDAY, "18:00", "02:30");
  AddSpecialDay(calendar, "2026-12-24", "Christmas Eve", "09:00", "14:00");
  AddSpecialDay(calendar, "2026-12-25", "Christmas");
  calendar.mutable_slot_length()->set_seconds(1800);
  calendar.set_picks_per_slot(4);
  calendar.mutable_ready_lead()->set_seconds(3600);
  calendar.mutable_order_cutoff()->set_seconds(600);
  calendar.set_hold_open_days(5);
  calendar.mutable_remind_after()->set_seconds(7200);
  return calendar;
}

class CalendarCalls : public DaemonFixture {
 protected:
  template <typename Request, typename Response>
  Response Call(grpc::Status (Catalogue::*method)(grpc::ClientContext*, const Request&, Response*),
                const Request& request) {
    Response response;
    const grpc::Status status = client().Call(client().catalogue(), method, request, response);
    EXPECT_TRUE(status.ok()) << Describe(status);
    return response;
  }

  v1::PutCalendarsResponse Put(const v1::StoreCalendar& calendar) {
    v1::PutCalendarsRequest request;
    *request.add_calendars() = calendar;
    return Call(&Catalogue::PutCalendars, request);
  }

  v1::ListCalendarsResponse List() {
    return Call(&Catalogue::ListCalendars, v1::ListCalendarsRequest());
  }

  void PutZone(const std::string& location, const std::string& zone) {
    v1::PutLocationsRequest request;
    v1::Location& row = *request.add_locations();
    row.set_code(location);
    row.set_time_zone(zone);
    Call(&Catalogue::PutLocations, request);
  }

  v1::ListOpenDaysResponse OpenDays(const std::string& location, const std::string& start,
                                    int32_t day_count) {
    v1::ListOpenDaysRequest request;
    request.set_location(location);
    request.mutable_start_time()->set_seconds(ToMicros(*ParseTimestamp(start)) / 1'000'000);
    request.set_day_count(day_count);
    return Call(&Catalogue::ListOpenDays, request);
  }
};

TEST_F(CalendarCalls, ACalendarComesBackAsItWasPut) {
  const v1::StoreCalendar calendar = FullCalendar("S01");
  EXPECT_EQ(Put(calendar).created(), 1);
  ASSERT_EQ(List().calendars_size(), 1);
  EXPECT_EQ(List().calendars(0).SerializeAsString(), calendar.SerializeAsString());
  Restart();
  ASSERT_EQ(List().calendars_size(), 1);
  EXPECT_EQ(List().calendars(0).SerializeAsString(), calendar.SerializeAsString());
  EXPECT_EQ(Put(calendar).changed(), 0);
}

TEST_F(CalendarCalls, TheOrderOfHoursAndDaysDoesNotMatter) {
  const v1::StoreCalendar calendar = FullCalendar("S01");
  Put(calendar);
  v1::StoreCalendar shuffled = calendar;
  shuffled.mutable_weekly_hours()->SwapElements(0, 2);
  shuffled.mutable_special_days()->SwapElements(0, 1);
  const auto response = Put(shuffled);
  EXPECT_EQ(response.created() + response.changed(), 0);
  EXPECT_EQ(List().calendars(0).SerializeAsString(), calendar.SerializeAsString());
}

TEST_F(CalendarCalls, WhatIsUnsetIsTheDefault) {
  v1::StoreCalendar calendar;
  calendar.set_location("S02");
  Put(calendar);
  const v1::StoreCalendar listed = List().calendars(0);
  EXPECT_EQ(listed.weekly_hours_size(), 0);
  EXPECT_EQ(listed.slot_length().seconds(), 3600);
  EXPECT_EQ(listed.picks_per_slot(), 0);
  EXPECT_EQ(listed.ready_lead().seconds(), 7200);
  EXPECT_EQ(listed.order_cutoff().seconds(), 0);
  EXPECT_EQ(listed.hold_open_days(), 3);
  EXPECT_EQ(listed.remind_after().seconds(), 86'400);
  calendar.mutable_remind_after();  // Set, to nothing.
  EXPECT_EQ(Put(calendar).changed(), 1);
  EXPECT_EQ(List().calendars(0).remind_after().seconds(), 0);
}

TEST_F(CalendarCalls, ARemovedCalendarIsGoneForGood) {
  Put(FullCalendar("S01"));
  v1::StoreCalendar removal;
  removal.set_location("S01");
  removal.set_remove(true);
  EXPECT_EQ(Put(removal).changed(), 1);
  EXPECT_EQ(Put(removal).changed(), 0);
  EXPECT_EQ(List().calendars_size(), 0);
  Restart();
  EXPECT_EQ(List().calendars_size(), 0);
  const auto days = OpenDays("S01", "2026-11-28T12:00:00Z", 1);
  EXPECT_TRUE(days.open());
  EXPECT_FALSE(days.has_calendar());
  EXPECT_FALSE(days.has_change_time());
  EXPECT_EQ(days.days(0).openings(0).closes(), "24:00");
}

TEST_F(CalendarCalls, ListsComeInPagesWithoutGapsOrRepetitions) {
  v1::PutLocationsRequest locations;
  v1::PutCalendarsRequest calendars;
  for (int i = 0; i < 25; ++i) {
    const std::string code = "P" + std::to_string(100 + i);
    locations.add_locations()->set_code(code);
    calendars.add_calendars()->set_location(code);
  }
  Call(&Catalogue::PutLocations, locations);
  EXPECT_EQ(Call(&Catalogue::PutCalendars, calendars).created(), 25);
  std::vector<std::string> codes;
  v1::ListCalendarsRequest request;
  request.set_page_size(5);
  int pages = 0;
  do {
    const auto page = Call(&Catalogue::ListCalendars, request);
    for (const auto& calendar : page.calendars()) codes.push_back(calendar.location());
    request.set_page_token(page.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 5);
  EXPECT_EQ(codes.size(), 25U);
  EXPECT_TRUE(std::ranges::is_sorted(codes, std::ranges::less_equal()));
}

TEST_F(CalendarCalls, OpenDaysAreInLocalTimeAndKnowTheClockChange) {
  PutZone("S01", "Europe/Warsaw");
  v1::StoreCalendar calendar;
  calendar.set_location("S01");
  for (int day = v1::WEEKDAY_MONDAY; day <= v1::WEEKDAY_SATURDAY; ++day) {
    AddHours(calendar, static_cast<v1::Weekday>(day), "18:00", "02:30");
  }
  AddSpecialDay(calendar, "2026-10-26", "Stock-take", "12:00", "24:00");
  Put(calendar);
  const auto days = OpenDays("S01", "2026-10-23T22:30:00Z", 4);  // 00:30 on Saturday.
  EXPECT_EQ(days.time_zone(), "Europe/Warsaw");
  EXPECT_EQ(days.calendar().location(), "S01");
  EXPECT_TRUE(days.open());
  EXPECT_EQ(FormatTimestamp(FromMicros(days.change_time().seconds() * 1'000'000)),
            "2026-10-24T00:30:00Z");
  ASSERT_EQ(days.days_size(), 4);
  EXPECT_EQ(days.days(0).date(), "2026-10-24");
  EXPECT_EQ(days.days(0).weekday(), v1::WEEKDAY_SATURDAY);
  // The clocks go back in this night, at three to two; it closes at the first half past two.
  ASSERT_EQ(days.days(0).openings_size(), 1);
  EXPECT_EQ(days.days(0).openings(0).opens(), "18:00");
  EXPECT_EQ(days.days(0).openings(0).closes(), "02:30");
  EXPECT_EQ(
      FormatTimestamp(FromMicros(days.days(0).openings(0).close_time().seconds() * 1'000'000)),
      "2026-10-25T00:30:00Z");
  EXPECT_EQ(days.days(1).openings_size(), 0);  // Sunday.
  EXPECT_TRUE(days.days(2).special());
  EXPECT_EQ(days.days(2).name(), "Stock-take");
  EXPECT_EQ(days.days(2).openings(0).closes(), "24:00");
  EXPECT_EQ(FormatTimestamp(FromMicros(days.days(2).openings(0).open_time().seconds() * 1'000'000)),
            "2026-10-26T11:00:00Z");
}

TEST_F(CalendarCalls, AnotherTimeZoneMovesTheHours) {
  v1::StoreCalendar calendar = FullCalendar("S01");
  Put(calendar);
  const auto opens = [this] {
    return OpenDays("S01", "2026-11-30T12:00:00Z", 1).days(0).openings(0).open_time().seconds();
  };
  PutZone("S01", "UTC");
  const int64_t utc = opens();
  PutZone("S01", "Asia/Kolkata");
  EXPECT_EQ(opens(), utc - 19'800);
  Restart();
  EXPECT_EQ(opens(), utc - 19'800);
}

// Readers keep what they have begun with; under the thread sanitizer this would tell.
TEST_F(CalendarCalls, CalendarsChangeWhileTheyAreRead) {
  std::atomic<bool> done{false};
  std::thread reader([&] {
    while (!done.load()) {
      const auto days = OpenDays("S01", "2026-11-30T12:00:00Z", 3);
      // Either the one or the other, never a mixture.
      EXPECT_EQ(days.days(0).openings_size(), days.has_calendar() ? 2 : 1);
    }
  });
  v1::StoreCalendar removal;
  removal.set_location("S01");
  removal.set_remove(true);
  for (int i = 0; i < 50; ++i) Put(i % 2 == 0 ? FullCalendar("S01") : removal);
  done.store(true);
  reader.join();
}

// --- What is wrong is refused, by name, and changes nothing.
// --------------------------------------

struct BadCalendar {
  std::string field;    // Of calendars[1]; empty: the call is refused for another reason.
  std::string message;  // A part of it.
  std::function<void(v1::StoreCalendar&)> spoil;
};

TEST_F(CalendarCalls, WhatIsWrongIsRefusedByNameAndChangesNothing) {
  const std::vector<BadCalendar> cases = {
      {"location", "is required", [](auto& c) { c.clear_location(); }},
      {"location", "longer than 128", [](auto& c) { c.set_location(std::string(129, 'x')); }},
      {"location", "twice", [](auto& c) { c.set_location("S01"); }},
      {"weekly_hours[0].weekday", "day of the week",
       [](auto& c) { c.mutable_weekly_hours(0)->clear_weekday(); }},
      {"weekly_hours[0].weekday", "day of the week",
       [](auto& c) { c.mutable_weekly_hours(0)->set_weekday(static_cast<v1::Weekday>(8)); }},
      {"weekly_hours[1]", "is not a time",
       [](auto& c) { c.mutable_weekly_hours(1)->clear_opens(); }},
      {"weekly_hours[1]", "is not a time",
       [](auto& c) { c.mutable_weekly_hours(1)->set_opens("24:00"); }},
      {"weekly_hours[2]", "is not a time",
       [](auto& c) { c.mutable_weekly_hours(2)->set_closes("2:30"); }},
      {"weekly_hours", "overlap: 12:59-14:00 and 13:00-24:00, on Monday",
       [](auto& c) {
         c.mutable_weekly_hours(0)->set_opens("12:59");
         c.mutable_weekly_hours(0)->set_closes("14:00");
         c.mutable_weekly_hours(1)->set_opens("13:00");
       }},
      {"weekly_hours", "overlap: 18:00-02:30 and 02:29-03:00 of the day after, from Saturday on",
       [](auto& c) { AddHours(c, v1::WEEKDAY_SUNDAY, "02:29", "03:00"); }},
      {"weekly_hours", "more than 8 open hours",
       [](auto& c) {
         for (int i = 1; i < 10; ++i) {
           AddHours(c, v1::WEEKDAY_TUESDAY, "0" + std::to_string(i) + ":00",
                    "0" + std::to_string(i) + ":30");
         }
       }},
      {"weekly_hours", "more than 56 rows",
       [](auto& c) {
         for (int i = 0; i < 57; ++i) AddHours(c, v1::WEEKDAY_TUESDAY, "10:00", "11:00");
       }},
      {"special_days[0].date", "is not a date",
       [](auto& c) { c.mutable_special_days(0)->set_date("2026-02-29"); }},
      {"special_days[1].date", "is not a date",
       [](auto& c) { c.mutable_special_days(1)->clear_date(); }},
      {"special_days[1].date", "is not in the years",
       [](auto& c) { c.mutable_special_days(1)->set_date("9999-01-01"); }},
      // The place is that of the request, whatever the order of the dates.
      {"special_days[2].date", "is not in the years",
       [](auto& c) { AddSpecialDay(c, "1969-12-31", ""); }},
      {"special_days[2].date", "is there twice",
       [](auto& c) { AddSpecialDay(c, "2026-12-24", "again"); }},
      {"special_days[0].name", "longer than 200",
       [](auto& c) { c.mutable_special_days(0)->set_name(std::string(201, 'n')); }},
      {"special_days[0].name", "control character",
       [](auto& c) { c.mutable_special_days(0)->set_name("a\tb"); }},
      {"special_days[0].hours[0]", "is not a time",
       [](auto& c) { c.mutable_special_days(0)->mutable_hours(0)->set_opens("noon"); }},
      {"special_days[2].hours", "overlap: 18:00-02:30 and 01:00-03:00 of the day after",
       [](auto& c) { AddSpecialDay(c, "2026-11-29", "Sunday", "01:00", "03:00"); }},
      {"special_days", "more than 1000 rows",
       [](auto& c) {
         for (int i = 0; i < 1000; ++i) AddSpecialDay(c, "2026-12-26", "");
       }},
      {"slot_length", "5 minutes to 24 hours",
       [](auto& c) { c.mutable_slot_length()->set_seconds(299); }},
      {"slot_length", "5 minutes to 24 hours",
       [](auto& c) { c.mutable_slot_length()->set_seconds(86'401); }},
      {"slot_length", "is not a duration", [](auto& c) { c.mutable_slot_length()->set_nanos(-5); }},
      {"picks_per_slot", "0 to 100000", [](auto& c) { c.set_picks_per_slot(-1); }},
      {"picks_per_slot", "0 to 100000", [](auto& c) { c.set_picks_per_slot(100'001); }},
      {"ready_lead", "0 to 30 days",
       [](auto& c) { c.mutable_ready_lead()->set_seconds(31 * 86'400); }},
      {"order_cutoff", "0 to 24 hours",
       [](auto& c) { c.mutable_order_cutoff()->set_seconds(86'401); }},
      {"hold_open_days", "1 to 60", [](auto& c) { c.set_hold_open_days(61); }},
      {"hold_open_days", "1 to 60", [](auto& c) { c.set_hold_open_days(-1); }},
      {"remind_after", "0 to 30 days", [](auto& c) { c.mutable_remind_after()->set_seconds(-1); }},
  };
  for (const BadCalendar& bad : cases) {
    v1::PutCalendarsRequest request;
    *request.add_calendars() = FullCalendar("S01");
    *request.add_calendars() = FullCalendar("S02");
    bad.spoil(*request.mutable_calendars(1));
    v1::PutCalendarsResponse response;
    const grpc::Status status =
        client().Call(client().catalogue(), &Catalogue::PutCalendars, request, response);
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT) << bad.field << " " << bad.message;
    EXPECT_EQ(ReasonOf(status), "FIELD_INVALID");
    EXPECT_THAT(status.error_message(), HasSubstr("calendars[1]." + bad.field)) << bad.message;
    EXPECT_THAT(status.error_message(), HasSubstr(bad.message));
  }
  EXPECT_EQ(List().calendars_size(), 0);
}

TEST_F(CalendarCalls, AnUnknownLocationRefusesTheWholePut) {
  v1::PutCalendarsRequest request;
  *request.add_calendars() = FullCalendar("S01");
  *request.add_calendars() = FullCalendar("S99");
  v1::PutCalendarsResponse response;
  const grpc::Status status =
      client().Call(client().catalogue(), &Catalogue::PutCalendars, request, response);
  EXPECT_EQ(status.error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(ReasonOf(status), "LOCATION_UNKNOWN");
  EXPECT_EQ(List().calendars_size(), 0);
}

TEST_F(CalendarCalls, TheOtherCallsCheckTheirRequests) {
  const auto refusal = [this](auto method, const auto& request, auto response) {
    return ReasonOf(client().Call(client().catalogue(), method, request, response));
  };
  v1::PutCalendarsRequest put;
  EXPECT_EQ(refusal(&Catalogue::PutCalendars, put, v1::PutCalendarsResponse()), "FIELD_INVALID");
  for (int i = 0; i < 1001; ++i) put.add_calendars()->set_location("L" + std::to_string(i));
  EXPECT_EQ(refusal(&Catalogue::PutCalendars, put, v1::PutCalendarsResponse()), "FIELD_INVALID");
  v1::ListCalendarsRequest list;
  list.set_page_size(-1);
  EXPECT_EQ(refusal(&Catalogue::ListCalendars, list, v1::ListCalendarsResponse()), "FIELD_INVALID");
  list.set_page_size(0);
  list.set_page_token("x");
  EXPECT_EQ(refusal(&Catalogue::ListCalendars, list, v1::ListCalendarsResponse()),
            "PAGE_TOKEN_INVALID");
  v1::ListOpenDaysRequest days;
  EXPECT_EQ(refusal(&Catalogue::ListOpenDays, days, v1::ListOpenDaysResponse()), "FIELD_INVALID");
  days.set_location("S99");
  EXPECT_EQ(refusal(&Catalogue::ListOpenDays, days, v1::ListOpenDaysResponse()),
            "LOCATION_UNKNOWN");
  days.set_location("S01");
  days.set_day_count(401);
  EXPECT_EQ(refusal(&Catalogue::ListOpenDays, days, v1::ListOpenDaysResponse()), "FIELD_INVALID");
  days.set_day_count(400);
  days.mutable_start_time()->set_seconds(32'503'680'000);  // Year 3000.
  EXPECT_EQ(refusal(&Catalogue::ListOpenDays, days, v1::ListOpenDaysResponse()), "FIELD_INVALID");
  days.mutable_start_time()->set_seconds(32'503'679'999);
  EXPECT_EQ(refusal(&Catalogue::ListOpenDays, days, v1::ListOpenDaysResponse()), "");
}

// A zone that nobody knows would move every promise by hours, quietly.
TEST_F(CalendarCalls, ALocationNeedsATimeZoneThatExists) {
  for (const char* zone : {"Europe/Warsawa", "/etc/localtime", "/usr/share/zoneinfo/UTC", "Mars"}) {
    v1::PutLocationsRequest request;
    request.add_locations()->set_code("S09");
    request.mutable_locations(0)->set_time_zone(zone);
    v1::PutLocationsResponse response;
    const grpc::Status status =
        client().Call(client().catalogue(), &Catalogue::PutLocations, request, response);
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT) << zone;
    EXPECT_THAT(status.error_message(), HasSubstr("locations[0].time_zone"));
  }
}

}  // namespace
}  // namespace stockd::support
