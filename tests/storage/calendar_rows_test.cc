// Calendars in the database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/storage/database.h"

namespace stockd::storage {
namespace {

using fulfilment::StoreCalendar;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

using Calendars = std::map<LocationId, StoreCalendar>;

Status Load(Store& store, Calendars& calendars) {
  LoadVisitor visitor;
  visitor.calendar = [&](LocationId location, StoreCalendar calendar) {
    calendars.emplace(location, std::move(calendar));
  };
  Counters counters;
  return store.Load(visitor, counters);
}

Calendars LoadCalendars(Store& store) {
  Calendars calendars;
  const Status status = Load(store, calendars);
  EXPECT_TRUE(status.ok()) << status.error;
  return calendars;
}

StoreCalendar FullCalendar() {
  StoreCalendar calendar;
  calendar.weekly[0] = {{540, 780}, {840, 1200}};
  calendar.weekly[4] = {{0, 1440}};
  calendar.weekly[6] = {{1080, 1590}};
  calendar.special_days = {
      {.date = absl::CivilDay(1970, 1, 1), .name = "", .hours = {}},
      {.date = absl::CivilDay(2026, 12, 24), .name = "Heilig\"abend\\\n", .hours = {{600, 840}}},
      {.date = absl::CivilDay(9998, 12, 29), .name = "Ωmega", .hours = {{0, 60}, {1439, 2879}}}};
  calendar.slot_length = std::chrono::minutes(5);
  calendar.picks_per_slot = 100'000;
  calendar.ready_lead = Duration(1);
  calendar.order_cutoff = std::chrono::hours(24);
  calendar.hold_open_days = 60;
  calendar.remind_after = Duration(0);
  return calendar;
}

void SaveLocations(Store& to) {
  to.SaveLocation({.id = LocationId{1}, .code = "S1"});
  to.SaveLocation({.id = LocationId{2}, .code = "S2"});
}

TEST(CalendarRows, ComeBackAfterReopening) {
  Database database;
  Write(database.store(), [&](Store& to) {
    SaveLocations(to);
    to.SaveCalendar(LocationId{1}, FullCalendar());
    to.SaveCalendar(LocationId{2}, {});
  });
  database.Reopen();
  EXPECT_THAT(LoadCalendars(database.store()), ElementsAre(Pair(LocationId{1}, FullCalendar()),
                                                           Pair(LocationId{2}, StoreCalendar())));
}

TEST(CalendarRows, AreReplacedAndDeleted) {
  Database database;
  Write(database.store(), [&](Store& to) {
    SaveLocations(to);
    to.SaveCalendar(LocationId{1}, {});
    to.SaveCalendar(LocationId{1}, FullCalendar());
    to.SaveCalendar(LocationId{2}, FullCalendar());
    to.DeleteCalendar(LocationId{2});
    to.DeleteCalendar(LocationId{3});
  });
  EXPECT_THAT(LoadCalendars(database.store()), ElementsAre(Pair(LocationId{1}, FullCalendar())));
}

// A person with the sqlite3 shell must understand them.
TEST(CalendarRows, AreReadable) {
  Database database;
  Write(database.store(), [&](Store& to) {
    SaveLocations(to);
    to.SaveCalendar(LocationId{1}, FullCalendar());
  });
  EXPECT_THAT(
      database.Query("SELECT weekly FROM store_calendar"),
      ElementsAre(
          R"([["09:00-13:00","14:00-20:00"],[],[],[],["00:00-24:00"],[],["18:00-02:30"]])"));
  EXPECT_THAT(database.Query("SELECT special_days FROM store_calendar").at(0),
              HasSubstr(R"(["9998-12-29","Ωmega",["00:00-01:00","23:59-23:59"]])"));
}

TEST(CalendarRows, DamageIsToldAndLoadsNothing) {
  for (const char* damage :
       {"weekly = '[[],[],[],[],[],[]]'", "weekly = '[[],[],[],[],[],[],[]'",
        "weekly = '[[\"9-17\"],[],[],[],[],[],[]]'", "weekly = '[[],[],[],[],[],[],[],[]]'",
        "weekly = '[[\"09:00-17:00\",\"10:00-11:00\"],[],[],[],[],[],[]]'",
        "special_days = '[[\"2026-02-30\",\"\",[]]]'", "special_days = '[[\"2026-02-03\",\"\"]]'",
        "special_days = '[[\"2026-02-03\",\"\",[]],[\"2026-02-03\",\"\",[]]]'", "slot_length = 0",
        "hold_open_days = 0", "location_id = 9"}) {
    Database database;
    Write(database.store(), [&](Store& to) {
      SaveLocations(to);
      to.SaveCalendar(LocationId{1}, {});
    });
    database.Close();
    database.Execute(std::string("UPDATE store_calendar SET ") + damage);
    database.Open();
    Calendars calendars;
    EXPECT_THAT(Load(database.store(), calendars).error, HasSubstr("store_calendar")) << damage;
    EXPECT_THAT(calendars, IsEmpty()) << damage;
  }
}

}  // namespace
}  // namespace stockd::storage
