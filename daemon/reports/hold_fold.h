#pragma once

#include <absl/container/flat_hash_map.h>

#include <map>
#include <memory>
#include <vector>

#include "daemon/ledger/journal.h"
#include "daemon/reports/hold_rows.h"
#include "daemon/reports/workspace.h"
#include "daemon/storage/journal_feed.h"

namespace stockd::reports {

// Follows holds from their granting to their end: how many became commitments, and how long units
// were held that nobody took in the end.
//
// A hold counts when and where it was granted, its held time when the units left it. What was
// committed at the instant of its granting was never held, and a quota is no hold.
// Thread-compatible.
class HoldFold {
 public:
  HoldFold(Workspace& workspace, storage::JournalFeed& feed)
      : work_(workspace),
        feed_(feed),
        rows_(workspace.file().connection(), workspace.file().path()) {}

  // Before the first fold, and again after the roll-ups were cleared or a batch was dropped.
  void Start();

  // Adds a movement of claimed units; entries about no claim are passed over.
  void Add(const ledger::JournalEntry& entry);

  // Writes what was gathered into the file's open transaction. Before Workspace::Flush().
  void Flush();

 private:
  // A hold's row, as it was before the batch and as it is.
  struct Touched {
    HoldRow before;
    HoldRow now;
    // The key of no position holds units on their way from one to another.
    std::map<PositionKey, HeldUnits> lines;
  };

  Touched& Hold(uint64_t number, const ledger::JournalEntry& entry);
  void Enter(Touched& hold, const ledger::JournalEntry& entry);
  void Leave(Touched& hold, const ledger::JournalEntry& entry);
  void AddHold(const HoldRow& row, int sign);
  void AddUnits(const Touched& hold, const ledger::JournalEntry& entry, Quantity units,
                Int128 unit_micros, bool converted);

  Workspace& work_;
  storage::JournalFeed& feed_;
  HoldRows rows_;
  absl::flat_hash_map<uint64_t, std::unique_ptr<Touched>> holds_;
};

}  // namespace stockd::reports
