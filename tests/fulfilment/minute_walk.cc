#include "tests/fulfilment/minute_walk.h"

#include <algorithm>

#include "daemon/base/check.h"

namespace stockd::fulfilment {
namespace {

// The hours of the date, found the slow way.
const std::vector<OpenHours>& HoursOf(const StoreCalendar& calendar, absl::CivilDay date) {
  for (const SpecialDay& day : calendar.special_days) {
    if (day.date == date) return day.hours;
  }
  // 2024-01-01 was a Monday.
  const int64_t days = (date - absl::CivilDay(2024, 1, 1)) % 7;
  return calendar.weekly[static_cast<size_t>((days + 7) % 7)];
}

}  // namespace

MinuteWalk::MinuteWalk(const StoreCalendar& calendar, absl::TimeZone zone, Timestamp around,
                       int days_before, int days_after, Reading reading) {
  begin_ = std::chrono::floor<std::chrono::minutes>(around) - std::chrono::days(days_before);
  minutes_.resize(static_cast<size_t>(days_before + days_after) * kMinutesOfDay);
  // The clock may have gone back just before: what it showed on the day before counts.
  absl::CivilMinute latest = absl::CivilMinute::min();
  for (int64_t back = kMinutesOfDay; back > 0; --back) {
    const auto at = absl::FromUnixMicros(ToMicros(begin_ - std::chrono::minutes(back)));
    latest = std::max(latest, absl::CivilMinute(zone.At(at).cs));
  }
  for (size_t i = 0; i < minutes_.size(); ++i) {
    Minute& minute = minutes_[i];
    const absl::CivilMinute wall(zone.At(absl::FromUnixMicros(ToMicros(At(i)))).cs);
    latest = reading == Reading::kAsShown ? wall : std::max(latest, wall);
    minute.wall_date = absl::CivilDay(wall);
    for (const absl::CivilDay date : {absl::CivilDay(latest) - 1, absl::CivilDay(latest)}) {
      const std::vector<OpenHours>& day = HoursOf(calendar, date);
      for (size_t place = 0; place < day.size(); ++place) {
        const absl::CivilMinute midnight(date);
        if (latest < midnight + day[place].opens_minute) continue;
        if (latest >= midnight + day[place].closes_minute) continue;
        STOCKD_CHECK(!minute.open);  // Hours of a valid calendar do not overlap.
        minute.open = true;
        minute.date = date;
        minute.place = place;
      }
    }
  }
}

size_t MinuteWalk::IndexOf(Timestamp at) const {
  STOCKD_CHECK(at >= begin_);
  return static_cast<size_t>((at - begin_) / std::chrono::minutes(1));
}

bool MinuteWalk::SameHours(const Minute& left, const Minute& right) const {
  return left.open && right.open && left.date == right.date && left.place == right.place;
}

bool MinuteWalk::IsOpen(Timestamp at) const { return minutes_.at(IndexOf(at)).open; }

std::optional<Timestamp> MinuteWalk::NextOpen(Timestamp at) const {
  for (size_t i = IndexOf(at); i < minutes_.size(); ++i) {
    if (minutes_[i].open) return std::max(at, At(i));
  }
  return std::nullopt;
}

std::optional<Timestamp> MinuteWalk::CloseAfter(Timestamp at) const {
  bool was_open = false;
  for (size_t i = IndexOf(at); i < minutes_.size(); ++i) {
    if (was_open && !minutes_[i].open) return At(i);
    was_open = minutes_[i].open;
  }
  return std::nullopt;
}

std::optional<Timestamp> MinuteWalk::AddOpenTime(Timestamp at, Duration open_time) const {
  if (open_time == Duration(0)) return at;
  for (size_t i = IndexOf(at); i < minutes_.size(); ++i) {
    if (!minutes_[i].open) continue;
    const Timestamp from = std::max(at, At(i));
    const Duration rest = At(i + 1) - from;
    if (open_time <= rest) return from + open_time;
    open_time -= rest;
  }
  return std::nullopt;
}

Duration MinuteWalk::OpenTimeBetween(Timestamp from, Timestamp until) const {
  Duration open{0};
  for (size_t i = IndexOf(from); i < minutes_.size() && At(i) < until; ++i) {
    if (minutes_[i].open) open += std::min(until, At(i + 1)) - std::max(from, At(i));
  }
  return open;
}

std::optional<Timestamp> MinuteWalk::HoldDeadline(Timestamp ready_at, int open_days) const {
  const absl::CivilDay ready_date = minutes_.at(IndexOf(ready_at)).wall_date;
  // Hours that begin on a later date may still run when the walk ends.
  const absl::CivilDay last = minutes_.back().wall_date - 2;
  struct OpenDay {
    absl::CivilDay date;
    Timestamp close;
  };
  std::vector<OpenDay> days;  // After that day.
  for (size_t i = 0; i < minutes_.size(); ++i) {
    if (!minutes_[i].open || minutes_[i].date <= ready_date || minutes_[i].date > last) continue;
    if (days.empty() || days.back().date != minutes_[i].date) {
      days.push_back({.date = minutes_[i].date, .close = {}});
    }
    days.back().close = At(i + 1);
  }
  const auto count = static_cast<size_t>(open_days);
  if (count <= days.size()) return days[count - 1].close;
  return std::nullopt;
}

std::vector<PickSlot> MinuteWalk::Slots(Duration slot_length) const {
  std::vector<PickSlot> slots;
  for (size_t i = 2 * kMinutesOfDay; i < minutes_.size(); ++i) {
    if (!minutes_[i].open || SameHours(minutes_[i - 1], minutes_[i])) continue;
    size_t close = i + 1;
    while (close < minutes_.size() && SameHours(minutes_[i], minutes_[close])) ++close;
    for (Timestamp start = At(i); start < At(close); start += slot_length) {
      slots.push_back({.start = start, .end = std::min(start + slot_length, At(close))});
    }
  }
  return slots;
}

}  // namespace stockd::fulfilment
