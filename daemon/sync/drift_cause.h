#pragma once

#include "daemon/engine/unit_of_work.h"
#include "daemon/storage/reconciliation_row.h"

namespace stockd::sync {

// A figure that a source stated and that is not ours.
struct StatedFigure {
  SourceId source = kNoSource;
  PositionKey position;
  Timestamp as_of{};
  Quantity stated = 0;
};

// What a source should state.
struct Expectation {
  Quantity figure = 0;
  bool is_level = false;  // The level that it was told last, not what stands there.
};

// What should stand at the position as of the instant, by all facts known now: the figure without
// the deltas after the instant. When the latest count is later than the instant, the counts and
// deltas up to the instant are added up instead (storage::Store::OnHandAsOf).
Quantity ExpectedAt(engine::UnitOfWork& unit, PositionKey position, Timestamp as_of);

// What the source should state: the level that it shows or is about to show, as far as that is
// followed (`tracked`) and known; else ExpectedAt(). A web shop shows what may be promised.
Expectation Expected(engine::UnitOfWork& unit, const StatedFigure& figure, bool tracked);

// Why the source most likely says something else, the first that applies:
// kLevelInFlight  It takes levels, has not acknowledged the position's newest ones, and stated one
//                 of those, or the figure before them.
// kLateFacts      What was recorded after the instant about the time before it is exactly the
//                 difference.
// kFactsMissing   `facts_missing`: numbers of its devices there are missing.
// kQuarantine     Facts about the position wait.
// kUnknown        None of these.
// Looks at the newest 512 entries of the position only.
storage::DriftCause LikelyCause(engine::UnitOfWork& unit, const StatedFigure& figure,
                                const Expectation& expected, bool facts_missing);

}  // namespace stockd::sync
