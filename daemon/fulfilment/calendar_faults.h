#pragma once

#include <optional>
#include <string>

#include "daemon/fulfilment/store_calendar.h"

namespace stockd::fulfilment {

inline constexpr int kHoursOfDayMax = 8;      // Stretches of open hours that begin on one day.
inline constexpr int kSpecialDaysMax = 1000;  // Of one calendar.
inline constexpr size_t kSpecialNameBytesMax = 200;
inline constexpr Duration kSlotLengthMin = std::chrono::minutes(5);
inline constexpr Duration kSlotLengthMax = std::chrono::hours(24);
inline constexpr int kPicksPerSlotMax = 100'000;
inline constexpr Duration kReadyLeadMax = std::chrono::hours(30 * 24);
inline constexpr Duration kOrderCutoffMax = std::chrono::hours(24);
inline constexpr int kHoldOpenDaysMax = 60;
inline constexpr Duration kRemindAfterMax = std::chrono::hours(30 * 24);
inline constexpr int kSpecialYearMin = 1970;
inline constexpr int kSpecialYearMax = 9998;

// What is wrong with a calendar.
struct CalendarFault {
  std::string field;     // "weekly_hours", "slot_length", ...; of a special day "date", ...
  std::string problem;   // Continues the sentence that begins with the field.
  int special_day = -1;  // The place of the special day at fault; -1: it is none.

  friend bool operator==(const CalendarFault&, const CalendarFault&) = default;
};

// The first fault of the calendar; nothing when it is valid. Looked for, in this order: hours out
// of range, out of order or overlapping (also across midnight, also between a special day and its
// neighbours); special days out of order, too many or out of range; figures out of range.
std::optional<CalendarFault> FindFault(const StoreCalendar& calendar);

}  // namespace stockd::fulfilment
