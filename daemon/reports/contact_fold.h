#pragma once

#include <string>
#include <vector>

#include "daemon/reports/workspace.h"
#include "daemon/storage/journal_feed.h"

namespace stockd::reports {

// How long before a purchase in a shop an online contact counts. Part of the figure's definition:
// with another window it would be another figure.
inline constexpr Duration kContactWindow = std::chrono::hours(14 * 24);

// Channels whose sales are made online, unless the configuration names others.
inline std::vector<std::string> OnlineChannels() { return {"web", "app"}; }

// Finds the sales in shops to customers who saw the item online before. Whether the contact or the
// sale is told first plays no part. Thread-compatible.
class ContactFold {
 public:
  ContactFold(Workspace& workspace, storage::JournalFeed& feed,
              std::vector<std::string> online_channels);

  // Whether the sale's channel is not online.
  bool IsInShop(const ledger::JournalEntry& sale) const;
  // Whether its customer saw the item online before, as far as is known.
  bool IsContacted(const ledger::JournalEntry& sale);

  // `known` is the last entry whose sale was added. A contact that is told after the sales it
  // counts for costs a look at the item's facts of the window.
  void AddContact(const storage::Contact& contact, Sequence known);

 private:
  void Restate(const ledger::JournalEntry& sale);

  Workspace& work_;
  storage::JournalFeed& feed_;
  const std::vector<std::string> online_channels_;
};

}  // namespace stockd::reports
