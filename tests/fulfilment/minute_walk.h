#pragma once

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <optional>
#include <vector>

#include "daemon/fulfilment/pick_slots.h"
#include "daemon/fulfilment/store_calendar.h"

namespace stockd::fulfilment {

// The naive second opinion on open hours: walks real time minute by minute and looks at the clock
// on the wall. It shares nothing with OpenTime but the calendar: a store opens when the clock has
// reached the hour and closes when it has reached the end, so all it needs is the latest wall-clock
// time seen so far. Knows [begin, begin + days).
class MinuteWalk {
 public:
  // How the clock on the wall is read. kAsShown is wrong on purpose: an hour that occurs twice
  // happens twice.
  enum class Reading { kLatestShown, kAsShown };

  MinuteWalk(const StoreCalendar& calendar, absl::TimeZone zone, Timestamp around, int days_before,
             int days_after, Reading reading = Reading::kLatestShown);

  Timestamp begin() const { return begin_; }
  Timestamp end() const { return begin_ + std::chrono::minutes(minutes_.size()); }

  bool IsOpen(Timestamp at) const;
  // Empty: not before end().
  std::optional<Timestamp> NextOpen(Timestamp at) const;
  std::optional<Timestamp> CloseAfter(Timestamp at) const;
  std::optional<Timestamp> AddOpenTime(Timestamp at, Duration open_time) const;
  Duration OpenTimeBetween(Timestamp from, Timestamp until) const;
  // Empty also when it is later than end() less three days.
  std::optional<Timestamp> HoldDeadline(Timestamp ready_at, int open_days) const;
  // All slots that begin at or after begin() plus two days, in order.
  std::vector<PickSlot> Slots(Duration slot_length) const;

 private:
  struct Minute {
    bool open = false;
    // The hours that are open: the date and the place among its hours; so that hours that follow
    // each other without a break are told apart.
    absl::CivilDay date;
    size_t place = 0;
    absl::CivilDay wall_date;  // As the wall clock shows it.
  };

  size_t IndexOf(Timestamp at) const;
  Timestamp At(size_t index) const { return begin_ + std::chrono::minutes(index); }
  bool SameHours(const Minute& left, const Minute& right) const;

  Timestamp begin_;
  std::vector<Minute> minutes_;
};

}  // namespace stockd::fulfilment
