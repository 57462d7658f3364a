#include "adapters/sample/open_hours.h"

#include <gtest/gtest.h>

#include <set>

#include "adapters/sample/chain.h"

namespace stockd::sample {
namespace {

// 2026-11-28T10:40:00Z.
const sdk::Timestamp kNow{std::chrono::seconds(1'795'862'400)};

TEST(OpenHours, EveryStoreHasOneCalendarAndTheWarehouseNone) {
  const v1::PutCalendarsRequest request = StoreCalendars(kNow);
  std::set<std::string> locations;
  for (const v1::StoreCalendar& calendar : request.calendars()) {
    EXPECT_TRUE(locations.insert(calendar.location()).second);
    EXPECT_GE(calendar.weekly_hours_size(), 6) << calendar.location();
    EXPECT_GT(calendar.picks_per_slot(), 0) << calendar.location();
  }
  for (const Site& store : Stores()) EXPECT_TRUE(locations.contains(std::string(store.code)));
  EXPECT_EQ(locations.size(), Stores().size());
}

TEST(OpenHours, HolidaysReachIntoTheNextYear) {
  const v1::PutCalendarsRequest request = StoreCalendars(kNow);
  for (const v1::StoreCalendar& calendar : request.calendars()) {
    std::set<std::string> years;
    std::set<std::string> dates;
    for (const v1::SpecialDay& day : calendar.special_days()) {
      EXPECT_TRUE(dates.insert(day.date()).second) << calendar.location() << " " << day.date();
      years.insert(day.date().substr(0, 4));
    }
    EXPECT_EQ(years, (std::set<std::string>{"2026", "2027"})) << calendar.location();
    EXPECT_GE(dates.size(), 4U) << calendar.location();
  }
}

}  // namespace
}  // namespace stockd::sample
