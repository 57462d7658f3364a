#pragma once

#include <absl/container/flat_hash_map.h>

#include <functional>
#include <vector>

#include "daemon/engine/levels.h"
#include "daemon/sync/level_cursor.h"

namespace stockd::sync {

// What a position is to customers.
enum class StockState : uint8_t { kUnknown = 0, kInStock = 1, kLow = 2, kOut = 3 };

// Where the states begin.
struct StockMarks {
  Quantity low = 3;         // Low while 1 to this many units are available.
  Quantity hysteresis = 0;  // Units more than that before a state improves.
};

// The state that follows `previous` when `available` units can be promised. From kUnknown the marks
// count without hysteresis.
StockState NextStockState(StockState previous, Quantity available, const StockMarks& marks);

// Where one reader of edges stands: it is told a position when its state has become another than
// it was told. Reads levels through a LevelCursor, so that whatever moves the published figure
// makes edges, and a slow reader gets the latest state only.
//
// Remembers the state of every position of its scope that is not out: about 24 bytes for each.
// Thread-compatible.
class StockEdges {
 public:
  // `since` 0: edges from now on. Else every position that changed after that version is told
  // first, with an unknown previous state, so that nothing is missed behind a break.
  StockEdges(engine::Engine& engine, std::function<FeedScope()> scope, Sequence since,
             StockMarks marks);

  struct Edge {
    engine::Level level;
    StockState state = StockState::kUnknown;
    StockState previous = StockState::kUnknown;
  };
  struct Edges {
    std::vector<Edge> edges;  // A position at most once.
    Sequence cursor = 0;      // Resume with it.
    bool more = false;        // Levels are left to look at: ask again.
  };

  // Looks at up to `limit` levels. False when there is nothing to tell.
  bool Next(size_t limit, Edges& out);

 private:
  void Look(const engine::Level& level, Edges& out);

  const Sequence since_;
  const bool resumes_;
  const StockMarks marks_;
  LevelCursor levels_;
  bool settled_ = false;  // The states as of the beginning are known.
  absl::flat_hash_map<PositionKey, StockState> states_;  // Without kOut.
};

}  // namespace stockd::sync
