#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/fulfilment/answered_order.h"
#include "daemon/fulfilment/order.h"
#include "daemon/fulfilment/order_event.h"
#include "daemon/fulfilment/store_calendar.h"
#include "daemon/ledger/state.h"
#include "daemon/storage/catalogue_rows.h"
#include "daemon/storage/device_row.h"
#include "daemon/storage/experiment_row.h"
#include "daemon/storage/mapping_rows.h"
#include "daemon/storage/quarantine_row.h"
#include "daemon/storage/quota_row.h"
#include "daemon/storage/reconciliation_row.h"
#include "daemon/storage/shelf_position_row.h"
#include "daemon/storage/source_rows.h"
#include "daemon/storage/waiting_order_fact_row.h"

namespace stockd::storage {

// Why the store could not do its work. Empty text: it could.
struct [[nodiscard]] Status {
  std::string error;

  bool ok() const { return error.empty(); }
};

// Positions that a snapshot confirmed without a row of their own: their latest count is at least as
// new as `as_of`. One record covers a whole chunk, so that an unchanged row costs no write and late
// facts still find their barrier.
struct CountCoverage {
  SourceId source = kNoSource;
  std::string snapshot_id;
  Timestamp as_of{};
  Timestamp recorded_at{};
  std::vector<PositionKey> positions;  // Any order; stored sorted, as variable-length differences.
};

// What start-up reads. Called row by row, in the order of the members; a callback must not call the
// store. What has no callback is passed over.
struct LoadVisitor {
  std::function<void(Item)> item;
  std::function<void(Location)> location;
  std::function<void(LocationId, fulfilment::StoreCalendar)> calendar;  // Without a fault.
  std::function<void(Group)> group;
  std::function<void(Channel)> channel;
  std::function<void(SafetyStock)> safety_stock;
  std::function<void(Source)> source;
  std::function<void(SkuMapping)> sku_mapping;
  std::function<void(LocationMapping)> location_mapping;
  std::function<void(ItemId, BundlePart)> bundle_part;
  std::function<void(Device)> device;
  std::function<void(SourceId, std::string_view, const DeviceGap&)> device_gap;
  std::function<void(int64_t)> position_count;  // How many positions follow.
  std::function<void(PositionKey, const ledger::Position&)> position;
  std::function<void(CountCoverage)> coverage;
  std::function<void(ledger::Reservation)> open_reservation;  // State held or committed.
  std::function<void(ledger::Supply)> supply;                 // Quantity above 0.
  std::function<void(fulfilment::Order)> open_order;          // Not closed; by number.
  // How many fulfilments take the picking slot that began then. Slots that began more than
  // kSlotsKept before the latest instant on disk are left out.
  std::function<void(LocationId, Timestamp, int)> booked_picks;
};

// Longer than any picking slot: what began earlier is over.
inline constexpr Duration kSlotsKept = std::chrono::hours(48);

// The highest numbers given so far.
struct Counters {
  Sequence sequence = 0;
  uint64_t reservation_number = 0;
  uint64_t order_number = 0;
  uint64_t order_event_number = 0;
  int64_t quarantine_id = 0;
  int64_t quarantine_count = 0;
  // Latest instant in the journal, of a grant or of an order's event: time never goes back behind
  // it.
  Timestamp recorded_at = kTimestampMin;
};

// The database behind the one writer: a unit of work that is committed as a whole.
//
// Begin(), any number of reads and writes, Commit(). Writes are seen by the reads that follow. The
// first failure (disk full, I/O error, corruption) sticks: every later read finds nothing, every
// later write does nothing, and Commit() reports it and rolls back. After that the store takes
// nothing more: what is on disk is the last commit. When the disk failed while the commit itself
// was written, the next start may find that batch too, whole: its outcome was unknown, and a caller
// that asks again with the same id learns it. Thread-compatible: the writer thread is its only
// caller.
class Store {
 public:
  virtual ~Store() = default;

  // Reads everything that is kept in memory. Called once, before the first Begin().
  virtual Status Load(const LoadVisitor& visitor, Counters& counters) = 0;

  virtual void Begin() = 0;
  // Returns after the batch is durable.
  virtual Status Commit() = 0;

