#pragma once

#include <absl/container/btree_set.h>

#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "daemon/sync/level_commits.h"
#include "daemon/sync/level_cursor.h"

namespace stockd::sync {

// The levels of one session: what is sent next, what was sent and is not answered yet, and what is
// to be sent once more. A source whose shown figures are followed, or that refused levels, has one
// update on its way at a time, so that its answer names it exactly; others as many as they wish.
// Thread-compatible.
class LevelDelivery {
 public:
  // Positions in one update, at most.
  static constexpr size_t kLevelsMax = 1000;

  // `cursor` is the adapter's; `scope` is asked again whenever names change.
  LevelDelivery(engine::Engine& engine, SourceRecords& records, SourceId source,
                std::function<FeedScope()> scope, Sequence cursor, int updates_max);

  struct Update {
    std::vector<SentLevel> levels;
    Sequence cursor = 0;
    bool caught_up = false;
    bool tracked = false;  // To be committed (CommitLevels) before it is sent.
  };
  // The next update; empty when there is nothing to send, or enough is on its way. Every update is
  // followed by Sent() before the next one is asked for.
  std::optional<Update> Next(Timestamp now);
  // The update is being sent.
  void Sent(const Update& update);

  // What is acknowledged.
  struct Acknowledged {
    bool is_newer = false;  // The cursor is above all acknowledged so far.
    LevelAnswer answer;     // Without its problems.
  };
  // An acknowledgement arrived; empty when its cursor is not on its way.
  std::optional<Acknowledged> Acknowledge(Sequence cursor);
  // These are to be sent at the next occasion, changed or not.
  void SendAgain(const std::vector<PositionKey>& positions);

 private:
  // An update on its way.
  struct OnItsWay {
    Sequence cursor = 0;
    LevelAnswer answer;
  };

  void AddAgain(Timestamp now, std::vector<engine::Level>& levels);

  engine::Engine& engine_;
  SourceRecords& records_;
  const SourceId source_;
  LevelCursor cursor_;
  const size_t updates_max_;
  bool preparing_ = false;  // Next() gave an update that Sent() has not seen yet.
  std::deque<OnItsWay> on_their_way_;
  absl::btree_set<PositionKey> again_;
  Sequence sent_ = 0;  // Newest cursor that was sent.
  Sequence acknowledged_;
};

}  // namespace stockd::sync
