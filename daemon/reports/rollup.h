#pragma once

#include <vector>

#include "daemon/reports/contact_fold.h"
#include "daemon/reports/fact_fold.h"
#include "daemon/reports/hold_fold.h"
#include "daemon/reports/life_fold.h"
#include "daemon/reports/order_fold.h"
#include "daemon/reports/stock_fold.h"
#include "daemon/reports/workspace.h"
#include "daemon/storage/journal_feed.h"

namespace stockd::reports {

// Follows the journal and keeps the roll-up file in step with it, piece by piece: each piece is one
// commit of the file, together with how far it went. Functions throw RollupError and
// storage::ReadError; what was not committed is followed again. Thread-compatible.
class Rollup {
 public:
  // The file and the feed outlive it. When the file was made from another history than the feed's,
  // it is emptied.
  Rollup(RollupFile& file, storage::JournalFeed& feed, absl::TimeZone zone,
         std::vector<std::string> online_channels = OnlineChannels());

  // Follows at most `entries_max` journal entries. False when there was nothing new.
  bool Advance(int entries_max);
  // Forgets everything; what follows makes it anew.
  void Clear();

  const Progress& progress() const { return progress_; }

 private:
  void Start();
  void Apply(const ledger::JournalEntry& entry);
  void AddVisits(const storage::VisitRecord& record);
  void NoteAge(const ledger::JournalEntry& entry);
  // Applies what else was committed before entry `next`.
  void ApplyChangesBefore(Sequence next);

  RollupFile& file_;
  storage::JournalFeed& feed_;
  Workspace work_;
  ContactFold contacts_;
  FactFold facts_;
  OrderFold orders_;
  HoldFold holds_;
  LifeFold lives_;
  StockFold stock_;
  Progress progress_;
  // What was read and not applied yet, oldest last.
  std::vector<storage::ItemChange> item_changes_;
  std::vector<storage::ConfirmedCount> confirmed_;
  std::vector<storage::VisitRecord> visits_;
  std::vector<storage::ContactRecord> told_contacts_;
};

}  // namespace stockd::reports
