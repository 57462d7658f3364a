#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/fulfilment/order.h"
#include "daemon/fulfilment/order_event.h"
#include "daemon/ledger/journal.h"
#include "daemon/storage/reader.h"
#include "daemon/storage/store.h"

namespace stockd::storage {

// What reports value an item by, from `changed_at` on; an item's first also for all time before.
struct ItemChange {
  int64_t id = 0;  // Grows.
  ItemId item = kNoItem;
  Timestamp changed_at{};
  Sequence after_sequence = 0;  // The last journal entry before it.
  int32_t scale = 0;
  std::string category;
  int64_t unit_cost_micros = 0;
  int64_t price_micros = 0;
  std::string currency;
};

// Positions that a snapshot confirmed, with its place in the journal.
struct ConfirmedCount {
  int64_t id = 0;  // Grows.
  Sequence after_sequence = 0;
  CountCoverage coverage;
};

// A count of visits, with its place in the order in which they were told.
struct VisitRecord {
  int64_t id = 0;               // Grows.
  Sequence after_sequence = 0;  // The newest entry when it was told.
  VisitCount count;
};

// An online contact, with its place in the order in which they were told.
struct ContactRecord {
  int64_t id = 0;               // Grows.
  Sequence after_sequence = 0;  // The newest entry when it was told.
  Contact contact;
};

// What a claim is for.
struct HoldOrigin {
  std::string channel;    // The channel's id; empty: none.
  bool is_quota = false;  // Units set aside for selling while cut off.
};

// An order and all that happened to it.
struct OrderStory {
  fulfilment::Order order;                     // Without its content.
  std::vector<fulfilment::OrderEvent> events;  // By number.
  std::string channel;                         // The channel's id; empty: none.
};

// A delta or count of one position, in the order of time.
struct FactMark {
  Timestamp occurred_at{};
  ledger::EntryKind kind = ledger::EntryKind::kReceipt;
  Quantity stated = 0;  // As JournalEntry::stated.
  Sequence sequence = 0;
};

// Follows everything that was committed, in the order of commitment, over a read-only connection of
// its own. No read keeps a snapshot open beyond its return, so the writer's checkpoints go on.
// Functions throw ReadError. Thread-compatible.
class JournalFeed {
 public:
  virtual ~JournalFeed() = default;

  // The newest entry's sequence; 0 when there is none.
  virtual Sequence Newest() = 0;
  // At most `limit` entries above `after`, in order.
  virtual std::vector<ledger::JournalEntry> Entries(Sequence after, int limit) = 0;
  virtual std::optional<ledger::JournalEntry> Entry(Sequence sequence) = 0;
  // Of the reservation with this number; neither ever changes.
  virtual HoldOrigin Hold(uint64_t reservation_number) = 0;
  // Numbers of events of orders above `after`, at most `limit`, each with its order's number.
  virtual std::vector<std::pair<uint64_t, uint64_t>> OrderEvents(uint64_t after, int limit) = 0;
  // As it stands now. Empty when there is none.
  virtual std::optional<OrderStory> Order(uint64_t order_number) = 0;
  virtual std::vector<ItemChange> ItemChanges(int64_t after_id, int limit) = 0;
  virtual std::vector<ConfirmedCount> ConfirmedCounts(int64_t after_id, int limit) = 0;
  virtual std::vector<VisitRecord> Visits(int64_t after_id, int limit) = 0;
  virtual std::vector<ContactRecord> Contacts(int64_t after_id, int limit) = 0;

  // Net effect on on_hand of the position's deltas with after < occurred_at <= until, as far as
  // they were recorded up to the entry `recorded_until`.
  virtual Quantity DeltaBetween(PositionKey key, Timestamp after, Timestamp until,
                                Sequence recorded_until) = 0;
  // The position's facts with from <= occurred_at <= until that were recorded up to the entry.
  virtual std::vector<FactMark> FactsBetween(PositionKey key, Timestamp from, Timestamp until,
                                             Sequence recorded_until) = 0;
  // As of when the latest confirmed counts were, of the records up to `id_until`; kTimestampMin
  // when there are none.
  virtual Timestamp LatestConfirmedCount(int64_t id_until) = 0;
  // As of when the position was confirmed for the first time at or after `from`, by the records up
  // to `id_until`.
  virtual std::optional<Timestamp> NextConfirmedCount(PositionKey key, Timestamp from,
                                                      int64_t id_until) = 0;
};

// Opens the database, which a writer keeps open, for following. A text for people on failure.
std::variant<std::unique_ptr<JournalFeed>, Status> OpenJournalFeed(const std::string& path,
                                                                   int64_t cache_bytes,
                                                                   const std::string& vfs_name);

}  // namespace stockd::storage
