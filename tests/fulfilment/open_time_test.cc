// Open hours on the days that go wrong: clocks that change, midnights, holidays, odd zones.
#include "daemon/fulfilment/open_time.h"

#include <gtest/gtest.h>

#include "tests/fulfilment/calendar_words.h"

namespace stockd::fulfilment {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr absl::CivilDay Day(int year, int month, int day) {
  return absl::CivilDay(year, month, day);
}

// The openings that overlap the local date, as wall clocks.
std::string OpeningsOn(const OpenTime& open_time, absl::CivilDay date) {
  std::string text;
  open_time.ForEachOpening(open_time.InstantOf(date, 0), open_time.InstantOf(date + 1, 0),
                           [&](const Opening& opening) {
                             if (!text.empty()) text += "; ";
                             text += WallClock(opening.open, open_time.zone()) + " to " +
                                     WallClock(opening.close, open_time.zone());
                             return true;
                           });
  return text;
}

// In Warsaw 02:00 becomes 03:00 on 2026-03-29, and 03:00 becomes 02:00 on 2026-10-25.
constexpr absl::CivilDay kSpring = Day(2026, 3, 29);
constexpr absl::CivilDay kAutumn = Day(2026, 10, 25);

TEST(OpenTimeOnDstDays, HoursAcrossTheSpringGapAreAnHourShorter) {
  const OpenTime store = DailyIn("Europe/Warsaw", {Hours(100, 600)});
  EXPECT_EQ(OpeningsOn(store, kSpring), "2026-03-29 01:00:00 +0100 to 2026-03-29 06:00:00 +0200");
  EXPECT_EQ(store.OpenTimeBetween(store.InstantOf(kSpring, 0), store.InstantOf(kSpring + 1, 0)),
            hours(4));
}

TEST(OpenTimeOnDstDays, AnOpeningInTheGapHappensWhenTheClocksJump) {
  const OpenTime store = DailyIn("Europe/Warsaw", {Hours(230, 600)});
  EXPECT_EQ(OpeningsOn(store, kSpring), "2026-03-29 03:00:00 +0200 to 2026-03-29 06:00:00 +0200");
}

TEST(OpenTimeOnDstDays, AClosingInTheGapHappensWhenTheClocksJump) {
  const OpenTime bar = DailyIn("Europe/Warsaw", {Hours(1800, 2630)});
  EXPECT_EQ(OpeningsOn(bar, kSpring),
            "2026-03-28 18:00:00 +0100 to 2026-03-29 03:00:00 +0200; "
            "2026-03-29 18:00:00 +0200 to 2026-03-30 02:30:00 +0200");
}

TEST(OpenTimeOnDstDays, HoursInsideOfTheGapDoNotTakePlace) {
  const OpenTime store = DailyIn("Europe/Warsaw", {Hours(205, 255)});
  EXPECT_EQ(OpeningsOn(store, kSpring), "");
  // So that it is no open day either.
  EXPECT_EQ(WallClock(store.HoldDeadline(Instant("2026-03-28 12:00:00 +0100"), 1), store.zone()),
            "2026-03-30 02:55:00 +0200");
}

TEST(OpenTimeOnDstDays, HoursAcrossTheAutumnRepetitionAreAnHourLonger) {
  const OpenTime store = DailyIn("Europe/Warsaw", {Hours(100, 600)});
  EXPECT_EQ(OpeningsOn(store, kAutumn), "2026-10-25 01:00:00 +0200 to 2026-10-25 06:00:00 +0100");
  EXPECT_EQ(store.OpenTimeBetween(store.InstantOf(kAutumn, 0), store.InstantOf(kAutumn + 1, 0)),
            hours(6));
}

// Whoever goes home at half past two does not come back when the clock shows two again.
TEST(OpenTimeOnDstDays, AClosingThatOccursTwiceIsTheFirst) {
  const OpenTime bar = DailyIn("Europe/Warsaw", {Hours(1800, 2630)});
  EXPECT_EQ(OpeningsOn(bar, kAutumn),
            "2026-10-24 18:00:00 +0200 to 2026-10-25 02:30:00 +0200; "
            "2026-10-25 18:00:00 +0100 to 2026-10-26 02:30:00 +0100");
  EXPECT_TRUE(bar.IsOpen(Instant("2026-10-25 02:29:59.999999 +0200")));
  EXPECT_FALSE(bar.IsOpen(Instant("2026-10-25 02:30:00 +0200")));
  EXPECT_FALSE(bar.IsOpen(Instant("2026-10-25 02:15:00 +0100")));
}

TEST(OpenTimeOnDstDays, AnOpeningThatOccursTwiceIsTheFirstAndStays) {
  const OpenTime bakery = DailyIn("Europe/Warsaw", {Hours(230, 1000)});
  EXPECT_EQ(OpeningsOn(bakery, kAutumn), "2026-10-25 02:30:00 +0200 to 2026-10-25 10:00:00 +0100");
  EXPECT_TRUE(bakery.IsOpen(Instant("2026-10-25 02:10:00 +0100")));
}

TEST(OpenTimeOnDstDays, HoursThatEndWithTheRepetitionTakeInBothPasses) {
  const OpenTime store = DailyIn("Europe/Warsaw", {Hours(200, 300)});
  EXPECT_EQ(OpeningsOn(store, kAutumn), "2026-10-25 02:00:00 +0200 to 2026-10-25 03:00:00 +0100");
}

// In Sao Paulo midnight itself did not exist on 2018-11-04, and the hour before the midnight that
// began 2018-02-18 occurred twice.
TEST(OpenTimeOnDstDays, AMidnightThatDoesNotExistIsTheJump) {
  const OpenTime store = DailyIn("America/Sao_Paulo", {Hours(0, 2400)});
  EXPECT_EQ(OpeningsOn(store, Day(2018, 11, 4)),
            "2018-11-04 01:00:00 -0200 to 2018-11-05 00:00:00 -0200");
  EXPECT_EQ(OpeningsOn(store, Day(2018, 2, 17)),
            "2018-02-17 00:00:00 -0200 to 2018-02-18 00:00:00 -0300");
  EXPECT_EQ(store.OpenTimeBetween(Instant("2018-11-03 00:00:00 -0300"),
                                  Instant("2018-11-05 00:00:00 -0200")),
            hours(47));
}

// Lord Howe changes by half an hour: 02:00 becomes 01:30 on 2026-04-05.
TEST(OpenTimeOnDstDays, HalfAnHourMayOccurTwice) {
  const OpenTime store = DailyIn("Australia/Lord_Howe", {Hours(100, 145), Hours(200, 300)});
  EXPECT_EQ(OpeningsOn(store, Day(2026, 4, 5)),
            "2026-04-05 01:00:00 +1100 to 2026-04-05 01:45:00 +1100; "
            "2026-04-05 02:00:00 +1030 to 2026-04-05 03:00:00 +1030");
}

// In St. John's the clocks went back at 00:01, to 23:01 of the day before.
TEST(OpenTimeOnDstDays, ADayThatHadBegunMayBeginAgain) {
  const OpenTime store = DailyIn("America/St_Johns", {Hours(0, 30), Hours(800, 2000)});
  EXPECT_EQ(OpeningsOn(store, Day(2010, 11, 7)),
            "2010-11-07 00:00:00 -0230 to 2010-11-07 00:30:00 -0330; "
            "2010-11-07 08:00:00 -0330 to 2010-11-07 20:00:00 -0330");
  const Timestamp second_pass = Instant("2010-11-06 23:30:00 -0330");
  EXPECT_TRUE(store.IsOpen(second_pass));
  EXPECT_EQ(store.LocalDate(second_pass), Day(2010, 11, 6));
}

// Samoa left out 2011-12-30.
TEST(OpenTimeOnDstDays, ADateThatAZoneLeftOutIsNoOpenDay) {
  const OpenTime store = DailyIn("Pacific/Apia", {Hours(900, 1700)});
  EXPECT_EQ(store.LastClose(Day(2011, 12, 30)), std::nullopt);
  EXPECT_EQ(WallClock(store.HoldDeadline(Instant("2011-12-29 12:00:00 -1000"), 1), store.zone()),
            "2011-12-31 17:00:00 +1400");
  EXPECT_EQ(WallClock(store.CloseAfter(Instant("2011-12-29 17:00:00 -1000")), store.zone()),
            "2011-12-31 17:00:00 +1400");
}

// Morocco goes back for Ramadan, and forward after it.
TEST(OpenTimeOnDstDays, RamadanInMorocco) {
  const OpenTime store = DailyIn("Africa/Casablanca", {Hours(200, 400)});
  EXPECT_EQ(OpeningsOn(store, Day(2025, 2, 23)),
            "2025-02-23 02:00:00 +0100 to 2025-02-23 04:00:00 +0000");
  EXPECT_EQ(OpeningsOn(store, Day(2025, 4, 6)),
            "2025-04-06 03:00:00 +0100 to 2025-04-06 04:00:00 +0100");
}

TEST(OpenTimeOfZones, IndiaIsHalfAnHourOff) {
  const OpenTime store = DailyIn("Asia/Kolkata", {Hours(1000, 2100)});
  EXPECT_EQ(WallClock(store.NextOpen(Instant("2026-08-01 23:00:00 +0000")), absl::UTCTimeZone()),
            "2026-08-02 04:30:00 +0000");
}

TEST(OpenTimeOfDays, MidnightBelongsToTheEvening) {
  StoreCalendar calendar;
  calendar.weekly[4] = {Hours(1800, 2600)};                            // Fridays.
  calendar.special_days = {{.date = Day(2026, 12, 26), .hours = {}}};  // A Saturday.
  const OpenTime bar(calendar, Zone("Europe/Istanbul"));
  EXPECT_TRUE(bar.IsOpen(Instant("2026-12-26 01:59:00 +0300")));
  EXPECT_FALSE(bar.IsOpen(Instant("2026-12-26 02:00:00 +0300")));
  EXPECT_EQ(bar.LastClose(Day(2026, 12, 25)), Instant("2026-12-26 02:00:00 +0300"));
  EXPECT_EQ(bar.LastClose(Day(2026, 12, 26)), std::nullopt);
}

TEST(OpenTimeOfDays, ASpecialDayReplacesTheHoursOfItsWeekday) {
  StoreCalendar calendar = Daily({Hours(900, 2000)});
  calendar.special_days = {{.date = Day(2026, 12, 24), .name = "", .hours = {Hours(900, 1400)}},
                           {.date = Day(2026, 12, 25), .name = "Christmas", .hours = {}}};
  const OpenTime store(calendar, Zone("Europe/Warsaw"));
  EXPECT_EQ(OpeningsOn(store, Day(2026, 12, 24)),
            "2026-12-24 09:00:00 +0100 to 2026-12-24 14:00:00 +0100");
  EXPECT_EQ(WallClock(store.NextOpen(Instant("2026-12-24 14:00:00 +0100")), store.zone()),
            "2026-12-26 09:00:00 +0100");
}

TEST(OpenTimeAdds, OverNightsAndLunches) {
  const OpenTime store = DailyIn("Europe/Warsaw", {Hours(900, 1200), Hours(1300, 1700)});
  const auto add = [&](const std::string& at, Duration open) {
    return WallClock(store.AddOpenTime(Instant(at), open), store.zone());
  };
  EXPECT_EQ(add("2026-06-01 10:00:00 +0200", hours(1)), "2026-06-01 11:00:00 +0200");
  EXPECT_EQ(add("2026-06-01 11:30:00 +0200", hours(1)), "2026-06-01 13:30:00 +0200");
  EXPECT_EQ(add("2026-06-01 16:30:00 +0200", hours(2)), "2026-06-02 10:30:00 +0200");
  // At once: also when it is closed.
  EXPECT_EQ(add("2026-06-01 20:00:00 +0200", hours(0)), "2026-06-01 20:00:00 +0200");
  // What is done by the close is done at the close, not at the next opening.
  EXPECT_EQ(add("2026-06-01 16:00:00 +0200", hours(1)), "2026-06-01 17:00:00 +0200");
  EXPECT_EQ(add("2026-06-01 16:00:00 +0200", hours(7 * 100)), "2026-09-09 16:00:00 +0200");
}

TEST(OpenTimeAdds, CountsTheHourThatOccursTwice) {
  const OpenTime store = DailyIn("Europe/Warsaw", {Hours(0, 2400)});
  EXPECT_EQ(
      WallClock(store.AddOpenTime(Instant("2026-10-25 01:00:00 +0200"), hours(3)), store.zone()),
      "2026-10-25 03:00:00 +0100");
}

TEST(OpenTimeHorizon, NothingIsLookedForBeyondIt) {
  StoreCalendar calendar;
  calendar.special_days = {
      {.date = Day(2027, 7, 1), .name = "Opening", .hours = {Hours(900, 1000)}}};
  const OpenTime store(calendar, absl::UTCTimeZone());
  const Timestamp opens = Instant("2027-07-01 09:00:00 +0000");
  EXPECT_EQ(store.NextOpen(opens - kOpeningHorizon), std::nullopt);
  EXPECT_EQ(store.NextOpen(opens - kOpeningHorizon + Duration(1)), opens);
  EXPECT_EQ(store.AddOpenTime(opens, hours(1)), opens + hours(1));
  EXPECT_EQ(store.AddOpenTime(opens, hours(1) + Duration(1)), std::nullopt);
  EXPECT_EQ(store.HoldDeadline(opens, 1), std::nullopt);
  EXPECT_EQ(store.CloseAfter(opens + hours(1)), std::nullopt);
}

TEST(OpenTimeHorizon, ClosedForEver) {
  const OpenTime store(StoreCalendar(), absl::UTCTimeZone());
  const Timestamp at = Instant("2026-01-01 00:00:00 +0000");
  EXPECT_FALSE(store.IsOpen(at));
  EXPECT_EQ(store.NextOpen(at), std::nullopt);
  EXPECT_EQ(store.CloseAfter(at), std::nullopt);
  EXPECT_EQ(store.OpenTimeBetween(at, at + hours(10'000)), hours(0));
}

// What holds for a location that nobody gave a calendar.
TEST(OpenTimeRoundTheClock, NeverClosesAndKeepsOpenDays) {
  const OpenTime store(RoundTheClock(), Zone("Europe/Istanbul"));
  const Timestamp at = Instant("2026-11-28 23:30:00 +0300");
  EXPECT_EQ(store.NextOpen(at), at);
  EXPECT_EQ(store.CloseAfter(at), std::nullopt);
  EXPECT_EQ(store.AddOpenTime(at, minutes(90)), at + minutes(90));
  EXPECT_EQ(WallClock(store.HoldDeadline(at, 3), store.zone()), "2026-12-02 00:00:00 +0300");
}

TEST(OpenTimeHolds, CountOpenDaysAfterTheDayOfReady) {
  StoreCalendar calendar = Daily({Hours(900, 1200), Hours(1300, 2000)});
  calendar.weekly[6] = {};  // Sundays.
  calendar.special_days = {{.date = Day(2026, 12, 25), .name = "Christmas", .hours = {}}};
  const OpenTime store(calendar, Zone("Europe/Warsaw"));
  // Thursday; Friday is a holiday, Sunday is closed: Saturday, Monday, Tuesday.
  EXPECT_EQ(WallClock(store.HoldDeadline(Instant("2026-12-24 10:00:00 +0100"), 3), store.zone()),
            "2026-12-29 20:00:00 +0100");
  // The hour on the day does not matter, nor whether it is open then.
  EXPECT_EQ(WallClock(store.HoldDeadline(Instant("2026-12-24 00:00:00 +0100"), 3), store.zone()),
            "2026-12-29 20:00:00 +0100");
  EXPECT_EQ(WallClock(store.HoldDeadline(Instant("2026-12-24 23:59:59 +0100"), 3), store.zone()),
            "2026-12-29 20:00:00 +0100");
}

}  // namespace
}  // namespace stockd::fulfilment