  // Reads.
  virtual std::optional<ledger::JournalEntry> FindFact(SourceId source,
                                                       std::string_view event_id) = 0;
  virtual Quantity DeltaAfter(PositionKey key, Timestamp after) = 0;
  virtual std::optional<ledger::Reservation> FindReservation(std::string_view id) = 0;
  virtual std::optional<ledger::AnsweredRequest> FindRequest(std::string_view request_id) = 0;
  virtual bool SnapshotKnown(SourceId source, std::string_view snapshot_id) = 0;
  virtual std::optional<QuarantinedFact> FindQuarantined(int64_t id) = 0;
  // Whether a waiting fact of the source has this event id and exactly these bytes in
  // QuarantinedFact::fact.
  virtual bool QuarantineHolds(SourceId source, std::string_view event_id,
                               std::string_view fact) = 0;
  // Waiting facts with an id above `after`, oldest first; empty filters match everything.
  virtual std::vector<QuarantinedFact> ListQuarantined(std::string_view sku,
                                                       std::string_view location, int64_t after,
                                                       int limit) = 0;
  virtual std::optional<Quota> FindQuota(std::string_view id) = 0;
  virtual std::optional<fulfilment::Order> FindOrder(std::string_view id) = 0;
  virtual std::optional<fulfilment::AnsweredOrder> FindOrderRequest(
      std::string_view request_id) = 0;

  // What waits for a change of the order, oldest first.
  virtual std::vector<WaitingOrderFact> ListWaitingOrderFacts(std::string_view order_id,
                                                              int limit) = 0;
  virtual std::optional<WaitingOrderFact> FindWaitingOrderFact(int64_t id) = 0;
  // The one with exactly these bytes in WaitingOrderFact::fact.
  virtual std::optional<WaitingOrderFact> FindWaitingOrderFact(SourceId source,
                                                               std::string_view event_id,
                                                               std::string_view fact) = 0;

  // What stood at the position at `instant`, by its latest count recorded at or before it and the
  // deltas between: for an instant before the position's latest count. A count that only confirmed
  // the books leaves no record of its own and is passed over. Costs the facts between that count
  // and the newest.
  virtual Quantity OnHandAsOf(PositionKey key, Timestamp instant) = 0;
  // Calls `each` for the position's entries from `version` back until it returns false; it must not
  // call the store.
  virtual void WalkBack(PositionKey key, Sequence version,
                        const std::function<bool(const ledger::JournalEntry&)>& each) = 0;

  // Writes.
  // A position's row, as of its entry position.version. When that entry has been appended, the
  // store may write the row later: the journal makes up for it.
  virtual void SavePosition(PositionKey key, const ledger::Position& position) = 0;
  virtual void AppendJournal(const ledger::JournalEntry& entry) = 0;
  virtual void InsertReservation(const ledger::Reservation& reservation) = 0;
  virtual void UpdateReservation(const ledger::Reservation& reservation) = 0;
  virtual void AddRequest(std::string_view request_id, const ledger::AnsweredRequest& request,
                          Timestamp now) = 0;
  // Forgets answers given before `before`, at most `limit`.
  virtual void ForgetRequests(Timestamp before, int limit) = 0;
  virtual void SaveSupply(const ledger::Supply& supply) = 0;
  virtual void AddCoverage(const CountCoverage& coverage) = 0;
  // Marks the snapshot as taken, so that its repetition is recognised.
  virtual void AddSnapshot(SourceId source, std::string_view snapshot_id, Timestamp as_of,
                           Timestamp now) = 0;
  // Forgets coverages whose instant is before `before`: no fact that old is applied any more. At
  // most `limit`.
  virtual void ForgetCoverages(Timestamp before, int limit) = 0;
  // Forgets which snapshots of the source were taken before the instant. With the look-back of
  // facts as the limit, one of them that is repeated is too old to be applied.
  virtual void ForgetSnapshots(SourceId source, Timestamp before) = 0;
  // Adds or replaces the waiting fact with this id.
  virtual void SaveQuarantined(const QuarantinedFact& fact) = 0;
  virtual void DeleteQuarantined(int64_t id) = 0;
  // Keeps as of `now` what reports value the item by, when it differs from what is saved of it.
  // Before SaveItem().
  virtual void KeepItemChange(const Item& item, Timestamp now) = 0;
  virtual void SaveItem(const Item& item) = 0;
  virtual void SaveLocation(const Location& location) = 0;
  virtual void SaveGroup(const Group& group) = 0;
  virtual void SaveChannel(const Channel& channel) = 0;
  virtual void SaveSafetyStock(const SafetyStock& rule) = 0;
  virtual void DeleteSafetyStock(ItemId item, LocationId location) = 0;
  virtual void SaveSource(const Source& source) = 0;
  // Adds the location's calendar or replaces it.
  virtual void SaveCalendar(LocationId location, const fulfilment::StoreCalendar& calendar) = 0;
  virtual void DeleteCalendar(LocationId location) = 0;
  // Adds the mapping or replaces the one of its source and code.
  virtual void SaveSkuMapping(const SkuMapping& mapping) = 0;
  virtual void DeleteSkuMapping(SourceId source, std::string_view code) = 0;
  virtual void SaveLocationMapping(const LocationMapping& mapping) = 0;
  virtual void DeleteLocationMapping(SourceId source, std::string_view code) = 0;
  // Replaces the parts of the bundle; none: it is no bundle any more.
  virtual void SaveBundle(ItemId bundle, std::span<const BundlePart> parts) = 0;
  // Keeps a copy of the waiting fact as given up.
  virtual void AddRejected(const QuarantinedFact& fact, Timestamp now, std::string_view note) = 0;
  // Gives up all waiting facts of the source with this reason. Returns how many.
  virtual int64_t RejectQuarantined(SourceId source, ledger::Reason reason, Timestamp now,
                                    std::string_view note) = 0;
  virtual void SaveDevice(const Device& device) = 0;
  // Adds the gap or replaces the one that begins with the same number.
  virtual void SaveDeviceGap(SourceId source, std::string_view device, const DeviceGap& gap) = 0;
  virtual void DeleteDeviceGap(SourceId source, std::string_view device, uint64_t first) = 0;
  // Begins a reconciliation, which nobody sees before EndReconciliation(); an unfinished one of the
  // same snapshot is forgotten. Returns its number. REQUIRES: none of this snapshot is finished.
  virtual int64_t BeginReconciliation(const Reconciliation& reconciliation) = 0;
  // Adds the difference or replaces the one of its position.
  virtual void SaveDrift(int64_t reconciliation, const Drift& drift) = 0;
  virtual void EndReconciliation(int64_t reconciliation, int64_t position_count) = 0;
  // Adds the quota or replaces the one with its id.
  virtual void SaveQuota(const Quota& quota) = 0;
  virtual void InsertOrder(const fulfilment::Order& order) = 0;
  // The order's number, id and content never change.
  virtual void UpdateOrder(const fulfilment::Order& order) = 0;
  virtual void AppendOrderEvent(const fulfilment::OrderEvent& event) = 0;
  // REQUIRES: the answer is an order that was inserted in this batch or earlier.
  virtual void AddOrderRequest(std::string_view request_id,
                               const fulfilment::AnsweredOrder& request, Timestamp now) = 0;
  // Forgets answers given before `before`, at most `limit`.
  virtual void ForgetOrderRequests(Timestamp before, int limit) = 0;

