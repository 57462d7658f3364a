#include "tests/property/fact_book.h"

#include <algorithm>
#include <optional>

namespace stockd::property {
namespace {

using ledger::Bucket;
using ledger::EntryKind;
using ledger::Fact;

// What the fact takes out of or brings to the shelf; nothing for a count.
Quantity OntoShelf(const Fact& fact) {
  switch (fact.kind) {
    case EntryKind::kReceipt:
    case EntryKind::kReturn:
    case EntryKind::kAdjustment:
    case EntryKind::kTransferIn: return fact.quantity;
    case EntryKind::kSale:
    case EntryKind::kDamage:
    case EntryKind::kTransferOut: return -fact.quantity;
    default: return 0;
  }
}

bool Concerns(const Fact& fact, Bucket bucket) {
  switch (bucket) {
    case Bucket::kSupplier: return fact.kind == EntryKind::kReceipt;
    case Bucket::kCustomer: return fact.kind == EntryKind::kSale || fact.kind == EntryKind::kReturn;
    case Bucket::kAdjustment: return fact.kind == EntryKind::kAdjustment;
    case Bucket::kTransit:
      return fact.kind == EntryKind::kTransferOut || fact.kind == EntryKind::kTransferIn;
    case Bucket::kUnsellable: return fact.kind == EntryKind::kDamage;
    default: return false;
  }
}

}  // namespace

Quantity FactBook::OnHand(PositionKey position) const {
  std::optional<Fact> barrier;
  for (const Fact& fact : facts_) {
    if (fact.position != position || fact.kind != EntryKind::kCount) continue;
    const bool later = !barrier || fact.occurred_at > barrier->occurred_at;
    const bool lower =
        barrier && fact.occurred_at == barrier->occurred_at && fact.quantity < barrier->quantity;
    if (later || lower) barrier = fact;
  }
  Quantity on_hand = barrier ? barrier->quantity : 0;
  for (const Fact& fact : facts_) {
    if (fact.position != position) continue;
    if (barrier && fact.occurred_at <= barrier->occurred_at) continue;
    on_hand += OntoShelf(fact);
  }
  return on_hand;
}

Quantity FactBook::Balance(PositionKey position, Bucket bucket) const {
  Quantity left_shelf = 0;
  Quantity left_shelf_for_bucket = 0;
  for (const Fact& fact : facts_) {
    if (fact.position != position) continue;
    left_shelf -= OntoShelf(fact);
    if (Concerns(fact, bucket)) left_shelf_for_bucket -= OntoShelf(fact);
  }
  // What neither lies on the shelf nor left it with a fact is what the counts found missing.
  if (bucket == Bucket::kCorrection) return -left_shelf - OnHand(position);
  return left_shelf_for_bucket;
}

void AddTo(Balances& balances, const ledger::JournalEntry& entry) {
  auto& buckets = balances[entry.position];
  buckets[entry.from] -= entry.quantity;
  buckets[entry.to] += entry.quantity;
}

}  // namespace stockd::property
