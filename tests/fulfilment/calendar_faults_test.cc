#include "daemon/fulfilment/calendar_faults.h"

#include <gtest/gtest.h>

#include "tests/fulfilment/calendar_words.h"

namespace stockd::fulfilment {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr absl::CivilDay kChristmas(2026, 12, 25);  // A Friday.

// "field problem" of the first fault; "valid" without one.
std::string FaultOf(const StoreCalendar& calendar) {
  const auto fault = FindFault(calendar);
  if (!fault) return "valid";
  const std::string day =
      fault->special_day < 0 ? "" : "special_days[" + std::to_string(fault->special_day) + "].";
  return day + fault->field + " " + fault->problem;
}

StoreCalendar WithSpecialDays(std::vector<SpecialDay> days) {
  StoreCalendar calendar = Daily({Hours(900, 2000)});
  calendar.special_days = std::move(days);
  return calendar;
}

TEST(CalendarFaults, SoundCalendarsHaveNone) {
  EXPECT_EQ(FaultOf(StoreCalendar()), "valid");
  EXPECT_EQ(FaultOf(RoundTheClock()), "valid");
  EXPECT_EQ(FaultOf(Daily({Hours(800, 1200), Hours(1200, 1800), Hours(1900, 3200)})), "valid");
  EXPECT_EQ(FaultOf(WithSpecialDays({{.date = kChristmas, .name = "Christmas", .hours = {}},
                                     {.date = kChristmas + 1, .hours = {Hours(0, 2400)}}})),
            "valid");
}

TEST(CalendarFaults, HoursMustBeWithinADay) {
  for (const OpenHours hours : {OpenHours{-1, 60}, OpenHours{1440, 1500}, OpenHours{60, 60},
                                OpenHours{120, 60}, OpenHours{60, 1501}}) {
    EXPECT_EQ(FaultOf(Daily({hours})),
              "weekly_hours has open hours that are not within 24 hours, on Monday");
  }
  EXPECT_EQ(FaultOf(Daily(std::vector<OpenHours>(9, Hours(900, 1000)))),
            "weekly_hours has more than 8 open hours on a day, on Monday");
}

TEST(CalendarFaults, HoursMustNotOverlap) {
  StoreCalendar calendar;
  calendar.weekly[2] = {Hours(900, 1200), Hours(1159, 1800)};
  EXPECT_EQ(FaultOf(calendar), "weekly_hours overlap: 09:00-12:00 and 11:59-18:00, on Wednesday");
  calendar.weekly[2] = {Hours(1300, 1800), Hours(900, 1200)};
  EXPECT_EQ(FaultOf(calendar), "weekly_hours overlap: 13:00-18:00 and 09:00-12:00, on Wednesday");
}

TEST(CalendarFaults, HoursMustNotOverlapAcrossMidnight) {
  StoreCalendar calendar;
  calendar.weekly[6] = {Hours(2000, 2630)};
  calendar.weekly[0] = {Hours(200, 800)};
  EXPECT_EQ(FaultOf(calendar),
            "weekly_hours overlap: 20:00-02:30 and 02:00-08:00 of the day after, from Sunday on");
  calendar.weekly[0] = {Hours(230, 800)};
  EXPECT_EQ(FaultOf(calendar), "valid");
}

TEST(CalendarFaults, SpecialDaysMustFitBetweenTheirNeighbours) {
  EXPECT_EQ(FaultOf(WithSpecialDays({{.date = kChristmas, .hours = {Hours(2200, 3300)}}})),
            "valid");
  EXPECT_EQ(FaultOf(WithSpecialDays({{.date = kChristmas, .hours = {Hours(2200, 3301)}}})),
            "special_days[0].hours overlap: 22:00-09:01 and 09:00-20:00 of the day after");
  EXPECT_EQ(FaultOf(WithSpecialDays({{.date = kChristmas, .hours = {Hours(2200, 3301)}},
                                     {.date = kChristmas + 1, .hours = {Hours(1000, 1100)}}})),
            "valid");
  StoreCalendar bar = Daily({Hours(1800, 2600)});
  bar.special_days = {{.date = kChristmas, .hours = {Hours(100, 300)}}};
  EXPECT_EQ(FaultOf(bar),
            "special_days[0].hours overlap: 18:00-02:00 and 01:00-03:00 of the day after");
}

TEST(CalendarFaults, SpecialDaysAreInOrderAndWithinLimits) {
  EXPECT_EQ(FaultOf(WithSpecialDays({{.date = kChristmas}, {.date = kChristmas}})),
            "special_days[1].date is there twice");
  EXPECT_EQ(FaultOf(WithSpecialDays({{.date = kChristmas}, {.date = kChristmas - 1}})),
            "special_days[1].date does not come after the one before");
  EXPECT_EQ(FaultOf(WithSpecialDays({{.date = absl::CivilDay(1969, 12, 31)}})),
            "special_days[0].date is not in the years 1970 to 9998");
  EXPECT_EQ(FaultOf(WithSpecialDays({{.date = kChristmas, .name = std::string(201, 'x')}})),
            "special_days[0].name is longer than 200 bytes");
  std::vector<SpecialDay> many;
  for (int i = 0; i < 1001; ++i) many.push_back({.date = kChristmas + i});
  EXPECT_EQ(FaultOf(WithSpecialDays(many)), "special_days has more than 1000 rows");
}

TEST(CalendarFaults, FiguresHaveRanges) {
  const auto fault_with = [](auto change) {
    StoreCalendar calendar = RoundTheClock();
    change(calendar);
    return FaultOf(calendar);
  };
  EXPECT_EQ(fault_with([](auto& calendar) { calendar.slot_length = minutes(5); }), "valid");
  EXPECT_EQ(fault_with([](auto& calendar) { calendar.slot_length = minutes(5) - Duration(1); }),
            "slot_length is not from 5 minutes to 24 hours");
  EXPECT_EQ(fault_with([](auto& calendar) { calendar.slot_length = hours(24) + Duration(1); }),
            "slot_length is not from 5 minutes to 24 hours");
  EXPECT_EQ(fault_with([](auto& calendar) { calendar.ready_lead = -Duration(1); }),
            "ready_lead is not from 0 to 30 days");
  EXPECT_EQ(fault_with([](auto& calendar) { calendar.order_cutoff = hours(25); }),
            "order_cutoff is not from 0 to 24 hours");
  EXPECT_EQ(fault_with([](auto& calendar) { calendar.remind_after = hours(721); }),
            "remind_after is not from 0 to 30 days");
  EXPECT_EQ(fault_with([](auto& calendar) { calendar.picks_per_slot = -1; }),
            "picks_per_slot is not from 0 to 100000");
  EXPECT_EQ(fault_with([](auto& calendar) { calendar.hold_open_days = 0; }),
            "hold_open_days is not from 1 to 60");
  EXPECT_EQ(fault_with([](auto& calendar) { calendar.hold_open_days = 61; }),
            "hold_open_days is not from 1 to 60");
}

}  // namespace
}  // namespace stockd::fulfilment
