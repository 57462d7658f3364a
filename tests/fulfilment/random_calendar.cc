#include "tests/fulfilment/random_calendar.h"

#include <algorithm>

#include "daemon/fulfilment/calendar_faults.h"
#include "tests/fulfilment/calendar_words.h"

namespace stockd::fulfilment {
namespace {

using support::Random;

int RandomMinute(Random& random, int low, int high) {
  const int minute = static_cast<int>(random.Between(low, high));
  return random.Percent(70) ? std::max(low, minute / 15 * 15) : minute;
}

std::vector<OpenHours> RandomDay(Random& random) {
  if (random.Percent(15)) return {};
  if (random.Percent(10)) return {{.opens_minute = 0, .closes_minute = kMinutesOfDay}};
  std::vector<OpenHours> day;
  int from = 0;
  while (day.size() < 4 && from < kMinutesOfDay) {
    // Half of the days begin early, where the clocks change.
    const int latest =
        random.Percent(50) ? std::min(from + 240, kMinutesOfDay - 1) : kMinutesOfDay - 1;
    const int opens = RandomMinute(random, from, latest);
    const int longest = random.Percent(40) ? 90 : random.Percent(90) ? 600 : kMinutesOfDay;
    const int closes = opens + std::max(1, RandomMinute(random, 1, longest));
    day.push_back({.opens_minute = opens, .closes_minute = closes});
    from = random.Percent(20) ? closes : closes + 1 + static_cast<int>(random.Below(180));
    if (random.Percent(30)) break;
  }
  return day;
}

// Ends what runs into the hours of the next day where they begin.
void EndBefore(std::vector<OpenHours>& day, std::span<const OpenHours> next) {
  if (day.empty() || next.empty()) return;
  const int limit = next.front().opens_minute + kMinutesOfDay;
  day.back().closes_minute = std::min(day.back().closes_minute, limit);
}

}  // namespace

const std::vector<std::string>& ZoneNames() {
  static const std::vector<std::string> names = {
      "Europe/Istanbul",  "Europe/Warsaw", "America/New_York",  "Australia/Lord_Howe",
      "Asia/Kolkata",     "UTC",           "America/Sao_Paulo", "Africa/Casablanca",
      "America/St_Johns", "Pacific/Apia",  "Asia/Kathmandu",    "Pacific/Chatham",
      "America/Santiago", "Europe/Dublin", "Asia/Tehran",       "Asia/Gaza",
      "Antarctica/Troll", "Asia/Beirut"};
  return names;
}

Timestamp NearAChange(Random& random, absl::TimeZone zone) {
  const Timestamp any =
      Instant("1990-01-01 00:00:00 +0000") + std::chrono::hours(random.Between(0, 48 * 365 * 24));
  absl::TimeZone::CivilTransition change;
  if (!random.Percent(85) || !zone.NextTransition(absl::FromUnixMicros(ToMicros(any)), &change)) {
    return any;
  }
  const Timestamp at = FromMicros(absl::ToUnixMicros(zone.At(change.to).trans));
  return at + std::chrono::minutes(random.Between(-3 * kMinutesOfDay, 3 * kMinutesOfDay));
}

StoreCalendar RandomCalendar(Random& random, absl::CivilDay date) {
  StoreCalendar calendar;
  if (random.Percent(90)) {
    for (auto& day : calendar.weekly) day = RandomDay(random);
    for (size_t i = 0; i < 7; ++i) EndBefore(calendar.weekly[i], calendar.weekly[(i + 1) % 7]);
  }
  for (int offset = -10; offset <= 20; ++offset) {
    if (!random.Percent(25)) continue;
    SpecialDay day{.date = date + offset, .name = "special", .hours = RandomDay(random)};
    calendar.special_days.push_back(std::move(day));
  }
  // Neighbours of special days may overlap them: those become special, and shorter, too.
  for (int offset = -12; offset <= 22; ++offset) {
    const absl::CivilDay today = date + offset;
    const auto hours = HoursOn(calendar, today);
    std::vector<OpenHours> shorter(hours.begin(), hours.end());
    EndBefore(shorter, HoursOn(calendar, today + 1));
    if (std::ranges::equal(shorter, hours)) continue;
    auto& days = calendar.special_days;
    const auto at = std::ranges::lower_bound(days, today, {}, &SpecialDay::date);
    if (at != days.end() && at->date == today) {
      at->hours = std::move(shorter);
    } else {
      days.insert(at, {.date = today, .name = "shorter", .hours = std::move(shorter)});
    }
  }
  calendar.slot_length = std::chrono::minutes(random.Percent(50) ? 60 : random.Between(5, 1440));
  calendar.picks_per_slot = random.Percent(20) ? 0 : static_cast<int>(random.Between(1, 4));
  calendar.ready_lead = std::chrono::minutes(random.Percent(20) ? 0 : random.Between(1, 1500));
  calendar.order_cutoff = std::chrono::minutes(random.Percent(40) ? 0 : random.Between(1, 200));
  calendar.hold_open_days = static_cast<int>(random.Between(1, 6));
  const auto fault = FindFault(calendar);
  EXPECT_FALSE(fault) << fault->field << " " << fault->problem;
  return calendar;
}

}  // namespace stockd::fulfilment
