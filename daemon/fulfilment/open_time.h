#pragma once

#include <absl/functional/function_ref.h>
#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <optional>

#include "daemon/base/time.h"
#include "daemon/fulfilment/store_calendar.h"

namespace stockd::fulfilment {

// How far ahead of the instant it is asked about a location's opening is looked for. What opens
// later "never opens".
inline constexpr Duration kOpeningHorizon = std::chrono::hours(400 * 24);

// One stretch of open hours as it really happens: open from `open` on, closed again from `close`.
struct Opening {
  Timestamp open;
  Timestamp close;      // After `open`.
  absl::CivilDay date;  // The local date whose hours these are.

  friend bool operator==(const Opening&, const Opening&) = default;
};

// When a location is open, in real instants: its calendar read with its time zone. Immutable, so
// that any thread may use it; a changed calendar is a new object. Instants are those of the years 1
// to 9999.
//
// The calendar speaks in wall-clock times. **A wall-clock time happens when the wall clock first
// shows it or a later one.** It follows that
//   - a time that occurs twice, because the clocks go back, means its first occurrence: a store
//     that closes at 02:30 does not open again an hour later, and one that opened stays open;
//   - a time that does not exist, because the clocks go forward, means the instant of the change:
//     a store that opens at 02:30 opens when 02:00 becomes 03:00. Hours wholly inside of the gap,
//     or on a date that a zone left out, do not take place;
//   - hours always take place once and in order, and those of a valid calendar never overlap.
// Hours belong to the local date on which they begin. A special day replaces the hours that begin
// on it; what began the evening before runs to its end.
class OpenTime {
 public:
  // REQUIRES: the calendar has no fault (calendar_faults.h).
  OpenTime(StoreCalendar calendar, absl::TimeZone zone);

  const StoreCalendar& calendar() const { return calendar_; }
  absl::TimeZone zone() const { return zone_; }

  bool IsOpen(Timestamp at) const;

  // The first open instant from `at` on, which is `at` itself when open. Empty: none within
  // kOpeningHorizon.
  std::optional<Timestamp> NextOpen(Timestamp at) const;

  // When the location closes that is open at `at`, or that opens next. Hours that follow each other
  // without a break count as one. Empty: it does not open within kOpeningHorizon, or does not close
  // again within it.
  std::optional<Timestamp> CloseAfter(Timestamp at) const;

  // The first instant at which it has been open for `open_time` since `at`: `at` itself for 0, and
  // a closing time rather than the next opening. Empty: not within kOpeningHorizon.
  // REQUIRES: open_time >= 0.
  std::optional<Timestamp> AddOpenTime(Timestamp at, Duration open_time) const;

  // How long it is open in [from, until); 0 when `until` is not later. Costs the days between.
  Duration OpenTimeBetween(Timestamp from, Timestamp until) const;

  // When the hours that begin on this local date have all ended. Empty: not an open day.
  std::optional<Timestamp> LastClose(absl::CivilDay date) const;

  // Until when an order is kept that became ready at `ready_at`: the close of the `open_days`-th
  // open day after the day of `ready_at`. The day of `ready_at` is the local date that the wall
  // clock shows then. A day is open when open hours begin on that date, and closes at its
  // LastClose(), which may be past midnight. Empty: not so many open days within kOpeningHorizon.
  // REQUIRES: open_days >= 1.
  std::optional<Timestamp> HoldDeadline(Timestamp ready_at, int open_days) const;

  // Calls `each` for the openings that overlap [from, until), in order, until it answers false.
  // Openings are not joined, and not cut to the span.
  void ForEachOpening(Timestamp from, Timestamp until,
                      absl::FunctionRef<bool(const Opening&)> each) const;

  // The local date that the wall clock shows.
  absl::CivilDay LocalDate(Timestamp at) const;

  // When the wall clock first shows this minute of the local date or a later time.
  Timestamp InstantOf(absl::CivilDay date, int minute) const;

 private:
  StoreCalendar calendar_;
  absl::TimeZone zone_;
};

}  // namespace stockd::fulfilment
