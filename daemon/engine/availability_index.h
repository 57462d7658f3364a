#pragma once

#include <absl/container/btree_map.h>
#include <absl/container/flat_hash_map.h>
#include <absl/hash/hash.h>
#include <absl/synchronization/mutex.h>

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "daemon/engine/huge_page_allocator.h"
#include "daemon/ledger/atp.h"
#include "daemon/ledger/position.h"
#include "daemon/ledger/state.h"

namespace stockd::engine {

// A change of the units held at a position until one deadline.
struct HeldChange {
  PositionKey position;
  Timestamp deadline;
  Quantity change = 0;
};

// A position's new row after a commit.
struct RowChange {
  PositionKey position;
  ledger::Position row;
};

// The figures of every position, in memory, as of the last commit. A hold does not count from its
// deadline on, whether or not the writer has cleared it yet: every read names its instant.
//
// Thread-safe. The writer thread is the only one that changes anything. About 85 to 165 bytes a
// position.
class AvailabilityIndex {
 public:
  AvailabilityIndex();
  AvailabilityIndex(const AvailabilityIndex&) = delete;
  AvailabilityIndex& operator=(const AvailabilityIndex&) = delete;

  // The position's figures at `now`; empty when nothing was ever heard of it.
  std::optional<ledger::WorkingPosition> Find(PositionKey key, Timestamp now) const;

  // Applies what a commit changed: rows first, then holds.
  void Publish(std::span<const RowChange> rows, std::span<const HeldChange> held);

  // Makes room for so many positions, so that the tables need not grow while they are filled.
  void Reserve(int64_t positions);

  // Adds rows as Publish() does, fastest in portions of some thousands: what a start does.
  void Load(std::span<const RowChange> rows);

  // Notes a newer count instant for a position whose count confirmed the figure. One that is not
  // here yet has an entry without a version from then on.
  void NoteCounted(PositionKey key, Timestamp counted_at);

  // One row of a snapshot, for ConfirmCounts.
  struct CountedRow {
    PositionKey position;
    Quantity quantity = 0;
  };

  // Of the rows, notes those that simply confirm the figure as of `as_of` (no newer count, no delta
  // since, same quantity) and appends their positions to `confirmed`; appends the others to `rest`.
  // Keeps the order of the rows.
  void ConfirmCounts(std::span<const CountedRow> rows, Timestamp as_of,
                     std::vector<PositionKey>& confirmed, std::vector<CountedRow>& rest);

  // Positions changed after `after`, one part of the index at a time: `part` counts from 0 to
  // kParts - 1.
  static constexpr int kParts = 64;
  std::vector<PositionKey> ChangedAfter(int part, Sequence after) const;

  // Positions whose claims exceed their units on hand, in no particular order.
  std::vector<PositionKey> Shortfalls() const;

  int64_t size() const;
  // Bytes that the index occupies, by the capacity of its tables.
  int64_t memory_bytes() const;

 private:
  struct Entry {
    ledger::Position row;
    Timestamp next_deadline =
        kTimestampMax;  // Earliest in `held`: until then a read needs only the row.
  };

  // Units held at one position, by deadline.
  using HeldByDeadline = absl::btree_map<Timestamp, Quantity>;

  using Entries =
      absl::flat_hash_map<PositionKey, Entry, absl::Hash<PositionKey>, std::equal_to<PositionKey>,
                          HugePageAllocator<std::pair<const PositionKey, Entry>>>;

  struct Part {
    mutable absl::Mutex mutex;
    Entries entries ABSL_GUARDED_BY(mutex);
    absl::flat_hash_map<PositionKey, HeldByDeadline> held ABSL_GUARDED_BY(mutex);
    absl::flat_hash_map<PositionKey, Quantity> shortfalls ABSL_GUARDED_BY(mutex);
  };

  // Makes `change` the row of its position.
  static void Put(Part& part, const RowChange& change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(part.mutex);

  Part& PartOf(PositionKey key);
  const Part& PartOf(PositionKey key) const;

  std::array<Part, kParts> parts_;
};

}  // namespace stockd::engine
