#pragma once

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "daemon/base/ids.h"
#include "daemon/ledger/position.h"

namespace stockd::storage {

// Rows of positions that changed and are not in their table yet.
//
// The journal holds every change, and a row says by its version up to which entry it is true: so a
// row may be written late, once for many changes, and a start makes up for what is missing. Written
// at once, every change would cost a page of its own, wherever in the table it lies; written late,
// in the order of the table, the rows of one page share it, and hot rows are written rarely.
//
// Rows are written in rounds. A round takes all rows that wait and spreads them evenly over the
// commits of the time in which the journal grows by about `lag_max` entries; then the next round
// begins. So the table is never more than twice `lag_max` entries behind the journal. Belongs to
// the writer thread.
class PositionBacklog {
 public:
  // `lag_max`: see above, at least 1. Rows hold all entries up to `written_through`, but for those
  // that are put next.
  void Start(int64_t lag_max, Sequence written_through);
  // Before the start nothing may wait: nobody knows what else does.
  bool started() const { return lag_max_ > 0; }

  // The position's row as of its last entry, which the journal has.
  void Put(PositionKey key, const ledger::Position& row) { waiting_[key] = row; }
  // The row is written some other way.
  void Forget(PositionKey key) { waiting_.erase(key); }

  // Calls `write(key, row)` for the rows that are due before a commit, `newest` being the last
  // entry of the journal by then. Returns whether written_through() has grown: it is to be stored
  // by the same commit.
  template <typename Write>
  bool WriteDue(Sequence newest, Write write) {
    const size_t share = started() ? Share(newest) : 0;
    return share > 0 && WriteNext(share, write);
  }

  // The same for all that wait.
  template <typename Write>
  bool WriteAll(Sequence newest, Write write) {
    if (!started()) return false;
    BeginRound(newest);
    return WriteNext(round_.size(), write);
  }

  Sequence written_through() const { return written_through_; }
  size_t size() const { return waiting_.size(); }

 private:
  void BeginRound(Sequence newest);
  // How many rows of the round are due; begins a round when it is time to.
  size_t Share(Sequence newest);

  template <typename Write>
  bool WriteNext(size_t count, Write write) {
    for (const size_t end = std::min(next_ + count, round_.size()); next_ < end; ++next_) {
      const auto found = waiting_.find(PositionKey::Unpack(static_cast<uint64_t>(round_[next_])));
      if (found == waiting_.end()) continue;
      write(found->first, found->second);
      waiting_.erase(found);
    }
    if (next_ < round_.size()) return false;
    round_.clear();
    next_ = 0;
    return std::exchange(written_through_, round_through_) != round_through_;
  }

  absl::flat_hash_map<PositionKey, ledger::Position> waiting_;
  std::vector<int64_t> round_;  // The stored keys of the round, in the order of the table.
  size_t next_ = 0;             // The first of them that is not written.
  Sequence round_through_ = 0;  // When the round is over, rows hold all entries up to here.
  Sequence written_through_ = 0;
  Sequence shared_at_ = 0;  // The newest entry when rows were last written.
  int64_t lag_max_ = 0;     // 0: not started.
};

}  // namespace stockd::storage
