#include "daemon/sync/level_cursor.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <utility>

namespace stockd::sync {
namespace {

constexpr PositionKey kPolicyPosition{};

// Changes looked at in one go beyond the limit of levels: most may lie outside a narrow scope.
constexpr size_t kChangesPerLevel = 4;

}  // namespace

LevelCursor::LevelCursor(engine::Engine& engine, std::function<FeedScope()> scope, Sequence cursor)
    : engine_(engine), find_scope_(std::move(scope)), scope_(find_scope_()), cursor_(cursor) {
  // A cursor from the future was given out before the database was replaced by an older copy.
  if (cursor_ > engine_.changes().newest()) cursor_ = 0;
  if (cursor_ == 0) BeginWalk();
}

LevelCursor LevelCursor::ChangesOnly(engine::Engine& engine, std::function<FeedScope()> scope) {
  // At least 1: 0 would ask for everything.
  LevelCursor cursor(engine, std::move(scope), std::max<Sequence>(1, engine.changes().newest()));
  cursor.caught_up_ = true;
  return cursor;
}

void LevelCursor::BeginWalk() {
  walking_ = true;
  scope_ = find_scope_();
  walk_until_ = engine_.changes().newest();
  // Rules touch positions without changing their rows.
  walk_after_ = engine_.catalogue().policy_sequence() > cursor_ ? 0 : cursor_;
  walk_part_ = 0;
  walk_keys_.clear();
  walked_bundles_.clear();
}

bool LevelCursor::Next(size_t limit, Levels& out) {
  out = {};
  const Sequence before = cursor_;
  const bool was_caught_up = caught_up_;
  while (out.levels.size() < limit) {
    if (walking_) {
      Walk(limit, out);
    } else if (!Follow(limit, out)) {
      break;
    }
  }
  out.cursor = cursor_;
  out.caught_up = caught_up_;
  return !out.levels.empty() || cursor_ != before || caught_up_ != was_caught_up;
}

void LevelCursor::Walk(size_t limit, Levels& out) {
  const Timestamp now = engine_.Now();
  while (out.levels.size() < limit) {
    if (walk_keys_.empty()) {
      if (walk_part_ == engine::AvailabilityIndex::kParts) {
        walking_ = false;
        cursor_ = std::max(cursor_, walk_until_);
        return;
      }
      walk_keys_ = engine_.index().ChangedAfter(walk_part_++, walk_after_);
      continue;
    }
    const PositionKey key = walk_keys_.back();
    walk_keys_.pop_back();
    if (!engine_.bundles().empty() && !WalkBundles(key)) continue;
    if (scope_.Contains(key)) Add(key, now, out);
  }
}

// The levels of bundles follow their parts: the bundles of a position come after it in the walk.
// False for a bundle that the walk has had.
bool LevelCursor::WalkBundles(PositionKey key) {
  if (engine_.bundles().IsBundle(key.item)) return walked_bundles_.insert(key).second;
  for (const ItemId bundle : engine_.bundles().BundlesWith(key.item)) {
    const PositionKey position{.item = bundle, .location = key.location};
    if (!walked_bundles_.contains(position)) walk_keys_.push_back(position);
  }
  return true;
}

// Takes what the log holds after the cursor. False when there is nothing more to look at, or when a
// walk must begin and could tell a position again that the message has already.
bool LevelCursor::Follow(size_t limit, Levels& out) {
  const size_t room = limit - out.levels.size();
  const Sequence newest = engine_.changes().newest();
  std::vector<engine::Change> changes;
  if (!engine_.changes().Read(cursor_, room * kChangesPerLevel, changes)) {
    BeginWalk();
    return out.levels.empty();
  }
  if (changes.empty()) {
    caught_up_ = true;
    return false;
  }
  const Timestamp now = engine_.Now();
  // A position that is in the message already gets its newer figure there: its change is behind the
  // cursor from now on.
  absl::flat_hash_map<PositionKey, size_t> told;
  for (size_t i = 0; i < out.levels.size(); ++i) told[out.levels[i].position] = i;
  for (const engine::Change& change : changes) {
    if (out.levels.size() >= limit) break;
    if (change.position == kPolicyPosition) {
      BeginWalk();
      return out.levels.empty();
    }
    const std::vector<ItemId> bundles = engine_.bundles().BundlesWith(change.position.item);
    // A change and what follows from it stand in one message: the cursor moves behind both.
    if (!out.levels.empty() && out.levels.size() + bundles.size() >= limit && !bundles.empty()) {
      return false;
    }
    cursor_ = change.sequence;
    const auto tell = [&](PositionKey position) {
      if (!scope_.Contains(position)) return;
      const engine::Level level = engine::LevelOf(engine_, position, scope_.channel, now);
      // It comes again further on in the log, and is told there: once, instead of for each change.
      if (level.version > change.sequence && level.version <= newest) return;
      const auto [at, is_new] = told.try_emplace(position, out.levels.size());
      if (is_new) {
        out.levels.push_back(level);
      } else {
        out.levels[at->second] = level;
      }
    };
    tell(change.position);
    for (const ItemId bundle : bundles) {
      tell({.item = bundle, .location = change.position.location});
    }
  }
  return true;
}

void LevelCursor::Add(PositionKey key, Timestamp now, Levels& out) const {
  out.levels.push_back(engine::LevelOf(engine_, key, scope_.channel, now));
}

}  // namespace stockd::sync
