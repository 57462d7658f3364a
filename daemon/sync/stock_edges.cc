#include "daemon/sync/stock_edges.h"

#include <utility>

namespace stockd::sync {

StockState NextStockState(StockState previous, Quantity available, const StockMarks& marks) {
  if (available <= 0) return StockState::kOut;
  if (previous == StockState::kUnknown || previous == StockState::kInStock) {
    return available > marks.low ? StockState::kInStock : StockState::kLow;
  }
  if (previous == StockState::kOut && available <= marks.hysteresis) return StockState::kOut;
  return available > marks.low + marks.hysteresis ? StockState::kInStock : StockState::kLow;
}

StockEdges::StockEdges(engine::Engine& engine, std::function<FeedScope()> scope, Sequence since,
                       StockMarks marks)
    // A cursor from the future was given out before the database was replaced by an older copy.
    : since_(since > engine.changes().newest() ? 0 : since),
      resumes_(since != 0),
      marks_(marks),
      levels_(engine, std::move(scope), 0) {}

bool StockEdges::Next(size_t limit, Edges& out) {
  out = {};
  LevelCursor::Levels next;
  const bool was_settled = settled_;
  out.more = levels_.Next(limit, next);
  for (const engine::Level& level : next.levels) Look(level, out);
  settled_ = settled_ || next.caught_up;
  // Until then a break would lose what has not been looked at.
  out.cursor = settled_ ? next.cursor : since_;
  return !out.edges.empty() || settled_ != was_settled;
}

void StockEdges::Look(const engine::Level& level, Edges& out) {
  const auto known = states_.find(level.position);
  const bool is_first_look = !settled_ && known == states_.end();
  // What nobody has heard of is out.
  const StockState previous = is_first_look            ? StockState::kUnknown
                              : known == states_.end() ? StockState::kOut
                                                       : known->second;
  const StockState state = NextStockState(previous, level.available, marks_);
  if (state == StockState::kOut) {
    states_.erase(level.position);
  } else {
    states_[level.position] = state;
  }
  const bool is_told = is_first_look ? resumes_ && level.version > since_ : state != previous;
  if (is_told) out.edges.push_back({.level = level, .state = state, .previous = previous});
}

}  // namespace stockd::sync
