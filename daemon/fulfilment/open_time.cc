#include "daemon/fulfilment/open_time.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "daemon/base/check.h"

namespace stockd::fulfilment {
namespace {

Timestamp FromAbsl(absl::Time time) { return FromMicros(absl::ToUnixMicros(time)); }

}  // namespace

OpenTime::OpenTime(StoreCalendar calendar, absl::TimeZone zone)
    : calendar_(std::move(calendar)), zone_(zone) {}

absl::CivilDay OpenTime::LocalDate(Timestamp at) const {
  return absl::CivilDay(zone_.At(absl::FromUnixMicros(ToMicros(at))).cs);
}

Timestamp OpenTime::InstantOf(absl::CivilDay date, int minute) const {
  const auto info = zone_.At(absl::CivilSecond(absl::CivilMinute(date) + minute));
  return FromAbsl(info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre);
}

void OpenTime::ForEachOpening(Timestamp from, Timestamp until,
                              absl::FunctionRef<bool(const Opening&)> each) const {
  if (from >= until) return;
  // Hours end at latest on the day after the one they begin on. A wall clock gets ahead of real
  // time by less than two days.
  const absl::CivilMinute wall(zone_.At(absl::FromUnixMicros(ToMicros(from))).cs);
  const absl::CivilDay first = absl::CivilDay(wall) - 1;
  const absl::CivilDay last = first + (until - from) / std::chrono::hours(24) + 4;
  for (absl::CivilDay date = first; date <= last; ++date) {
    for (const OpenHours& hours : HoursOn(calendar_, date)) {
      // What the clock has shown already has happened: most hours of the past cost no look at the
      // zone.
      if (absl::CivilMinute(date) + hours.closes_minute <= wall) continue;
      const Timestamp close = InstantOf(date, hours.closes_minute);
      if (close <= from) continue;
      const Timestamp open = InstantOf(date, hours.opens_minute);
      if (open >= until) return;
      if (open == close) continue;  // The clocks left these hours out.
      if (!each({.open = open, .close = close, .date = date})) return;
    }
  }
}

bool OpenTime::IsOpen(Timestamp at) const {
  bool open = false;
  ForEachOpening(at, at + Duration(1), [&](const Opening&) {
    open = true;
    return false;
  });
  return open;
}

std::optional<Timestamp> OpenTime::NextOpen(Timestamp at) const {
  std::optional<Timestamp> next;
  ForEachOpening(at, at + kOpeningHorizon, [&](const Opening& opening) {
    next = std::max(at, opening.open);
    return false;
  });
  return next;
}

std::optional<Timestamp> OpenTime::CloseAfter(Timestamp at) const {
  const Timestamp horizon = at + kOpeningHorizon;
  std::optional<Timestamp> close;
  ForEachOpening(at, horizon, [&](const Opening& opening) {
    if (close && opening.open > *close) return false;
    close = opening.close;
    return true;
  });
  return close && *close < horizon ? close : std::nullopt;
}

std::optional<Timestamp> OpenTime::AddOpenTime(Timestamp at, Duration open_time) const {
  STOCKD_CHECK(open_time >= Duration(0));
  if (open_time == Duration(0)) return at;
  const Timestamp horizon = at + kOpeningHorizon;
  std::optional<Timestamp> reached;
  ForEachOpening(at, horizon, [&](const Opening& opening) {
    const Timestamp begin = std::max(at, opening.open);
    const Duration length = opening.close - begin;
    if (length < open_time) {
      open_time -= length;
      return true;
    }
    reached = begin + open_time;
    return false;
  });
  return reached && *reached <= horizon ? reached : std::nullopt;
}

Duration OpenTime::OpenTimeBetween(Timestamp from, Timestamp until) const {
  Duration open{0};
  ForEachOpening(from, until, [&](const Opening& opening) {
    open += std::min(until, opening.close) - std::max(from, opening.open);
    return true;
  });
  return open;
}

std::optional<Timestamp> OpenTime::LastClose(absl::CivilDay date) const {
  for (const OpenHours& hours : HoursOn(calendar_, date) | std::views::reverse) {
    const Timestamp close = InstantOf(date, hours.closes_minute);
    if (InstantOf(date, hours.opens_minute) < close) return close;
  }
  return std::nullopt;
}

std::optional<Timestamp> OpenTime::HoldDeadline(Timestamp ready_at, int open_days) const {
  STOCKD_CHECK(open_days >= 1);
  const absl::CivilDay ready_date = LocalDate(ready_at);
  const absl::CivilDay last = LocalDate(ready_at + kOpeningHorizon);
  for (absl::CivilDay date = ready_date + 1; date <= last; ++date) {
    const auto close = LastClose(date);
    if (close && --open_days == 0) return close;
  }
  return std::nullopt;
}

}  // namespace stockd::fulfilment
