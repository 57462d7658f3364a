#pragma once

#include <string>
#include <string_view>

#include "daemon/base/ids.h"
#include "daemon/base/quantity.h"
#include "daemon/base/time.h"

namespace stockd::ledger {

// The named places that units move between. Those of a position hold units; the others are the
// world outside, whose balance shows what came from and went to it.
enum class Bucket : uint8_t {
  kNone = 0,        // Nothing moved: the entry only records.
  kFree = 1,        // On hand, claimed by nobody.
  kReserved = 2,    // On hand, claimed until a deadline.
  kCommitted = 3,   // On hand, claimed by an order.
  kUnsellable = 4,  // Standing there, damaged.
  kSupplier = 5,
  kCustomer = 6,
  kAdjustment = 7,  // Found or lost, as somebody stated.
  kTransit = 8,     // On the way between locations.
  kCorrection = 9,  // What counts found to differ from the books: shrinkage and its opposite.
};

// What an entry records. The values are stored; never renumber them.
enum class EntryKind : uint8_t {
  kReceipt = 1,
  kSale = 2,
  kReturn = 3,
  kAdjustment = 4,
  kDamage = 5,
  kTransferOut = 6,
  kTransferIn = 7,
  kCount = 8,
  // Not facts.
  kSaleRest = 16,  // Further part of a sale that took units from more than one bucket.
  kRebase = 17,    // Takes back a delta that a later count had already included.
  kReserve = 18,
  kCommit = 19,
  kRelease = 20,
  kExpire = 21,
  kMoveOut = 22,  // A hold left for another location.
  kMoveIn = 23,   // A hold came from another location.
  kPolicy = 24,   // Rules changed: no units moved, every published figure may differ. At the
                  // position (0, 0).
};

constexpr bool IsFact(EntryKind kind) { return static_cast<uint8_t>(kind) <= 8; }

std::string_view BucketName(Bucket bucket);
std::string_view EntryKindName(EntryKind kind);

// One movement of units between two buckets of one position. Appended, never edited.
struct JournalEntry {
  Sequence sequence = 0;
  Sequence previous =
      0;  // The position's entry before this one: its history is a chain that needs no index.
  PositionKey position;
  EntryKind kind = EntryKind::kReceipt;
  Bucket from = Bucket::kNone;
  Bucket to = Bucket::kNone;
  Quantity quantity = 0;  // Units moved, 0 or more.
  Timestamp occurred_at;
  Timestamp recorded_at;
  uint64_t reservation_number = 0;  // The claim that moved or was consumed; 0 for none.

  // Facts only.
  SourceId source = kNoSource;
  std::string event_id;
  Quantity stated =
      0;  // A delta's signed effect on on_hand as the source states it, or the counted quantity.
  std::string reference;
  std::string channel;
  int64_t unit_price_micros = 0;
  std::string currency;
  std::string customer_reference;
  std::string fulfilment_channel;
  std::string original_reference;
};

}  // namespace stockd::ledger