  // Gives the fact its number and returns it.
  virtual int64_t AddWaitingOrderFact(const WaitingOrderFact& fact) = 0;
  virtual void UpdateWaitingOrderFact(int64_t id, ledger::Reason reason, int32_t attempts) = 0;
  virtual void DeleteWaitingOrderFact(int64_t id) = 0;
  // Takes the fact off the list and keeps it as given up.
  virtual void RejectWaitingOrderFact(int64_t id, Timestamp now, std::string_view note) = 0;

  // Adds the position or replaces the one of its item and location.
  virtual void SaveShelfPosition(const ShelfPosition& shelf) = 0;
  virtual void DeleteShelfPosition(PositionKey position) = 0;

  // Rules of sources.
  virtual void SaveSourceRule(const SourceRule& rule) = 0;
  virtual void DeleteSourceRule(SourceId source, LocationId location) = 0;
  // Gives the change its id.
  virtual void AddSourceRuleChange(const SourceRuleChange& change) = 0;

  // What sources show. Without a row: an empty shadow of that source and position.
  virtual Shadow FindShadow(SourceId source, PositionKey position) = 0;
  virtual void SaveShadow(const Shadow& shadow) = 0;
  virtual void ForgetShadows(SourceId source) = 0;

  virtual void SaveRefusedLevel(const RefusedLevel& level) = 0;
  virtual void DeleteRefusedLevel(SourceId source, PositionKey position) = 0;

  // Moves the write-ahead log into the database file. Called at the end, after the last Commit().
  virtual Status Checkpoint() = 0;

  // What figures need beside the journal.
  // Keeps how often a channel was visited, when that differs from what is known of the hour.
  virtual void KeepVisits(const VisitCount& count, Timestamp now) = 0;
  // Keeps the contact, once.
  virtual void KeepContact(const Contact& contact, Timestamp now) = 0;
  virtual void InsertExperiment(const Experiment& experiment) = 0;
  virtual void EndExperiment(std::string_view id, Timestamp ends_at) = 0;
  virtual std::optional<Experiment> FindExperiment(std::string_view id) = 0;
  virtual std::vector<Experiment> RunningExperiments() = 0;
};

}  // namespace stockd::storage
