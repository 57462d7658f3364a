#include "daemon/reports/time_grid.h"

#include <algorithm>

#include "daemon/base/check.h"

namespace stockd::reports {
namespace {

constexpr int64_t kHourMicros = int64_t{3600} * 1'000'000;
constexpr int64_t kQuarterMicros = kHourMicros / 4;
constexpr size_t kSlotsKeptMax = 4096;

int64_t FloorDiv(int64_t value, int64_t by) {
  const int64_t quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

Timestamp FromAbsl(absl::Time time) { return FromMicros(absl::ToUnixMicros(time)); }
absl::Time ToAbsl(Timestamp time) { return absl::FromUnixMicros(ToMicros(time)); }

// The first instant of a civil day in the zone; where the clock jumps over midnight, the jump.
Timestamp DayBegin(absl::CivilDay day, const absl::TimeZone& zone) {
  const auto info = zone.At(absl::CivilSecond(day));
  return FromAbsl(info.kind == absl::TimeZone::TimeInfo::SKIPPED ? info.trans : info.pre);
}

absl::CivilDay DayOf(Timestamp instant, const absl::TimeZone& zone) {
  return absl::ToCivilDay(ToAbsl(instant), zone);
}

int64_t MonthNumber(absl::CivilDay day) { return day.year() * 12 + day.month() - 1; }

absl::CivilMonth MonthOf(int64_t number) {
  return absl::CivilMonth(FloorDiv(number, 12), number - FloorDiv(number, 12) * 12 + 1);
}

absl::CivilDay BucketDay(absl::CivilDay day, Bucket bucket) {
  switch (bucket) {
    case Bucket::kWeek: return day - static_cast<int>(absl::GetWeekday(day));  // 0 is Monday.
    case Bucket::kMonth: return absl::CivilDay(absl::CivilMonth(day));
    case Bucket::kQuarter: return absl::CivilDay(day.year(), (day.month() - 1) / 3 * 3 + 1, 1);
    case Bucket::kYear: return absl::CivilDay(absl::CivilYear(day));
    default: return day;
  }
}

absl::CivilDay NextBucketDay(absl::CivilDay day, Bucket bucket) {
  switch (bucket) {
    case Bucket::kWeek: return day + 7;
    case Bucket::kMonth: return absl::CivilDay(absl::CivilMonth(day) + 1);
    case Bucket::kQuarter: return absl::CivilDay(absl::CivilMonth(day) + 3);
    case Bucket::kYear: return absl::CivilDay(absl::CivilYear(day) + 1);
    default: return day + 1;
  }
}

// The first full hour of the zone's clock after the instant.
Timestamp NextHour(Timestamp instant, const absl::TimeZone& zone) {
  const int64_t offset = int64_t{zone.At(ToAbsl(instant)).offset} * 1'000'000;
  return FromMicros((FloorDiv(ToMicros(instant) + offset, kHourMicros) + 1) * kHourMicros - offset);
}

}  // namespace

std::optional<absl::TimeZone> FindTimeZone(std::string_view name) {
  absl::TimeZone zone;
  // Abseil takes paths too.
  if (name.empty() || name.front() == '/' || name.front() == ':' ||
      name.find("..") != std::string_view::npos || name == "localtime") {
    return std::nullopt;
  }
  if (!absl::LoadTimeZone(std::string(name), &zone)) return std::nullopt;
  return zone;
}

TimeGrid::TimeGrid(absl::TimeZone zone) : zone_(zone) {
  // Offsets of the present, in whole quarters of an hour.
  const int64_t offset = int64_t{zone_.At(absl::FromUnixSeconds(1'750'000'000)).offset};
  hour_shift_micros_ = (((-offset % 3600) + 3600) % 3600) * 1'000'000;
}

const TimeGrid::Slot* TimeGrid::SlotsAt(Timestamp instant) {
  const int64_t quarter = FloorDiv(ToMicros(instant), kQuarterMicros);
  if (quarter == known_quarter_) return known_;
  if (const auto found = slots_.find(quarter); found != slots_.end()) {
    std::ranges::copy(found->second, known_);
    known_quarter_ = quarter;
    return known_;
  }
  // Local mean times of long ago part quarters; these are worked out every time.
  const Timestamp quarter_begin = FromMicros(quarter * kQuarterMicros);
  const Timestamp quarter_end = FromMicros((quarter + 1) * kQuarterMicros);
  bool is_whole = true;
  for (int i = 0; i < kLevelCount; ++i) {
    const auto level = static_cast<Level>(i);
    Slot& slot = known_[i];
    slot.bucket = BucketAt(level, instant);
    slot.end = level == Level::kEver ? kTimestampMax : BeginOf(level, slot.bucket + 1);
    is_whole = is_whole && BeginOf(level, slot.bucket) <= quarter_begin && slot.end >= quarter_end;
  }
  known_quarter_ = is_whole ? quarter : INT64_MIN;
  if (is_whole) {
    if (slots_.size() > kSlotsKeptMax) slots_.clear();
    slots_.try_emplace(quarter, known_, known_ + kLevelCount);
  }
  return known_;
}

int64_t TimeGrid::BucketAt(Level level, Timestamp instant) const {
  switch (level) {
    case Level::kEver: return 0;
    case Level::kMonth: return MonthNumber(DayOf(instant, zone_));
    case Level::kDay: return DayOf(instant, zone_) - absl::CivilDay(1970, 1, 1);
    case Level::kHour: return FloorDiv(ToMicros(instant) - hour_shift_micros_, kHourMicros);
  }
  return 0;
}

Timestamp TimeGrid::BeginOf(Level level, int64_t bucket) const {
  switch (level) {
    case Level::kEver: return kTimestampMin;
    case Level::kMonth: return DayBegin(absl::CivilDay(MonthOf(bucket)), zone_);
    case Level::kDay: return DayBegin(absl::CivilDay(1970, 1, 1) + bucket, zone_);
    case Level::kHour: return FromMicros(bucket * kHourMicros + hour_shift_micros_);
  }
  return {};
}

std::vector<Timestamp> CutPeriod(Timestamp begin, Timestamp end, Bucket bucket,
                                 const absl::TimeZone& zone, size_t max) {
  std::vector<Timestamp> cuts{begin};
  if (bucket == Bucket::kHour) {
    for (Timestamp next = NextHour(begin, zone); next < end; next = NextHour(next, zone)) {
      if (cuts.size() > max) return {};
      cuts.push_back(next);
    }
  } else if (bucket != Bucket::kWhole) {
    absl::CivilDay day = BucketDay(DayOf(begin, zone), bucket);
    while (true) {
      day = NextBucketDay(day, bucket);
      const Timestamp next = DayBegin(day, zone);
      if (next >= end) break;
      if (cuts.size() > max) return {};
      cuts.push_back(next);
    }
  }
  cuts.push_back(end);
  return cuts.size() > max + 1 ? std::vector<Timestamp>{} : cuts;
}

Timestamp BeginOfStretchBefore(Timestamp begin, Timestamp end, const absl::TimeZone& zone) {
  const absl::CivilDay first = DayOf(begin, zone);
  const absl::CivilDay last = DayOf(end, zone);
  if (DayBegin(first, zone) != begin || DayBegin(last, zone) != end) return begin - (end - begin);
  return DayBegin(first - (last - first), zone);
}

std::optional<std::vector<CellRun>> Cover(const TimeGrid& grid, const std::vector<Timestamp>& cuts,
                                          bool hours) {
  STOCKD_CHECK(cuts.size() >= 2);
  std::vector<CellRun> runs;
  const auto add = [&runs](Level level, int64_t bucket) {
    if (!runs.empty() && runs.back().level == level && runs.back().last + 1 == bucket) {
      runs.back().last = bucket;
    } else {
      runs.push_back({.level = level, .first = bucket, .last = bucket});
    }
  };
  for (size_t i = 0; i + 1 < cuts.size(); ++i) {
    Timestamp at = cuts[i];
    const Timestamp end = cuts[i + 1];
    while (at < end) {
      bool found = false;
      for (const Level level : {Level::kMonth, Level::kDay, Level::kHour}) {
        if (level == Level::kHour && !hours) break;
        const int64_t bucket = grid.BucketAt(level, at);
        const Timestamp next = grid.BeginOf(level, bucket + 1);
        if (grid.BeginOf(level, bucket) != at || next > end) continue;
        add(level, bucket);
        at = next;
        found = true;
        break;
      }
      if (!found) return std::nullopt;
    }
  }
  // Runs of one level that a coarser cell parts stay apart; the order is that of time.
  return runs;
}

}  // namespace stockd::reports
