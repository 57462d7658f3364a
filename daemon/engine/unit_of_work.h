#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/node_hash_map.h>

#include <deque>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "daemon/engine/availability_index.h"
#include "daemon/engine/bundles.h"
#include "daemon/engine/catalogue.h"
#include "daemon/engine/change_log.h"
#include "daemon/engine/mappings.h"
#include "daemon/engine/open_reservations.h"
#include "daemon/engine/order_batch.h"
#include "daemon/engine/supply_book.h"
#include "daemon/fulfilment/order_commands.h"
#include "daemon/ledger/facts.h"
#include "daemon/ledger/state.h"
#include "daemon/storage/store.h"

namespace stockd::engine {

// Everything the daemon keeps in memory. Owned by the engine; the parts say who may touch them.
struct Memory {
  AvailabilityIndex index;
  Catalogue catalogue;
  Mappings mappings;
  Bundles bundles;
  SupplyBook supplies;
  OpenReservations open;
  OrderMemory orders;
  ChangeLog changes;
  std::atomic<int64_t> quarantine_count{0};
  std::atomic<int64_t> open_count{0};
};

// One batch of the writer: the ledger's state over the index and the store. What a command changes
// is seen by the next command of the batch; the index learns of it after the commit. Belongs to the
// writer thread.
class UnitOfWork final : public ledger::State {
 public:
  using OrderObserver = std::function<void(UnitOfWork&, const std::string& order_id)>;

  // Everything outlives the unit.
  UnitOfWork(storage::Store& store, Memory& memory, const storage::Counters& counters,
             const PickupCodes& codes, const ledger::FactLimits& limits);

  // See Engine::ObserveOrders().
  void ObserveOrders(OrderObserver observer) { order_observer_ = std::move(observer); }

  // Begins a batch at `now`, which is not before that of the batch before.
  void Begin(Timestamp now);
  // Clears at most `limit` holds whose deadline has passed, and lets orders that are due know.
  // Returns how many.
  int ExpireDue(int limit);
  // Lets the observer of orders have its say, writes what is pending and commits. When it fails the
  // unit must not be used any more.
  storage::Status Commit();
  // Makes the committed batch visible to readers.
  void Publish();
  // Deltas since the last call that a count had already seen when they came.
  int64_t TakeLateFacts() { return std::exchange(late_facts_, 0); }

  // For tasks: the parts a command may need beside the ledger's state.
  Catalogue& catalogue() { return memory_.catalogue; }
  Mappings& mappings() { return memory_.mappings; }
  Bundles& bundles() { return memory_.bundles; }
  Names names() const { return {.catalogue = memory_.catalogue, .mappings = memory_.mappings}; }
  storage::Store& store() { return store_; }
  OpenReservations& open() { return memory_.open; }
  fulfilment::OrderBook& orders() { return orders_; }
  // What commands of orders work on.
  fulfilment::OrderDesk order_desk() {
    return {.state = *this, .book = orders_, .limits = limits_};
  }
  // The order whose claim the reservation is; null when it is none of an open order's.
  fulfilment::Order* FindOrderOfClaim(std::string_view reservation_id) {
    return memory_.orders.orders.FindByClaim(reservation_id);
  }
  const AvailabilityIndex& index() const { return memory_.index; }
  // The position as the commands of this batch so far left it; empty when nothing was ever heard of
  // it. Unlike position(), creates nothing.
  std::optional<ledger::WorkingPosition> Find(PositionKey key) const;

