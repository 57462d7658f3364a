#pragma once

#include <functional>
#include <vector>

#include "daemon/reports/rollup_rows.h"
#include "daemon/reports/workspace.h"
#include "daemon/storage/journal_feed.h"

namespace stockd::reports {

// What one order adds to the sums of one place and time.
struct LifeSums {
  Timestamp at{};
  LocationId location = kNoLocation;
  Strand strand;
  std::vector<Amount> amounts;
};

// Everything that an order adds to the figures, as it stands: a function of the story alone, so
// that a change is told by taking the old sums out and adding the new ones. `micro_units` says how
// many 10^-6 selling units one counted unit of an item is.
std::vector<LifeSums> LifeOf(const storage::OrderStory& story,
                             const std::function<int64_t(ItemId)>& micro_units);

}  // namespace stockd::reports
