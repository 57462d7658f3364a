#pragma once

namespace stockd::storage {

// When locations are open and how much they can pick.
inline constexpr char kMigration0006[] = R"sql(
CREATE TABLE store_calendar (
  -- Lengths are microseconds; hours are wall-clock times of the location.
  location_id INTEGER PRIMARY KEY,
  weekly TEXT NOT NULL,               -- JSON, Monday to Sunday: [["09:00-20:00"],...,[]]
  special_days TEXT NOT NULL,         -- JSON, by date: [["2026-12-25","Christmas",[]],...]
  slot_length INTEGER NOT NULL,
  picks_per_slot INTEGER NOT NULL,    -- 0: no bound.
  ready_lead INTEGER NOT NULL,
  order_cutoff INTEGER NOT NULL,
  hold_open_days INTEGER NOT NULL,
  remind_after INTEGER NOT NULL       -- 0: no reminder.
) STRICT;
)sql";

}  // namespace stockd::storage
