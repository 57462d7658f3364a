// Invariant 9: conservation. The journal, added up bucket by bucket without a look at any rule,
// gives the figures of every position and leaves in the world outside what the facts say came and
// went.
#include <gtest/gtest.h>

#include "tests/property/canaries.h"
#include "tests/property/render.h"
#include "tests/property/trade.h"

namespace stockd::property {
namespace {

using ledger::Bucket;
using ledger::EntryKind;
using ledger::JournalEntry;

// Both ends or none; units or none.
Violation JudgeEntry(const JournalEntry& entry) {
  const bool from = entry.from != Bucket::kNone;
  const bool to = entry.to != Bucket::kNone;
  const std::string which = "entry " + std::to_string(entry.sequence);
  if (from != to) return which + " names one end only";
  if (entry.quantity < 0) return which + " moves fewer than no units";
  if (from != (entry.quantity > 0)) return which + " names ends and moves nothing";
  if (from && entry.from == entry.to) return which + " goes in a circle";
  return std::nullopt;
}

Violation JudgePosition(Trade& trade, std::map<Bucket, Quantity>& balance, PositionKey position) {
  const auto found = trade.memory().positions().find(position);
  const ledger::Position row =
      found == trade.memory().positions().end() ? ledger::Position{} : found->second.row;
  const FactBook& facts = trade.book().facts;
  struct Figure {
    const char* name;
    Quantity is;
    Quantity expected;
  };
  const Quantity on_hand =
      balance[Bucket::kFree] + balance[Bucket::kReserved] + balance[Bucket::kCommitted];
  std::vector<Figure> figures = {
      {"on hand", row.on_hand, on_hand},
      {"reserved", row.reserved, balance[Bucket::kReserved]},
      {"committed", row.committed, balance[Bucket::kCommitted]},
      {"unsellable", row.unsellable, balance[Bucket::kUnsellable]},
      {"nothing", 0, balance[Bucket::kNone]},
  };
  for (const Bucket bucket : {Bucket::kUnsellable, Bucket::kSupplier, Bucket::kCustomer,
                              Bucket::kAdjustment, Bucket::kTransit, Bucket::kCorrection}) {
    figures.push_back(
        {BucketName(bucket).data(), facts.Balance(position, bucket), balance[bucket]});
  }
  Quantity total = 0;
  for (const auto& [bucket, units] : balance) total += units;
  figures.push_back({"the sum over all buckets", 0, total});
  for (const Figure& figure : figures) {
    if (figure.is == figure.expected) continue;
    return std::string(figure.name) + " at " + Name(position) + " is " + std::to_string(figure.is) +
           ", the journal adds up to " + std::to_string(figure.expected);
  }
  return std::nullopt;
}

Violation Conservation(uint64_t seed, const Wrap& wrap) {
  Balances balances;
  size_t added = 0;
  return RunTrade(seed, wrap, 80, [&](Trade& trade) -> Violation {
    const auto& journal = trade.memory().journal();
    for (; added < journal.size(); ++added) {
      if (Violation violation = JudgeEntry(journal[added])) return violation;
      AddTo(balances, journal[added]);
    }
    for (const PositionKey position : trade.positions()) {
      if (Violation violation = JudgePosition(trade, balances[position], position)) {
        return violation;
      }
    }
    return std::nullopt;
  });
}

TEST(Conservation, Holds) { ExpectHolds(Conservation, 4000); }

TEST(Conservation, CatchesALostRebase) {
  ExpectCatches(Conservation, WrappedIn<Loses<EntryKind::kRebase>>(), 20);
}

TEST(Conservation, CatchesALostPartOfASale) {
  ExpectCatches(Conservation, WrappedIn<Loses<EntryKind::kSaleRest>>(), 20);
}

TEST(Conservation, CatchesALostExpiry) {
  ExpectCatches(Conservation, WrappedIn<Loses<EntryKind::kExpire>>(), 20);
}

TEST(Conservation, CatchesALostArrivalOfAMove) {
  ExpectCatches(Conservation, WrappedIn<Loses<EntryKind::kMoveIn>>(), 50);
}

TEST(Conservation, CatchesPositionsThatAreNotWrittenBack) {
  ExpectCatches(Conservation, WrappedIn<HandsOutCopies>(), 20);
}

}  // namespace
}  // namespace stockd::property
