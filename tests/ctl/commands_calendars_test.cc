// The commands about open hours.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/base/time_text.h"
#include "daemon/ctl/calendar_words.h"
#include "daemon/ctl/format.h"
#include "tests/ctl/run_stockctl.h"
#include "tests/ctl/scripted_server.h"

namespace stockd::ctl {
namespace {

using testing::HasSubstr;

class CalendarCommands : public testing::Test {
 protected:
  Ran Run(std::vector<std::string> words) {
    words.insert(words.end(), {"--server", server_.address()});
    return RunHere(words);
  }

  ScriptedServer server_;
};

// "Mon 09:00-13:00 Mon 14:00-20:00".
std::string Text(const WeeklyHoursList& hours) {
  std::string text;
  for (const v1::WeeklyHours& row : hours) {
    if (!text.empty()) text += ' ';
    text += std::string(WeekdayWord(row.weekday())) + " " + row.opens() + "-" + row.closes();
  }
  return text;
}

std::string Parsed(std::string_view text) {
  WeeklyHoursList hours;
  return AddWeeklyHours(text, hours) ? Text(hours) : "refused";
}

TEST(CalendarWords, DaysAndHours) {
  EXPECT_EQ(Parsed("mon 09:00-20:00"), "Mon 09:00-20:00");
  EXPECT_EQ(Parsed("mon-wed 09:00-20:00"), "Mon 09:00-20:00 Tue 09:00-20:00 Wed 09:00-20:00");
  EXPECT_EQ(Parsed("sun,fri 10:00-13:00,14:00-02:00"),
            "Sun 10:00-13:00 Sun 14:00-02:00 Fri 10:00-13:00 Fri 14:00-02:00");
  EXPECT_EQ(Parsed("sat-mon 10:00-11:00"), "Sat 10:00-11:00 Sun 10:00-11:00 Mon 10:00-11:00");
  EXPECT_EQ(Parsed("daily 00:00-24:00").size(), Parsed("mon-sun 00:00-24:00").size());
  for (const char* text : {"", "mon", "mon 9-20", "mon 09:00", "mon 09:00-20:00-", "09:00-20:00",
                           "mon,mon 09:00-20:00", "mon-fri,wed 09:00-20:00", "funday 09:00-10:00",
                           "mon  09:00-20:00", "mon 09:00-20:00,x", "mon- 09:00-20:00-21:00"}) {
    EXPECT_EQ(Parsed(text), "refused") << text;
  }
}

TEST(CalendarWords, TheWeekIsSaidInFewWords) {
  WeeklyHoursList hours;
  EXPECT_EQ(WeekWords(hours), "closed");
  AddWeeklyHours("mon-thu,sat 09:00-13:00,14:00-20:00", hours);
  EXPECT_EQ(WeekWords(hours), "Mon-Thu 09:00-13:00,14:00-20:00; Sat 09:00-13:00,14:00-20:00");
  hours.Clear();
  AddWeeklyHours("daily 00:00-24:00", hours);
  EXPECT_EQ(WeekWords(hours), "Mon-Sun 00:00-24:00");
}

TEST(CalendarWords, SpecialDays) {
  SpecialDayList days;
  EXPECT_TRUE(AddSpecialDay("2026-12-25 closed Christmas Day", days));
  EXPECT_TRUE(AddSpecialDay("2026-12-24 09:00-12:00,13:00-14:00", days));
  EXPECT_FALSE(AddSpecialDay("2026-12-26", days));
  EXPECT_FALSE(AddSpecialDay("2026-12-26 Boxing Day", days));
  ASSERT_EQ(days.size(), 2);
  EXPECT_EQ(days[0].name(), "Christmas Day");
  EXPECT_EQ(days[0].hours_size(), 0);
  EXPECT_EQ(days[1].name(), "");
  ASSERT_EQ(days[1].hours_size(), 2);
  EXPECT_EQ(days[1].hours(1).closes(), "14:00");
}

TEST_F(CalendarCommands, ACalendarIsPutWithAllThatItSays) {
  v1::PutCalendarsResponse response;
  response.set_created(1);
  server_.Answer("PutCalendars", response);
  const Ran ran = Run({"calendars",
                       "put",
                       "S01",
                       "--hours",
                       "mon-fri 09:00-20:00",
                       "--hours",
                       "sat 10:00-18:00",
                       "--special",
                       "2026-12-25 closed Christmas",
                       "--slot",
                       "30m",
                       "--picks",
                       "6",
                       "--lead",
                       "0s",
                       "--cutoff",
                       "10m",
                       "--hold",
                       "5",
                       "--remind",
                       "2d"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_EQ(ran.out, "Done.\n");
  const auto request = server_.Requests<v1::PutCalendarsRequest>("PutCalendars").back();
  ASSERT_EQ(request.calendars_size(), 1);
  const v1::StoreCalendar& calendar = request.calendars(0);
  EXPECT_EQ(calendar.location(), "S01");
  EXPECT_EQ(WeekWords(calendar.weekly_hours()), "Mon-Fri 09:00-20:00; Sat 10:00-18:00");
  EXPECT_EQ(calendar.special_days(0).name(), "Christmas");
  EXPECT_EQ(calendar.slot_length().seconds(), 1800);
  EXPECT_EQ(calendar.picks_per_slot(), 6);
  EXPECT_TRUE(calendar.has_ready_lead());
  EXPECT_EQ(calendar.ready_lead().seconds(), 0);
  EXPECT_EQ(calendar.order_cutoff().seconds(), 600);
  EXPECT_EQ(calendar.hold_open_days(), 5);
  EXPECT_EQ(calendar.remind_after().seconds(), 172'800);
  EXPECT_FALSE(calendar.remove());
}

TEST_F(CalendarCommands, WhatIsNoCalendarAsksForNothing) {
  const Ran hours = Run({"calendars", "put", "S01", "--hours", "weekdays 9-17"});
  EXPECT_EQ(hours.exit_code, ExitCode::kUsage);
  EXPECT_THAT(hours.err, HasSubstr("mon-fri 09:00-20:00"));
  EXPECT_EQ(Run({"calendars", "put", "S01", "--special", "Christmas"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"calendars", "put", "S01", "--picks", "-1"}).exit_code, ExitCode::kUsage);
  EXPECT_EQ(Run({"calendars", "put", "S01", "--hold", "0"}).exit_code, ExitCode::kUsage);
  EXPECT_TRUE(server_.Requests<v1::PutCalendarsRequest>("PutCalendars").empty());
}

TEST_F(CalendarCommands, RemovingNamesTheLocationsOnly) {
  server_.Answer("PutCalendars", v1::PutCalendarsResponse());
  const Ran ran = Run({"calendars", "remove", "S01", "S02"});
  EXPECT_EQ(ran.out, "It was so before.\n");
  const auto request = server_.Requests<v1::PutCalendarsRequest>("PutCalendars").back();
  ASSERT_EQ(request.calendars_size(), 2);
  EXPECT_EQ(request.calendars(1).location(), "S02");
  EXPECT_TRUE(request.calendars(1).remove());
}

TEST_F(CalendarCommands, TheListShowsHoursAndCapacity) {
  v1::ListCalendarsResponse response;
  v1::StoreCalendar& calendar = *response.add_calendars();
  calendar.set_location("S01");
  AddWeeklyHours("mon-fri 09:00-20:00", *calendar.mutable_weekly_hours());
  AddSpecialDay("2026-12-25 closed", *calendar.mutable_special_days());
  *calendar.mutable_slot_length() = ToProto(std::chrono::hours(1));
  *calendar.mutable_ready_lead() = ToProto(std::chrono::minutes(90));
  calendar.set_hold_open_days(3);
  server_.Answer("ListCalendars", response);
  const Ran ran = Run({"calendars", "list"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_EQ(ran.out,
            "LOCATION  OPEN                 SPECIAL DAYS  SLOT  PICKS  READY IN  KEPT\n"
            "S01       Mon-Fri 09:00-20:00             1  1h      any  90m         3d\n");
}

TEST_F(CalendarCommands, ShowTellsTheComingDays) {
  v1::ListOpenDaysResponse response;
  response.set_time_zone("Europe/Warsaw");
  response.set_open(true);
  *response.mutable_change_time() = ToProto(*ParseTimestamp("2026-11-22T17:00:00Z"));
  v1::StoreCalendar& calendar = *response.mutable_calendar();
  *calendar.mutable_slot_length() = ToProto(std::chrono::hours(1));
  calendar.set_picks_per_slot(6);
  *calendar.mutable_ready_lead() = ToProto(std::chrono::hours(2));
  *calendar.mutable_order_cutoff() = ToProto(std::chrono::minutes(15));
  calendar.set_hold_open_days(3);
  *calendar.mutable_remind_after() = ToProto(std::chrono::hours(24));
  v1::OpenDay& sunday = *response.add_days();
  sunday.set_date("2026-11-22");
  sunday.set_weekday(v1::WEEKDAY_SUNDAY);
  for (const auto& [opens, closes] : {std::pair("09:00", "12:00"), std::pair("13:00", "18:00")}) {
    v1::Opening& opening = *sunday.add_openings();
    opening.set_opens(opens);
    opening.set_closes(closes);
  }
  v1::OpenDay& monday = *response.add_days();
  monday.set_date("2026-11-23");
  monday.set_weekday(v1::WEEKDAY_MONDAY);
  monday.set_special(true);
  monday.set_name("Stock-take");
  server_.Answer("ListOpenDays", response);
  const Ran ran = Run({"calendars", "show", "S01", "--days", "2"});
  EXPECT_EQ(ran.exit_code, ExitCode::kOk) << ran.err;
  EXPECT_EQ(ran.out,
            "S01 in Europe/Warsaw is open, closes 2026-11-22T17:00:00Z (in 5h).\n"
            "Slots of 1h, 6 picks each, orders taken until 15m before the end. Ready 2h of open "
            "time after the order, kept for 3 open days, reminder after 1d.\n"
            "DAY             OPEN                      SPECIAL\n"
            "Sun 2026-11-22  09:00-12:00, 13:00-18:00\n"
            "Mon 2026-11-23  closed                    Stock-take\n");
  const auto request = server_.Requests<v1::ListOpenDaysRequest>("ListOpenDays").back();
  EXPECT_EQ(request.location(), "S01");
  EXPECT_EQ(request.day_count(), 2);
}

TEST_F(CalendarCommands, ShowSaysWhenThereIsNoCalendar) {
  v1::ListOpenDaysResponse response;
  response.set_time_zone("UTC");
  response.set_open(true);
  server_.Answer("ListOpenDays", response);
  EXPECT_THAT(Run({"calendars", "show", "S01"}).out,
              HasSubstr("It has no calendar: open round the clock"));
}

}  // namespace
}  // namespace stockd::ctl
