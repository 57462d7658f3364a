#include "daemon/fulfilment/calendar_faults.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <initializer_list>

#include "daemon/fulfilment/calendar_text.h"

namespace stockd::fulfilment {
namespace {

using Fault = std::optional<CalendarFault>;

constexpr const char* kWeekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                     "Friday", "Saturday", "Sunday"};

Fault MakeFault(std::string field, std::string problem) {
  return CalendarFault{.field = std::move(field), .problem = std::move(problem)};
}

bool InRange(const OpenHours& hours) {
  return hours.opens_minute >= 0 && hours.opens_minute < kMinutesOfDay &&
         hours.closes_minute > hours.opens_minute &&
         hours.closes_minute <= hours.opens_minute + kMinutesOfDay;
}

std::string Overlap(const OpenHours& left, const OpenHours& right, const char* where) {
  return absl::StrCat("overlap: ", HoursText(left), " and ", HoursText(right), where);
}

Fault CheckDay(std::span<const OpenHours> day, const std::string& field) {
  if (day.size() > kHoursOfDayMax) {
    return MakeFault(field,
                     absl::StrFormat("has more than %d open hours on a day", kHoursOfDayMax));
  }
  const OpenHours* before = nullptr;
  for (const OpenHours& hours : day) {
    if (!InRange(hours)) return MakeFault(field, "has open hours that are not within 24 hours");
    if (before != nullptr && hours.opens_minute < before->closes_minute) {
      return MakeFault(field, Overlap(*before, hours, ""));
    }
    before = &hours;
  }
  return std::nullopt;
}

// The last hours of a day must end before the first of the next begin.
Fault CheckMidnight(std::span<const OpenHours> day, std::span<const OpenHours> next,
                    const std::string& field) {
  if (day.empty() || next.empty()) return std::nullopt;
  if (day.back().closes_minute - kMinutesOfDay <= next.front().opens_minute) return std::nullopt;
  return MakeFault(field, Overlap(day.back(), next.front(), " of the day after"));
}

Fault CheckWeek(const StoreCalendar& calendar) {
  for (size_t i = 0; i < calendar.weekly.size(); ++i) {
    if (Fault fault = CheckDay(calendar.weekly[i], "weekly_hours")) {
      fault->problem += std::string(", on ") + kWeekdays[i];
      return fault;
    }
  }
  for (size_t i = 0; i < calendar.weekly.size(); ++i) {
    if (Fault fault =
            CheckMidnight(calendar.weekly[i], calendar.weekly[(i + 1) % 7], "weekly_hours")) {
      fault->problem += std::string(", from ") + kWeekdays[i] + " on";
      return fault;
    }
  }
  return std::nullopt;
}

Fault CheckSpecialDay(const StoreCalendar& calendar, const SpecialDay& day) {
  if (day.date.year() < kSpecialYearMin || day.date.year() > kSpecialYearMax) {
    return MakeFault("date", "is not in the years 1970 to 9998");
  }
  if (day.name.size() > kSpecialNameBytesMax) {
    return MakeFault("name", absl::StrFormat("is longer than %d bytes", kSpecialNameBytesMax));
  }
  if (Fault fault = CheckDay(day.hours, "hours")) return fault;
  if (Fault fault = CheckMidnight(HoursOn(calendar, day.date - 1), day.hours, "hours")) {
    return fault;
  }
  return CheckMidnight(day.hours, HoursOn(calendar, day.date + 1), "hours");
}

Fault AtSpecialDay(size_t place, Fault fault) {
  if (fault) fault->special_day = static_cast<int>(place);
  return fault;
}

Fault CheckSpecialDays(const StoreCalendar& calendar) {
  const auto& days = calendar.special_days;
  if (days.size() > kSpecialDaysMax) {
    return MakeFault("special_days", absl::StrFormat("has more than %d rows", kSpecialDaysMax));
  }
  // Dates first: the hours of a neighbour are looked up by them.
  for (size_t i = 1; i < days.size(); ++i) {
    if (days[i].date == days[i - 1].date) {
      return AtSpecialDay(i, MakeFault("date", "is there twice"));
    }
    if (days[i].date < days[i - 1].date) {
      return AtSpecialDay(i, MakeFault("date", "does not come after the one before"));
    }
  }
  for (size_t i = 0; i < days.size(); ++i) {
    if (Fault fault = CheckSpecialDay(calendar, days[i])) return AtSpecialDay(i, fault);
  }
  return std::nullopt;
}

struct DurationRange {
  const char* field;
  Duration value;
  Duration min;
  Duration max;
  const char* problem;
};

Fault CheckFigures(const StoreCalendar& calendar) {
  const Duration none{0};
  for (const DurationRange& range : {
           DurationRange{"slot_length", calendar.slot_length, kSlotLengthMin, kSlotLengthMax,
                         "is not from 5 minutes to 24 hours"},
           DurationRange{"ready_lead", calendar.ready_lead, none, kReadyLeadMax,
                         "is not from 0 to 30 days"},
           DurationRange{"order_cutoff", calendar.order_cutoff, none, kOrderCutoffMax,
                         "is not from 0 to 24 hours"},
           DurationRange{"remind_after", calendar.remind_after, none, kRemindAfterMax,
                         "is not from 0 to 30 days"},
       }) {
    if (range.value < range.min || range.value > range.max) {
      return MakeFault(range.field, range.problem);
    }
  }
  if (calendar.picks_per_slot < 0 || calendar.picks_per_slot > kPicksPerSlotMax) {
    return MakeFault("picks_per_slot", absl::StrFormat("is not from 0 to %d", kPicksPerSlotMax));
  }
  if (calendar.hold_open_days < 1 || calendar.hold_open_days > kHoldOpenDaysMax) {
    return MakeFault("hold_open_days", absl::StrFormat("is not from 1 to %d", kHoldOpenDaysMax));
  }
  return std::nullopt;
}

}  // namespace

Fault FindFault(const StoreCalendar& calendar) {
  if (Fault fault = CheckWeek(calendar)) return fault;
  if (Fault fault = CheckSpecialDays(calendar)) return fault;
  return CheckFigures(calendar);
}

}  // namespace stockd::fulfilment
