// Open hours agree with somebody who looks at the clock on the wall every minute: random calendars
// in all kinds of zones, around every kind of clock change.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>

#include "daemon/fulfilment/open_time.h"
#include "tests/fulfilment/calendar_words.h"
#include "tests/fulfilment/minute_walk.h"
#include "tests/fulfilment/random_calendar.h"
#include "tests/support/random.h"
#include "tests/support/seeds.h"

namespace stockd::fulfilment {
namespace {

using support::Random;

constexpr int kDaysBefore = 6;
constexpr int kDaysAfter = 35;
constexpr Duration kMinute = std::chrono::minutes(1);

// Makes the object that is judged: OpenTime itself, or one with a rule broken.
using Make = std::function<OpenTime(StoreCalendar, absl::TimeZone)>;

OpenTime Honest(StoreCalendar calendar, absl::TimeZone zone) {
  return OpenTime(std::move(calendar), zone);
}

// What differed first; nothing when all agreed.
using Violation = std::optional<std::string>;

class Judge {
 public:
  Judge(const OpenTime& seen, const MinuteWalk& walk) : seen_(seen), walk_(walk) {}

  void At(Random& random, Timestamp at) {
    IsOpenAt(at);
    CompareInstants("NextOpen", at, seen_.NextOpen(at), walk_.NextOpen(at));
    CompareInstants("CloseAfter", at, seen_.CloseAfter(at), walk_.CloseAfter(at));
    const Duration open_time{random.Percent(10) ? 0 : random.Between(1, 4'000'000'000'000 / 100)};
    CompareInstants("AddOpenTime", at, seen_.AddOpenTime(at, open_time),
                    walk_.AddOpenTime(at, open_time));
    const Duration whole = kMinute * random.Between(0, 2000);
    CompareInstants("AddOpenTime", at, seen_.AddOpenTime(at, whole), walk_.AddOpenTime(at, whole));
    const Timestamp until =
        std::min(walk_.end(), at + Duration(random.Between(-1'000'000, 900'000'000'000)));
    Compare("OpenTimeBetween", at, seen_.OpenTimeBetween(at, until),
            walk_.OpenTimeBetween(at, until), Micros);
    const int open_days = static_cast<int>(random.Between(1, 5));
    CompareInstants("HoldDeadline", at, seen_.HoldDeadline(at, open_days),
                    walk_.HoldDeadline(at, open_days), std::chrono::days(3));
  }

  void IsOpenAt(Timestamp at) { Compare("IsOpen", at, seen_.IsOpen(at), walk_.IsOpen(at), Yes); }

  const Violation& violation() const { return violation_; }

 private:
  static std::string Yes(bool value) { return value ? "yes" : "no"; }
  static std::string Micros(Duration value) { return std::to_string(value.count()) + " us"; }

  template <typename Value, typename ToText>
  void Compare(const char* rule, Timestamp at, const Value& seen, const Value& expected,
               ToText to_text) {
    if (seen == expected || violation_) return;
    violation_ = std::string(rule) + " at " + WallClock(at, seen_.zone()) + " in " +
                 seen_.zone().name() + " says " + to_text(seen) + ", the clock on the wall " +
                 to_text(expected);
  }

  // The walk ends some day: what it does not reach must not be said to come long before.
  void CompareInstants(const char* rule, Timestamp at, std::optional<Timestamp> seen,
                       std::optional<Timestamp> expected, Duration unknown = Duration(0)) {
    if (!expected && (!seen || *seen >= walk_.end() - unknown)) return;
    Compare(rule, at, seen, expected,
            [this](std::optional<Timestamp> instant) { return WallClock(instant, seen_.zone()); });
  }

  const OpenTime& seen_;
  const MinuteWalk& walk_;
  Violation violation_;
};

// Instants where things happen: any, whole minutes, and a tick beside openings and closings.
Timestamp Interesting(Random& random, const MinuteWalk& walk, Timestamp low, Timestamp high) {
  Timestamp at = low + Duration(random.Between(0, (high - low).count() - 1));
  if (random.Percent(30)) return at;
  if (random.Percent(60)) {
    const auto edge = random.Percent(50) ? walk.NextOpen(at) : walk.CloseAfter(at);
    if (edge && *edge < high - Duration(1)) at = *edge;
  } else {
    at = std::chrono::floor<std::chrono::minutes>(at);
  }
  return std::max(low, at + Duration(random.Between(-1, 1)));
}

Violation AgreesWithTheWall(uint64_t seed, const Make& make,
                            MinuteWalk::Reading reading = MinuteWalk::Reading::kLatestShown) {
  Random random(seed);
  const absl::TimeZone zone = Zone(random.Pick(ZoneNames()));
  const Timestamp around = NearAChange(random, zone);
  const absl::CivilDay date(zone.At(absl::FromUnixMicros(ToMicros(around))).cs);
  const StoreCalendar calendar = RandomCalendar(random, date);
  const MinuteWalk walk(calendar, zone, around, kDaysBefore, kDaysAfter, reading);
  const OpenTime seen = make(calendar, zone);
  Judge judge(seen, walk);
  for (int i = 0; i < 40 && !judge.violation(); ++i) {
    judge.At(random, Interesting(random, walk, walk.begin() + std::chrono::days(2),
                                 walk.begin() + std::chrono::days(20)));
  }
  return judge.violation();
}

void ExpectCatches(const Make& make, uint64_t seeds) {
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    if (AgreesWithTheWall(seed, make)) return;
  }
  ADD_FAILURE() << "no seed up to " << seeds << " catches the broken rule";
}

TEST(OpenTimeAgreesWithTheWall, OnRandomCalendars) {
  support::ForEachSeed(300, [](uint64_t seed) {
    const Violation violation = AgreesWithTheWall(seed, Honest);
    EXPECT_FALSE(violation) << *violation;
  });
}

// Every change of every zone's clocks from 1990 on, with hours that begin and end around it.
TEST(OpenTimeAgreesWithTheWall, AtEveryClockChange) {
  StoreCalendar early = Daily({Hours(0, 5), Hours(30, 115), Hours(145, 215), Hours(230, 300),
                               Hours(700, 1200), Hours(2230, 2345)});
  early.weekly[0].back() = Hours(2230, 2400);
  const StoreCalendar late = Daily({Hours(115, 200), Hours(1800, 2445)});
  int changes = 0;
  for (const std::string& name : ZoneNames()) {
    const absl::TimeZone zone = Zone(name);
    absl::Time at = absl::FromCivil(absl::CivilDay(1990, 1, 1), zone);
    absl::TimeZone::CivilTransition change;
    while (zone.NextTransition(at, &change) && change.to.year() < 2038) {
      at = zone.At(change.to).trans;
      const Timestamp changed = FromMicros(absl::ToUnixMicros(at));
      for (const StoreCalendar& calendar : {early, late}) {
        const MinuteWalk walk(calendar, zone, changed, 3, 5);
        const OpenTime seen(calendar, zone);
        Judge judge(seen, walk);
        Random random(static_cast<uint64_t>(++changes));
        for (int minute = -360; minute <= 360; ++minute) {
          judge.IsOpenAt(changed + kMinute * minute);
        }
        for (int i = 0; i < 5; ++i) {
          judge.At(random, changed + kMinute * random.Between(-kMinutesOfDay, kMinutesOfDay));
        }
        ASSERT_FALSE(judge.violation()) << *judge.violation();
      }
    }
  }
  EXPECT_GT(changes, 1000);
}

// --- Canaries: each breaks one rule, and a seed must notice.
// --------------------------------------

TEST(OpenTimeAgreesWithTheWall, CatchesSpecialDaysThatAreForgotten) {
  ExpectCatches(
      [](StoreCalendar calendar, absl::TimeZone zone) {
        calendar.special_days.clear();
        return OpenTime(calendar, zone);
      },
      20);
}

TEST(OpenTimeAgreesWithTheWall, CatchesNightsThatEndAtMidnight) {
  ExpectCatches(
      [](StoreCalendar calendar, absl::TimeZone zone) {
        const auto cut = [](std::vector<OpenHours>& day) {
          for (auto& hours : day)
            hours.closes_minute = std::min(hours.closes_minute, kMinutesOfDay);
        };
        for (auto& day : calendar.weekly) cut(day);
        for (auto& day : calendar.special_days) cut(day.hours);
        return OpenTime(calendar, zone);
      },
      20);
}

TEST(OpenTimeAgreesWithTheWall, CatchesClocksThatDoNotChange) {
  ExpectCatches(
      [](StoreCalendar calendar, absl::TimeZone zone) {
        const absl::Time winter = absl::FromCivil(absl::CivilDay(2024, 1, 15), zone);
        return OpenTime(calendar, absl::FixedTimeZone(zone.At(winter).offset));
      },
      20);
}

TEST(OpenTimeAgreesWithTheWall, CatchesAWeekThatBeginsOnSunday) {
  ExpectCatches(
      [](StoreCalendar calendar, absl::TimeZone zone) {
        std::ranges::rotate(calendar.weekly, calendar.weekly.begin() + 6);
        return OpenTime(calendar, zone);
      },
      20);
}

// Told from the other side: this walk opens again in an hour that occurs twice.
TEST(OpenTimeAgreesWithTheWall, CatchesAnHourThatHappensTwice) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    if (AgreesWithTheWall(seed, Honest, MinuteWalk::Reading::kAsShown)) return;
  }
  ADD_FAILURE() << "no seed reaches an hour that occurs twice";
}

TEST(OpenTimeAgreesWithTheWall, CatchesAMinute) {
  ExpectCatches(
      [](StoreCalendar calendar, absl::TimeZone zone) {
        for (auto& day : calendar.weekly) {
          if (!day.empty()) day.front().closes_minute -= 1;
        }
        return OpenTime(calendar, zone);
      },
      20);
}

}  // namespace
}  // namespace stockd::fulfilment
