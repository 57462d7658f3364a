#pragma once

#include "daemon/ledger/journal.h"
#include "daemon/ledger/position.h"

namespace stockd::storage {

// Adds units to one bucket of a position's figures. Written again here on purpose: an audit that
// shared this with the ledger would repeat its mistakes.
inline void FoldBucket(ledger::Position& figures, ledger::Bucket bucket, Quantity change) {
  using ledger::Bucket;
  if (bucket == Bucket::kFree || bucket == Bucket::kReserved || bucket == Bucket::kCommitted) {
    figures.on_hand += change;
  }
  if (bucket == Bucket::kReserved) figures.reserved += change;
  if (bucket == Bucket::kCommitted) figures.committed += change;
  if (bucket == Bucket::kUnsellable) figures.unsellable += change;
}

// Adds the movement of one journal entry.
inline void FoldMovement(ledger::Position& figures, ledger::Bucket from, ledger::Bucket to,
                         Quantity quantity) {
  FoldBucket(figures, from, -quantity);
  FoldBucket(figures, to, quantity);
}

}  // namespace stockd::storage
