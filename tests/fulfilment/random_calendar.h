#pragma once

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <string>
#include <vector>

#include "daemon/fulfilment/store_calendar.h"
#include "tests/support/random.h"

namespace stockd::fulfilment {

// Zones whose clocks do everything that clocks do: whole and half hours, both hemispheres, changes
// at midnight and just after it, negative summer time, a date left out, none at all.
const std::vector<std::string>& ZoneNames();

// An instant within a few days of a change of the zone's clocks between 1990 and 2037, or any of
// these years where there is none.
Timestamp NearAChange(support::Random& random, absl::TimeZone zone);

// A valid calendar with special days around `date`: weekdays closed, several hours a day, nights,
// hours in the small morning where clocks change, odd minutes.
StoreCalendar RandomCalendar(support::Random& random, absl::CivilDay date);

}  // namespace stockd::fulfilment
