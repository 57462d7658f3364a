#include "daemon/ledger/facts.h"

#include <algorithm>
#include <utility>

#include "daemon/base/check.h"
#include "daemon/ledger/posting.h"
#include "daemon/ledger/reservations.h"

namespace stockd::ledger {
namespace {

FactOutcome Refused(Reason reason, const Fact& fact) {
  return {FactResult::kRefused,
          {.reason = reason, .position = fact.position, .requested = fact.quantity}};
}

bool QuantityValid(const Fact& fact) {
  if (fact.quantity > kQuantityMax || fact.quantity < -kQuantityMax) return false;
  switch (fact.kind) {
    case EntryKind::kAdjustment: return fact.quantity != 0;
    case EntryKind::kCount: return fact.quantity >= 0;
    default: return fact.quantity > 0;
  }
}

// The fact's effect on on_hand, before any count is considered; a count states its quantity.
Quantity Stated(const Fact& fact) {
  switch (fact.kind) {
    case EntryKind::kSale:
    case EntryKind::kDamage:
    case EntryKind::kTransferOut: return -fact.quantity;
    default: return fact.quantity;
  }
}

// The bucket at the other end of the movement.
Bucket OutsideOf(EntryKind kind) {
  switch (kind) {
    case EntryKind::kReceipt: return Bucket::kSupplier;
    case EntryKind::kSale:
    case EntryKind::kReturn: return Bucket::kCustomer;
    case EntryKind::kDamage: return Bucket::kUnsellable;
    case EntryKind::kTransferOut:
    case EntryKind::kTransferIn: return Bucket::kTransit;
    default: return Bucket::kAdjustment;
  }
}

// The entry that records the fact itself; where its units move is filled in by the caller.
JournalEntry EntryFor(const Fact& fact) {
  JournalEntry entry;
  entry.position = fact.position;
  entry.kind = fact.kind;
  entry.occurred_at = fact.occurred_at;
  entry.source = fact.source;
  entry.event_id = fact.event_id;
  entry.stated = Stated(fact);
  entry.reference = fact.reference;
  entry.channel = fact.channel;
  entry.unit_price_micros = fact.unit_price_micros;
  entry.currency = fact.currency;
  entry.customer_reference = fact.customer_reference;
  entry.fulfilment_channel = fact.fulfilment_channel;
  entry.original_reference = fact.original_reference;
  return entry;
}

// A further movement that belongs to the fact.
void PostFollowUp(State& state, const Fact& fact, EntryKind kind, Bucket from, Bucket to,
                  Quantity quantity, uint64_t reservation_number = 0) {
  JournalEntry entry;
  entry.position = fact.position;
  entry.kind = kind;
  entry.from = from;
  entry.to = to;
  entry.quantity = quantity;
  entry.occurred_at = fact.occurred_at;
  entry.reservation_number = reservation_number;
  Post(state, std::move(entry));
}

bool SameContent(const JournalEntry& entry, const Fact& fact) {
  return entry.kind == fact.kind && entry.position == fact.position &&
         entry.stated == Stated(fact) && entry.occurred_at == fact.occurred_at &&
         entry.reference == fact.reference && entry.channel == fact.channel &&
         entry.unit_price_micros == fact.unit_price_micros && entry.currency == fact.currency &&
         entry.customer_reference == fact.customer_reference &&
         entry.fulfilment_channel == fact.fulfilment_channel &&
         entry.original_reference == fact.original_reference;
}

// Posts a sale, taking units first from the claim it fulfils. Recording the sale never fails for
// want of a claim: the units have left.
void PostSale(State& state, const Fact& fact) {
  const ClaimUnits claim = ConsumeClaim(state, fact.reservation_id, fact.position, fact.quantity);
  struct Part {
    Bucket from;
    Quantity quantity;
  };
  const Part parts[] = {{Bucket::kCommitted, claim.committed},
                        {Bucket::kReserved, claim.held},
                        {Bucket::kFree, fact.quantity - claim.committed - claim.held}};
  bool recorded = false;
  for (const Part& part : parts) {
    if (part.quantity == 0) continue;
    const uint64_t number = part.from == Bucket::kFree ? 0 : claim.reservation_number;
    if (recorded) {
      PostFollowUp(state, fact, EntryKind::kSaleRest, part.from, Bucket::kCustomer, part.quantity,
                   number);
      continue;
    }
    JournalEntry entry = EntryFor(fact);
    entry.from = part.from;
    entry.to = Bucket::kCustomer;
    entry.quantity = part.quantity;
    entry.reservation_number = number;
    Post(state, std::move(entry));
    recorded = true;
  }
}

void PostDelta(State& state, const Fact& fact) {
  JournalEntry entry = EntryFor(fact);
  entry.quantity = std::abs(entry.stated);
  entry.from = entry.stated < 0 ? Bucket::kFree : OutsideOf(fact.kind);
  entry.to = entry.stated < 0 ? OutsideOf(fact.kind) : Bucket::kFree;
  Post(state, std::move(entry));
}

FactOutcome ApplyDelta(State& state, const Fact& fact) {
  const Quantity effect = Stated(fact);
  Position& row = state.position(fact.position).row;
  const Quantity damaged = fact.kind == EntryKind::kDamage ? fact.quantity : 0;
  if (!FigureFits(row.on_hand, effect) || !FigureFits(row.unsellable, damaged)) {
    return Refused(Reason::kFigureOverflow, fact);
  }
  // From here the fact succeeds: nothing below can fail.
  if (fact.kind == EntryKind::kSale) {
    PostSale(state, fact);
  } else {
    PostDelta(state, fact);
  }
  if (fact.occurred_at > row.last_delta_at) row.last_delta_at = fact.occurred_at;
  if (fact.occurred_at <= row.counted_at) {
    const bool left = effect < 0;
    PostFollowUp(state, fact, EntryKind::kRebase, left ? Bucket::kCorrection : Bucket::kFree,
                 left ? Bucket::kFree : Bucket::kCorrection, std::abs(effect));
  }
  if (fact.kind == EntryKind::kReceipt && !fact.supply_id.empty()) {
    if (auto supply = state.FindSupply(fact.supply_id);
        supply && supply->position == fact.position) {
      supply->quantity = std::max<Quantity>(0, supply->quantity - fact.quantity);
      state.PutSupply(*supply);
    }
  }
  return {};
}

Quantity DeltaAfterCount(State& state, PositionKey key, const Position& row, Timestamp instant) {
  return row.last_delta_at > instant ? state.DeltaAfter(key, instant) : 0;
}

// What the count does to the position.
struct CountDecision {
  CountResult result = CountResult::kOvertaken;
  Quantity change = 0;  // of on_hand
};

CountDecision Decide(State& state, const Position& row, PositionKey key, Quantity quantity,
                     Timestamp instant) {
  if (instant < row.counted_at) return {};
  const Quantity change = quantity + DeltaAfterCount(state, key, row, instant) - row.on_hand;
  // Of two counts of one instant the lower one stands.
  if (instant == row.counted_at && change > 0) return {};
  if (!FigureFits(row.on_hand, change)) return {.result = CountResult::kRefused};
  return {.result = change == 0 ? CountResult::kUnchanged : CountResult::kChanged,
          .change = change};
}

// Records a count with its correction of the figure, if any.
void PostCount(State& state, const Fact& fact, Quantity change) {
  JournalEntry entry = EntryFor(fact);
  entry.quantity = std::abs(change);
  if (change != 0) {
    entry.from = change > 0 ? Bucket::kCorrection : Bucket::kFree;
    entry.to = change > 0 ? Bucket::kFree : Bucket::kCorrection;
  }
  Post(state, std::move(entry));
}

FactOutcome ApplyCount(State& state, const Fact& fact) {
  Position& row = state.position(fact.position).row;
  const CountDecision decision = Decide(state, row, fact.position, fact.quantity, fact.occurred_at);
  if (decision.result == CountResult::kRefused) return Refused(Reason::kFigureOverflow, fact);
  if (decision.result != CountResult::kOvertaken) row.counted_at = fact.occurred_at;
  PostCount(state, fact, decision.change);
  return {};
}

}  // namespace

FactOutcome ApplyFact(State& state, const Fact& fact, const FactLimits& limits, LateFacts late) {
  STOCKD_CHECK(IsFact(fact.kind));
  if (const auto known = state.FindFact(fact.source, fact.event_id)) {
    if (SameContent(*known, fact)) return {FactResult::kDuplicate, {}};
    return Refused(Reason::kEventDiffers, fact);
  }
  if (!QuantityValid(fact)) return Refused(Reason::kQuantityOutOfRange, fact);
  if (late == LateFacts::kRefuse) {
    if (fact.occurred_at > state.now() + limits.future_tolerance)
      return Refused(Reason::kOccurredInFuture, fact);
    if (fact.occurred_at < state.now() - limits.look_back)
      return Refused(Reason::kOccurredTooLongAgo, fact);
  }
  return fact.kind == EntryKind::kCount ? ApplyCount(state, fact) : ApplyDelta(state, fact);
}

std::string SnapshotEventId(const Snapshot& snapshot, PositionKey position) {
  return snapshot.id + "/" + std::to_string(ToNumber(position.item)) + "@" +
         std::to_string(ToNumber(position.location));
}

CountResult ApplySnapshotRow(State& state, const Snapshot& snapshot, PositionKey position,
                             Quantity quantity) {
  if (quantity < 0 || quantity > kQuantityMax) return CountResult::kRefused;
  Position& row = state.position(position).row;
  const CountDecision decision = Decide(state, row, position, quantity, snapshot.as_of);
  switch (decision.result) {
    case CountResult::kRefused:
    case CountResult::kOvertaken: break;
    case CountResult::kUnchanged:
      row.counted_at = snapshot.as_of;
      state.MarkCounted(position);
      break;
    case CountResult::kChanged: {
      Fact fact{.source = snapshot.source,
                .event_id = SnapshotEventId(snapshot, position),
                .kind = EntryKind::kCount,
                .position = position,
                .quantity = quantity,
                .occurred_at = snapshot.as_of};
      // A snapshot that is sent again with other rows under the same id has had its say.
      if (state.FindFact(fact.source, fact.event_id)) return CountResult::kOvertaken;
      row.counted_at = snapshot.as_of;
      PostCount(state, fact, decision.change);
      break;
    }
  }
  return decision.result;
}

}  // namespace stockd::ledger
