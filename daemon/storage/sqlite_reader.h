#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/storage/file_lock.h"
#include "daemon/storage/reader.h"
#include "daemon/storage/reader_pool.h"

namespace stockd::storage {

// Collects the rows of a statement that asks for one row more than the page has.
template <typename Row>
void AddRow(Page<Row>& page, Row row, int limit) {
  if (page.rows.size() < static_cast<size_t>(limit)) {
    page.rows.push_back(std::move(row));
  } else {
    page.more = true;
  }
}

// The reader over a pool of read-only connections to a file that a SqliteWriter keeps open.
class SqliteReader final : public Reader {
 public:
  SqliteReader(std::vector<std::unique_ptr<ReaderConnection>> connections,
               std::shared_ptr<const FileLock> lock, std::string path, std::string vfs_name);

  std::optional<ledger::Reservation> FindReservation(std::string_view id) override;
  Page<ledger::Reservation> ListReservations(int state, std::string_view owner_reference,
                                             uint64_t after_number, int limit) override;
  std::optional<std::string> ReservationId(uint64_t number) override;

  Page<Item> ListItems(std::string_view contains, std::string_view after_sku, int limit) override;

  std::vector<ledger::JournalEntry> History(PositionKey key, Sequence version, int limit) override;
  ledger::Position FoldedAt(PositionKey key, Sequence version, Timestamp recorded_until) override;
  std::optional<LatestCount> CountAt(PositionKey key, Timestamp counted_at) override;
  Quantity DeltaAfter(PositionKey key, Timestamp after) override;

  std::optional<QuarantinedFact> FindQuarantined(int64_t id) override;
  Page<QuarantinedFact> ListQuarantined(SourceId source, ledger::Reason reason, int64_t after,
                                        int limit) override;
  int64_t CountQuarantined(SourceId source) override;
  std::vector<QuarantineGroup> SummarizeQuarantine(SourceId source, int limit) override;
  std::optional<ReconciliationSums> FindReconciliation(SourceId source,
                                                       std::string_view snapshot_id) override;
  Page<ReconciliationSums> ListReconciliations(SourceId source, int64_t before, int limit) override;
  std::vector<ItemDrift> ItemDrifts(int64_t reconciliation) override;
  Page<Drift> ListDrifts(int64_t reconciliation, const DriftKey& after, int limit) override;
  Page<Drift> DriftsToRepair(int64_t reconciliation, DriftCause cause, PositionKey after,
                             int limit) override;
  std::optional<Drift> FindDrift(int64_t reconciliation, PositionKey position) override;
  Timestamp NewestFact(SourceId source) override;
  std::optional<Experiment> FindExperiment(std::string_view id) override;
  Page<Experiment> ListExperiments(std::string_view after_id, int limit) override;
  std::optional<QuotaStanding> FindQuota(std::string_view id) override;
  Page<QuotaStanding> ListQuotas(std::string_view holder, bool include_settled,
                                 uint64_t after_number, int limit) override;

  std::optional<fulfilment::Order> FindOrder(std::string_view id) override;
  std::optional<std::string> OrderId(uint64_t number) override;
  Page<fulfilment::Order> ListOrders(const OrderFilter& filter, uint64_t after_number,
                                     int limit) override;
  Page<fulfilment::OrderEvent> ListOrderEvents(uint64_t order_number, uint64_t after,
                                               int limit) override;

  Page<WaitingOrderFact> ListWaitingOrderFacts(SourceId source, std::string_view order_id,
                                               int64_t after, int limit) override;
  std::vector<ShelfPosition> FindShelfPositions(LocationId location,
                                                std::span<const ItemId> items) override;
  Page<ShelfPosition> ListShelfPositions(LocationId location, std::string_view after_key,
                                         ItemId after_item, int limit) override;

  std::vector<SourceRule> ListSourceRules() override;
  Page<SourceRuleChange> ListSourceRuleChanges(SourceId source, int64_t before, int limit) override;
  std::vector<Shadow> ListPendingShadows() override;
  std::vector<RefusedLevel> ListRefusedLevels() override;

  Audit Verify(int differences_max) override;
  Status Backup(const std::string& path, Sequence& sequence, int64_t& size_bytes) override;
  int64_t DatabaseBytes() override;

 private:
  // A count that only confirmed the books.
  struct Coverage {
    SourceId source = kNoSource;
    std::string snapshot_id;
    Timestamp recorded_at{};
  };

  // Steps to the next row. Throws ReadError when that fails.
  bool StepRow(ReaderConnection& connection, Statement& statement, std::string_view doing) const;
  [[noreturn]] void Fail(ReaderConnection& connection, std::string_view doing) const;
  // Calls `each(entry)` for the position's chain from `version` back until it returns false.
  template <typename Each>
  void WalkChain(ReaderConnection& connection, PositionKey key, Sequence version,
                 std::string_view doing, Each&& each) const;
  std::optional<Coverage> FindCoverage(ReaderConnection& connection, PositionKey key,
                                       Timestamp as_of) const;
  Timestamp LatestCoverage(ReaderConnection& connection, PositionKey key, Timestamp after,
                           Timestamp recorded_until) const;
  // What the books said about the instant `as_of` when they were at `recorded_at`.
  Quantity BookedAt(ReaderConnection& connection, PositionKey key, Timestamp as_of,
                    Timestamp recorded_at) const;

  // The order in the row, with its fulfilments.
  fulfilment::Order ReadWholeOrder(ReaderConnection& connection, const Statement& row) const;

  std::shared_ptr<const FileLock> lock_;
  ReaderPool pool_;
  std::string path_;
  std::string vfs_name_;
};

}  // namespace stockd::storage