  // Tells every reader that rules changed.
  void PolicyChanged();
  // Sets a fact aside; gives it its number. A fact that waits already, byte by byte, is not set
  // aside twice: returns 0.
  int64_t Quarantine(storage::QuarantinedFact fact);
  // Takes a waiting fact off the list.
  void Unquarantine(int64_t id);
  // Gives up a waiting fact, or all of a source and reason. Return how many waited.
  int64_t Reject(int64_t id, std::string_view note);
  int64_t Reject(SourceId source, ledger::Reason reason, std::string_view note);
  // Takes those rows of a snapshot that simply confirm the figure, which costs next to nothing;
  // appends the others to `rest`. Returns how many were taken.
  using CountedRow = AvailabilityIndex::CountedRow;
  int64_t ConfirmSnapshot(const ledger::Snapshot& snapshot, std::span<const CountedRow> rows,
                          std::vector<CountedRow>& rest);
  // Applies any rows of a snapshot. Returns how each fared, in counts.
  struct SnapshotResult {
    int64_t unchanged = 0;
    int64_t changed = 0;
    int64_t overtaken = 0;
    int64_t refused = 0;
  };
  SnapshotResult ApplySnapshot(const ledger::Snapshot& snapshot, std::span<const CountedRow> rows);

  // ledger::State
  Timestamp now() const override { return now_; }
  ledger::WorkingPosition& position(PositionKey key) override;
  void MarkCounted(PositionKey key) override;
  Quantity safety_stock(PositionKey key) const override {
    return memory_.catalogue.SafetyStock(key);
  }
  Quantity buffer(ChannelId channel) const override { return memory_.catalogue.Buffer(channel); }
  bool sells_from(ChannelId channel, LocationId location) const override {
    return memory_.catalogue.SellsFrom(channel, location);
  }
  Quantity DeltaAfter(PositionKey key, Timestamp after) override {
    return store_.DeltaAfter(key, after);
  }
  std::optional<ledger::JournalEntry> FindFact(SourceId source,
                                               std::string_view event_id) override {
    return store_.FindFact(source, event_id);
  }
  ledger::Reservation* FindReservation(std::string_view id) override;
  ledger::Reservation& AddReservation(ledger::Reservation reservation) override;
  void ReservationChanged(ledger::Reservation& reservation,
                          const ledger::Reservation& before) override;
  std::optional<ledger::AnsweredRequest> FindRequest(std::string_view request_id) override {
    return store_.FindRequest(request_id);
  }
  void AddRequest(std::string_view request_id, ledger::AnsweredRequest request) override {
    store_.AddRequest(request_id, request, now_);
  }
  std::optional<ledger::Supply> FindSupply(std::string_view supply_id) override {
    return memory_.supplies.Find(supply_id);
  }
  void PutSupply(const ledger::Supply& supply) override;
  Sequence Append(ledger::JournalEntry entry) override;

 private:
  struct Touched {
    PositionKey key;
    ledger::WorkingPosition position;
    bool posted = false;   // The row changed and must be written.
    bool counted = false;  // Only its count instant changed: kept by a coverage, not by a row.
  };
  // How a reservation must be written.
  enum class Pending : uint8_t { kInsert, kUpdate };

  Touched& Touch(PositionKey key);
  void TellOrderChanges();
  void WritePending();
  // Records that a snapshot confirmed the figures of these positions.
  void AddCoverage(const ledger::Snapshot& snapshot, std::vector<PositionKey> positions);

  storage::Store& store_;
  Memory& memory_;
  Sequence sequence_;
  uint64_t reservation_number_;
  int64_t quarantine_id_;
  int64_t late_facts_ = 0;
  const ledger::FactLimits limits_;
  OrderBatch orders_;
  OrderObserver order_observer_ = [](UnitOfWork&, const std::string&) {};

  // State of the batch, empty between batches.
  Timestamp now_{};
  std::deque<Touched> touched_;  // Does not move its elements.
  absl::flat_hash_map<PositionKey, Touched*> touched_at_;
  std::vector<HeldChange> held_changes_;
  absl::flat_hash_map<uint64_t, Pending> pending_reservations_;
  absl::node_hash_map<std::string, ledger::Reservation>
      closed_;  // Closed ones that were looked up.
};

}  // namespace stockd::engine
