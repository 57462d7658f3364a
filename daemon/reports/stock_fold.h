#pragma once

#include <span>
#include <vector>

#include "daemon/reports/workspace.h"
#include "daemon/storage/journal_feed.h"

namespace stockd::reports {

// Keeps what stood at every position at every instant, as a function of the facts known: the latest
// count before the instant plus the deltas between. A fact that arrives late changes the time from
// itself to the next count and nothing else. Thread-compatible.
class StockFold {
 public:
  StockFold(Workspace& workspace, storage::JournalFeed& feed) : work_(workspace), feed_(feed) {}

  // To be called before the first fold, and again after the roll-ups were cleared: records of
  // confirmed counts up to this one were folded.
  void Start(int64_t confirmed_id);

  // Which journal entries are known: those before a fact, and those with it.
  struct Known {
    Sequence before = 0;
    Sequence with = 0;
  };

  // Units came or left.
  void AddDelta(PositionKey key, Timestamp at, Quantity change, Known known);
  // Somebody counted. Of two counts of one instant the lower stands.
  void AddCount(PositionKey key, Timestamp at, Quantity stated, Known known);
  // Counts that found what the books said, known after the entry `after`.
  void AddConfirmed(const storage::ConfirmedCount& confirmed, Sequence after);
  // The ledger took the position's last delta back, because a later count had seen it.
  void TakeBack(PositionKey key, Timestamp recorded_at);
  // An item is worth something else, or belongs elsewhere, from now on.
  void AddItemChange(const storage::ItemChange& change);

 private:
  // What stands at a position from an instant on changes by this much.
  struct Standing {
    Int128 on_hand_micro_units = 0;
    int ranged = 0;
    int out = 0;
  };

  void Emit(PositionKey key, const ItemState& state, Timestamp at, const Standing& standing,
            int sign);
  void AddStanding(PositionKey key, Timestamp at, const Standing& standing);
  void AddUnits(PositionKey key, Timestamp at, Quantity change);
  Quantity OnHandAt(PositionKey key, const StandingPosition& position, Timestamp at,
                    Sequence known_until);
  // The earliest count with as_of >= from; one that only confirmed gets a row first.
  std::optional<CountRow> NextCount(PositionKey key, const StandingPosition& position,
                                    Timestamp from, Sequence known_until);
  // The books at a count change by this much.
  void MoveBook(PositionKey key, CountRow count, Quantity change);
  void CheckCount(PositionKey key, const CountRow& count, int sign);
  // A position is known from this instant on, which may be earlier than it was.
  void SeenAt(PositionKey key, StandingPosition& position, Timestamp at);
  void FlipAtEnd(PositionKey key, StandingPosition& position, Timestamp at);
  void FindFlips(PositionKey key, StandingPosition& position, Timestamp from, Timestamp until,
                 bool known_before, Sequence known_until);
  void AddStockOuts(PositionKey key, std::span<const Flip> flips, int sign);
  CellPlace PlaceOf(PositionKey key, const ItemState& state) const;

  Workspace& work_;
  storage::JournalFeed& feed_;
  int64_t confirmed_id_ = 0;                    // Records of confirmed counts that were folded.
  Timestamp latest_confirmed_ = kTimestampMin;  // As of when the latest of them was.
  // The last delta that was added.
  struct LastDelta {
    PositionKey key{};
    Quantity change = 0;
    bool counted = false;  // A later count was known.
  };
  LastDelta last_delta_;
};

}  // namespace stockd::reports
