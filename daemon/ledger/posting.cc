#include "daemon/ledger/posting.h"

#include <algorithm>
#include <utility>

#include "daemon/base/check.h"

namespace stockd::ledger {
namespace {

bool IsOnHand(Bucket bucket) {
  return bucket == Bucket::kFree || bucket == Bucket::kReserved || bucket == Bucket::kCommitted;
}

// Adds `change` units to one bucket. Buckets outside the position have no figure of their own.
void Add(Position& position, Bucket bucket, Quantity change) {
  if (IsOnHand(bucket)) position.on_hand += change;
  switch (bucket) {
    case Bucket::kReserved: position.reserved += change; break;
    case Bucket::kCommitted: position.committed += change; break;
    case Bucket::kUnsellable: position.unsellable += change; break;
    case Bucket::kNone:
    case Bucket::kFree:
    case Bucket::kSupplier:
    case Bucket::kCustomer:
    case Bucket::kAdjustment:
    case Bucket::kTransit:
    case Bucket::kCorrection: break;
  }
}

bool InRange(Quantity figure) { return figure <= kFigureMax && figure >= -kFigureMax; }

}  // namespace

bool PostingFits(const Position& position, Bucket from, Bucket to, Quantity quantity) {
  Position after = position;
  Add(after, from, -quantity);
  Add(after, to, quantity);
  return InRange(after.on_hand) && InRange(after.reserved) && InRange(after.committed) &&
         InRange(after.unsellable);
}

Sequence Post(State& state, JournalEntry entry) {
  STOCKD_CHECK(entry.quantity >= 0);
  Position& position = state.position(entry.position).row;
  STOCKD_CHECK(PostingFits(position, entry.from, entry.to, entry.quantity));
  Add(position, entry.from, -entry.quantity);
  Add(position, entry.to, entry.quantity);
  STOCKD_CHECK(position.reserved >= 0 && position.committed >= 0);
  return state.Append(std::move(entry));
}

void Replay(Position& position, const JournalEntry& entry) {
  Add(position, entry.from, -entry.quantity);
  Add(position, entry.to, entry.quantity);
  position.version = entry.sequence;
  if (!IsFact(entry.kind)) return;
  // A count that was overtaken is older than the one that stands, and both instants only grow.
  Timestamp& latest =
      entry.kind == EntryKind::kCount ? position.counted_at : position.last_delta_at;
  latest = std::max(latest, entry.occurred_at);
}

}  // namespace stockd::ledger
