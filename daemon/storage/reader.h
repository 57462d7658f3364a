#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/fulfilment/order.h"
#include "daemon/fulfilment/order_event.h"
#include "daemon/ledger/reservation.h"
#include "daemon/ledger/state.h"
#include "daemon/storage/order_filter.h"
#include "daemon/storage/store.h"

namespace stockd::storage {

// The fact a position's on_hand stands on.
struct LatestCount {
  Quantity quantity =
      0;  // Counted units; for a count that only confirmed the books, what the books said then.
  Timestamp occurred_at{};
  SourceId source = kNoSource;
  std::string event_id;  // For a snapshot that only confirmed: its snapshot id.
};

// A page of rows after a key.
template <typename Row>
struct Page {
  std::vector<Row> rows;
  bool more = false;  // Whether rows after these exist.
};

// Something that does not add up.
struct Difference {
  std::string
      subject;  // For example "position 17@3" (item and location number) or "reservation r-17".
  std::string quantity;  // For example "reserved".
  PositionKey position;  // Zero for reservations and orders.
  Quantity expected = 0;
  Quantity actual = 0;
};

// Outcome of an audit.
struct Audit {
  int64_t position_count = 0;
  int64_t entry_count = 0;
  int64_t reservation_count = 0;
  int64_t order_count = 0;
  int64_t drift_count = 0;
  Sequence sequence = 0;
  std::vector<Difference> differences;  // The first `differences_max`.
  // The figures by the fold, for comparison with what is served from memory. Without the position
  // of key zero, whose chain records changes of rules.
  std::vector<std::pair<PositionKey, ledger::Position>> folded;
};

// The database could not be read: I/O error or corruption. No answer may be made up instead.
class ReadError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Read-only questions to the database that the index in memory does not answer: history, lists,
// audits. Sees every commit that was acknowledged before the call. Every function but Backup()
// throws ReadError when the database cannot be read. Thread-safe: each call borrows one of a
// bounded number of connections and waits for a free one.
class Reader {
 public:
  virtual ~Reader() = default;

  virtual std::optional<ledger::Reservation> FindReservation(std::string_view id) = 0;
  // In the order of their numbers, above `after_number`; state 0 and an empty owner match
  // everything.
  virtual Page<ledger::Reservation> ListReservations(int state, std::string_view owner_reference,
                                                     uint64_t after_number, int limit) = 0;
  virtual std::optional<std::string> ReservationId(uint64_t number) = 0;

  virtual Page<Item> ListItems(std::string_view contains, std::string_view after_sku,
                               int limit) = 0;

  // Walks the position's chain of entries back from `version`, newest first.
  virtual std::vector<ledger::JournalEntry> History(PositionKey key, Sequence version,
                                                    int limit) = 0;
  // The position's figures by folding its whole chain up to and including the instant, by the time
  // of recording; and the version it had then.
  virtual ledger::Position FoldedAt(PositionKey key, Sequence version,
                                    Timestamp recorded_until) = 0;
  // The count with this instant; `counted_at` comes from the position's row.
  virtual std::optional<LatestCount> CountAt(PositionKey key, Timestamp counted_at) = 0;
  // Net effect on on_hand of the position's deltas with occurred_at > after.
  virtual Quantity DeltaAfter(PositionKey key, Timestamp after) = 0;

  virtual std::optional<QuarantinedFact> FindQuarantined(int64_t id) = 0;
  // kNoSource and Reason::kNone match everything.
  virtual Page<QuarantinedFact> ListQuarantined(SourceId source, ledger::Reason reason,
                                                int64_t after, int limit) = 0;
  virtual int64_t CountQuarantined(SourceId source) = 0;
  // Waiting facts by source, reason and name at fault, most frequent first; kNoSource matches
  // everything.
  virtual std::vector<QuarantineGroup> SummarizeQuarantine(SourceId source, int limit) = 0;

  virtual std::optional<ReconciliationSums> FindReconciliation(SourceId source,
                                                               std::string_view snapshot_id) = 0;
  // Newest first, with numbers below `before`; kNoSource matches everything.
  virtual Page<ReconciliationSums> ListReconciliations(SourceId source, int64_t before,
                                                       int limit) = 0;
  // The differences of one reconciliation, added up for each item.
  virtual std::vector<ItemDrift> ItemDrifts(int64_t reconciliation) = 0;
  // Largest first, after `after`.
  virtual Page<Drift> ListDrifts(int64_t reconciliation, const DriftKey& after, int limit) = 0;
  // Those of the cause that were not repaired, by position, after `after`.
  virtual Page<Drift> DriftsToRepair(int64_t reconciliation, DriftCause cause, PositionKey after,
                                     int limit) = 0;
  virtual std::optional<Drift> FindDrift(int64_t reconciliation, PositionKey position) = 0;

  // Event time of the newest fact of the source; kTimestampMin when there is none.
  virtual Timestamp NewestFact(SourceId source) = 0;

  virtual std::optional<QuotaStanding> FindQuota(std::string_view id) = 0;
  // In the order of granting, above `after_number`; an empty holder matches everybody.
  virtual Page<QuotaStanding> ListQuotas(std::string_view holder, bool include_settled,
                                         uint64_t after_number, int limit) = 0;

  virtual std::optional<fulfilment::Order> FindOrder(std::string_view id) = 0;
  virtual std::optional<std::string> OrderId(uint64_t number) = 0;
  // In the order of their numbers, above `after_number`.
  virtual Page<fulfilment::Order> ListOrders(const OrderFilter& filter, uint64_t after_number,
                                             int limit) = 0;
  // In the order of their numbers, above `after`; 0 as the order's number: of all orders.
  virtual Page<fulfilment::OrderEvent> ListOrderEvents(uint64_t order_number, uint64_t after,
                                                       int limit) = 0;

  // In the order of their numbers, above `after`; kNoSource and an empty id match everything.
  virtual Page<WaitingOrderFact> ListWaitingOrderFacts(SourceId source, std::string_view order_id,
                                                       int64_t after, int limit) = 0;

  // Those of the items whose place is known, in the order of `items`.
  virtual std::vector<ShelfPosition> FindShelfPositions(LocationId location,
                                                        std::span<const ItemId> items) = 0;
  // In the order of walking, then of items, after `after_key` and `after_item`.
  virtual Page<ShelfPosition> ListShelfPositions(LocationId location, std::string_view after_key,
                                                 ItemId after_item, int limit) = 0;

  // By source, then location.
  virtual std::vector<SourceRule> ListSourceRules() = 0;
  // Newest first, with an id below `before`; kNoSource matches every source.
  virtual Page<SourceRuleChange> ListSourceRuleChanges(SourceId source, int64_t before,
                                                       int limit) = 0;
  // Levels that were sent and neither acknowledged nor refused, of every source.
  virtual std::vector<Shadow> ListPendingShadows() = 0;
  // By source, then position.
  virtual std::vector<RefusedLevel> ListRefusedLevels() = 0;

  // Folds journal and reservations in one snapshot, by its own code, and compares with the stored
  // rows.
  virtual Audit Verify(int differences_max) = 0;

  // Copies the database as of one commit to a new file while the writer goes on, and syncs it. The
  // file must not exist.
  virtual Status Backup(const std::string& path, Sequence& sequence, int64_t& size_bytes) = 0;

  virtual int64_t DatabaseBytes() = 0;

  virtual std::optional<Experiment> FindExperiment(std::string_view id) = 0;
  // Those with an id above `after_id`, in order, without their subjects.
  virtual Page<Experiment> ListExperiments(std::string_view after_id, int limit) = 0;
};

}  // namespace stockd::storage
