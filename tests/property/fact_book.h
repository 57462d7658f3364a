#pragma once

#include <map>
#include <vector>

#include "daemon/ledger/fact.h"

namespace stockd::property {

// The plainest reading of what facts mean, kept apart from the ledger on purpose: a list, and loops
// over it. Each fact is added once.
class FactBook {
 public:
  void Add(const ledger::Fact& fact) { facts_.push_back(fact); }

  // The lowest of the latest counts and every delta after it; without a count every delta.
  Quantity OnHand(PositionKey position) const;

  // What stands in a bucket outside of the claims, as far as facts say: kUnsellable and the world.
  Quantity Balance(PositionKey position, ledger::Bucket bucket) const;

 private:
  std::vector<ledger::Fact> facts_;
};

// Balances of all buckets of all positions, as a journal's entries add up.
using Balances = std::map<PositionKey, std::map<ledger::Bucket, Quantity>>;
void AddTo(Balances& balances, const ledger::JournalEntry& entry);

}  // namespace stockd::property
