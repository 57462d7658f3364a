#pragma once

#include <absl/time/civil_time.h>

#include <array>
#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "daemon/base/time.h"

namespace stockd::fulfilment {

inline constexpr int kMinutesOfDay = 24 * 60;

// One stretch of open hours, in wall-clock minutes since the midnight that begins its local day. It
// belongs to the day on which it opens, also when it runs past the next midnight.
struct OpenHours {
  int opens_minute = 0;   // 0 to 1439.
  int closes_minute = 0;  // Later than `opens_minute`, by at most 1440; from 1441 on the next day.

  friend constexpr auto operator<=>(const OpenHours&, const OpenHours&) = default;
};

// A local date whose hours differ from those of its weekday: a holiday, a sale, a stock-take.
struct SpecialDay {
  absl::CivilDay date;
  std::string name;              // For people; may be empty.
  std::vector<OpenHours> hours;  // Instead of the weekday's, in order; empty: closed.

  friend bool operator==(const SpecialDay&, const SpecialDay&) = default;
};

// When a location is open, how many orders it can pick, and how long it keeps them. The rules are
// in open_time.h and pick_slots.h, what makes it valid in calendar_faults.h. A value.
struct StoreCalendar {
  std::array<std::vector<OpenHours>, 7> weekly;  // From Monday to Sunday, each in order.
  std::vector<SpecialDay> special_days;          // Ordered by date, each date once.

  Duration slot_length = std::chrono::hours(1);
  int picks_per_slot = 0;  // Orders that may be picked in one slot; 0: no bound.
  // Open time between an order and the promise that it is ready.
  Duration ready_lead = std::chrono::hours(2);
  Duration order_cutoff{0};  // A slot takes orders until this long before it ends.
  int hold_open_days = 3;    // Kept for so many open days after the day on which it became ready.
  // The customer is reminded so long after an order became ready; 0: not at all.
  Duration remind_after = std::chrono::hours(24);

  friend bool operator==(const StoreCalendar&, const StoreCalendar&) = default;
};

// What holds for a location without a calendar: open day and night, as many picks as come, and the
// defaults above.
StoreCalendar RoundTheClock();

// The special day on this date; null: an ordinary day.
const SpecialDay* FindSpecialDay(const StoreCalendar& calendar, absl::CivilDay date);

// The hours that begin on this date, in order.
std::span<const OpenHours> HoursOn(const StoreCalendar& calendar, absl::CivilDay date);

}  // namespace stockd::fulfilment
