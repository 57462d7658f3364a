#pragma once

#include <absl/container/flat_hash_set.h>

#include <functional>
#include <vector>

#include "daemon/engine/levels.h"

namespace stockd::sync {

// Which positions a feed is about. Empty sets mean all.
struct FeedScope {
  absl::flat_hash_set<ItemId> items;
  absl::flat_hash_set<LocationId> locations;
  ChannelId channel = kNoChannel;  // Whose buffer applies.

  bool Contains(PositionKey key) const {
    return (items.empty() || items.contains(key.item)) &&
           (locations.empty() || locations.contains(key.location));
  }
};

// Where one reader of levels stands. It asks for the next levels when it is ready for them and
// always gets the latest figures, so a slow reader costs no memory and sees no backlog; resuming
// from the last cursor leaves no gap.
//
// While the reader is behind what the change log keeps (or rules changed), the whole index is
// walked for positions that are newer than its cursor; the cursor it is told stays where it was
// until that walk is done. Thread-compatible.
class LevelCursor {
 public:
  // `cursor` 0 sends every level first.
  // `scope` is asked again whenever rules changed: groups and locations may become known while the
  // feed runs.
  LevelCursor(engine::Engine& engine, std::function<FeedScope()> scope, Sequence cursor);
  // Begins behind everything that exists now: only later changes are sent.
  static LevelCursor ChangesOnly(engine::Engine& engine, std::function<FeedScope()> scope);

  struct Levels {
    std::vector<engine::Level> levels;  // A position at most once.
    Sequence cursor = 0;                // Everything up to here has been handed out.
    bool caught_up = false;  // The levels that existed at the beginning have all been handed out.
  };

  // Fills in up to `limit` levels; a change of an item that more bundles than that are made of is
  // told whole. False when there is nothing to tell: no level and the cursor has
  // not moved.
  bool Next(size_t limit, Levels& out);

  const FeedScope& scope() const { return scope_; }

 private:
  void BeginWalk();
  void Walk(size_t limit, Levels& out);
  bool WalkBundles(PositionKey key);
  bool Follow(size_t limit, Levels& out);
  void Add(PositionKey key, Timestamp now, Levels& out) const;

  engine::Engine& engine_;
  std::function<FeedScope()> find_scope_;
  FeedScope scope_;
  Sequence cursor_;
  bool caught_up_ = false;

  // The walk over the index, when one is under way.
  bool walking_ = false;
  Sequence walk_after_ = 0;  // Positions with a version above this are sent.
  Sequence walk_until_ = 0;  // The cursor at the end of the walk.
  int walk_part_ = 0;
  std::vector<PositionKey> walk_keys_;  // Rest of the present part.
  absl::flat_hash_set<PositionKey> walked_bundles_;
};

}  // namespace stockd::sync
