#include "daemon/fulfilment/calendar_text.h"

#include <gtest/gtest.h>

namespace stockd::fulfilment {
namespace {

TEST(CalendarText, DatesAreStrict) {
  EXPECT_EQ(ParseDate("2024-02-29"), absl::CivilDay(2024, 2, 29));
  EXPECT_EQ(DateText(absl::CivilDay(2024, 2, 29)), "2024-02-29");
  EXPECT_EQ(DateText(absl::CivilDay(7, 1, 2)), "0007-01-02");
  for (const char* text :
       {"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-1-01", "26-01-01",
        "0000-01-01", "2026/01/01", "2026-01-01 ", " 2026-01-01", "2026-01-0a", "-026-01-01"}) {
    EXPECT_EQ(ParseDate(text), std::nullopt) << text;
  }
}

TEST(CalendarText, TimesAreStrict) {
  EXPECT_EQ(ParseMinute("00:00"), 0);
  EXPECT_EQ(ParseMinute("23:59"), 1439);
  EXPECT_EQ(ParseMinute("24:00"), 1440);
  for (const char* text : {"", "24:01", "25:00", "9:00", "09:60", "09.00", "09:00 ", "-9:00"}) {
    EXPECT_EQ(ParseMinute(text), std::nullopt) << text;
  }
}

TEST(CalendarText, HoursThatEndNotLaterThanTheyBeginEndOnTheNextDay) {
  EXPECT_EQ(MakeHours("09:00", "20:00"), (OpenHours{540, 1200}));
  EXPECT_EQ(MakeHours("00:00", "24:00"), (OpenHours{0, 1440}));
  EXPECT_EQ(MakeHours("00:00", "00:00"), (OpenHours{0, 1440}));
  EXPECT_EQ(MakeHours("18:00", "02:30"), (OpenHours{1080, 1590}));
  EXPECT_EQ(MakeHours("18:00", "18:00"), (OpenHours{1080, 2520}));
  EXPECT_EQ(MakeHours("24:00", "02:00"), std::nullopt);
  EXPECT_EQ(MakeHours("9", "10"), std::nullopt);
}

TEST(CalendarText, HoursComeBack) {
  for (int opens = 0; opens < kMinutesOfDay; opens += 7) {
    for (int length : {1, 60, 719, 720, 1439, 1440}) {
      const OpenHours hours{.opens_minute = opens, .closes_minute = opens + length};
      EXPECT_EQ(ParseHours(HoursText(hours)), hours) << HoursText(hours);
    }
  }
  EXPECT_EQ(HoursText({1080, 1590}), "18:00-02:30");
  EXPECT_EQ(HoursText({1080, 1440}), "18:00-24:00");
  EXPECT_EQ(ParseHours("09:00"), std::nullopt);
  EXPECT_EQ(ParseHours("09:00-10:00-11:00"), std::nullopt);
}

}  // namespace
}  // namespace stockd::fulfilment
