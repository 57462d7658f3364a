#pragma once

#include "daemon/ledger/journal.h"
#include "daemon/reports/contact_fold.h"
#include "daemon/reports/workspace.h"

namespace stockd::reports {

// Adds up what facts say of trade: sales, returns, receipts and other movements, at the time when
// they occurred, at the item's worth of that time. Thread-compatible.
class FactFold {
 public:
  FactFold(Workspace& workspace, ContactFold& contacts) : work_(workspace), contacts_(contacts) {}

  // Returns the strand of the fact. REQUIRES: a fact that is no count.
  StrandId Add(const ledger::JournalEntry& fact);

 private:
  Workspace& work_;
  ContactFold& contacts_;
  Strand strand_;  // Of the fact at hand; kept for its memory.
};

}  // namespace stockd::reports
