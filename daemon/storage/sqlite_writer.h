#pragma once

#include <absl/container/flat_hash_map.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/storage/connection.h"
#include "daemon/storage/file_lock.h"
#include "daemon/storage/position_backlog.h"
#include "daemon/storage/sqlite_store.h"
#include "daemon/storage/store.h"
#include "daemon/storage/writer_statements.h"

namespace stockd::storage {

// The store over the one connection that writes and moves the write-ahead log. Debian's SQLite can
// corrupt a database when two connections do that at once; so there is never a second one.
class SqliteWriter final : public Store {
 public:
  // `connection` is open, its schema up to date. `lock` is held as long as anybody uses the file.
  SqliteWriter(Connection connection, std::shared_ptr<const FileLock> lock, std::string path,
               const SqliteOptions& options);
  ~SqliteWriter() override;

  // Prepares every statement. Called once, before anything else.
  Status Prepare();

  Status Load(const LoadVisitor& visitor, Counters& counters) override;

  void Begin() override;
  Status Commit() override;

  std::optional<ledger::JournalEntry> FindFact(SourceId source, std::string_view event_id) override;
  Quantity DeltaAfter(PositionKey key, Timestamp after) override;
  std::optional<ledger::Reservation> FindReservation(std::string_view id) override;
  std::optional<ledger::AnsweredRequest> FindRequest(std::string_view request_id) override;
  bool SnapshotKnown(SourceId source, std::string_view snapshot_id) override;
  std::optional<QuarantinedFact> FindQuarantined(int64_t id) override;
  bool QuarantineHolds(SourceId source, std::string_view event_id, std::string_view fact) override;
  std::vector<QuarantinedFact> ListQuarantined(std::string_view sku, std::string_view location,
                                               int64_t after, int limit) override;
  std::optional<Quota> FindQuota(std::string_view id) override;
  std::optional<fulfilment::Order> FindOrder(std::string_view id) override;
  std::optional<fulfilment::AnsweredOrder> FindOrderRequest(std::string_view request_id) override;

  std::vector<WaitingOrderFact> ListWaitingOrderFacts(std::string_view order_id,
                                                      int limit) override;
  std::optional<WaitingOrderFact> FindWaitingOrderFact(int64_t id) override;
  std::optional<WaitingOrderFact> FindWaitingOrderFact(SourceId source, std::string_view event_id,
                                                       std::string_view fact) override;

  Quantity OnHandAsOf(PositionKey key, Timestamp instant) override;
  void WalkBack(PositionKey key, Sequence version,
                const std::function<bool(const ledger::JournalEntry&)>& each) override;

  void SavePosition(PositionKey key, const ledger::Position& position) override;
  void AppendJournal(const ledger::JournalEntry& entry) override;
  void InsertReservation(const ledger::Reservation& reservation) override;
  void UpdateReservation(const ledger::Reservation& reservation) override;
  void AddRequest(std::string_view request_id, const ledger::AnsweredRequest& request,
                  Timestamp now) override;
  void ForgetRequests(Timestamp before, int limit) override;
  void SaveSupply(const ledger::Supply& supply) override;
  void AddCoverage(const CountCoverage& coverage) override;
  void AddSnapshot(SourceId source, std::string_view snapshot_id, Timestamp as_of,
                   Timestamp now) override;
  void ForgetCoverages(Timestamp before, int limit) override;
  void ForgetSnapshots(SourceId source, Timestamp before) override;
  void SaveQuarantined(const QuarantinedFact& fact) override;
  void DeleteQuarantined(int64_t id) override;
  void KeepItemChange(const Item& item, Timestamp now) override;
  void KeepVisits(const VisitCount& count, Timestamp now) override;
  void KeepContact(const Contact& contact, Timestamp now) override;
  void InsertExperiment(const Experiment& experiment) override;
  void EndExperiment(std::string_view id, Timestamp ends_at) override;
  std::optional<Experiment> FindExperiment(std::string_view id) override;
  std::vector<Experiment> RunningExperiments() override;
  void SaveItem(const Item& item) override;
  void SaveLocation(const Location& location) override;
  void SaveGroup(const Group& group) override;
  void SaveChannel(const Channel& channel) override;
  void SaveSafetyStock(const SafetyStock& rule) override;
  void DeleteSafetyStock(ItemId item, LocationId location) override;
  void SaveSource(const Source& source) override;
  void SaveSkuMapping(const SkuMapping& mapping) override;
  void DeleteSkuMapping(SourceId source, std::string_view code) override;
  void SaveLocationMapping(const LocationMapping& mapping) override;
  void DeleteLocationMapping(SourceId source, std::string_view code) override;
  void SaveBundle(ItemId bundle, std::span<const BundlePart> parts) override;
  void AddRejected(const QuarantinedFact& fact, Timestamp now, std::string_view note) override;
  int64_t RejectQuarantined(SourceId source, ledger::Reason reason, Timestamp now,
                            std::string_view note) override;
  void SaveDevice(const Device& device) override;
  void SaveDeviceGap(SourceId source, std::string_view device, const DeviceGap& gap) override;
  void DeleteDeviceGap(SourceId source, std::string_view device, uint64_t first) override;
  int64_t BeginReconciliation(const Reconciliation& reconciliation) override;
  void SaveDrift(int64_t reconciliation, const Drift& drift) override;
  void EndReconciliation(int64_t reconciliation, int64_t position_count) override;
  void SaveQuota(const Quota& quota) override;
  void InsertOrder(const fulfilment::Order& order) override;
  void UpdateOrder(const fulfilment::Order& order) override;
  void AppendOrderEvent(const fulfilment::OrderEvent& event) override;
  void AddOrderRequest(std::string_view request_id, const fulfilment::AnsweredOrder& request,
                       Timestamp now) override;
  void ForgetOrderRequests(Timestamp before, int limit) override;

  int64_t AddWaitingOrderFact(const WaitingOrderFact& fact) override;
  void UpdateWaitingOrderFact(int64_t id, ledger::Reason reason, int32_t attempts) override;
  void DeleteWaitingOrderFact(int64_t id) override;
  void RejectWaitingOrderFact(int64_t id, Timestamp now, std::string_view note) override;
  void SaveShelfPosition(const ShelfPosition& shelf) override;
  void DeleteShelfPosition(PositionKey position) override;
  void SaveCalendar(LocationId location, const fulfilment::StoreCalendar& calendar) override;
  void DeleteCalendar(LocationId location) override;

  void SaveSourceRule(const SourceRule& rule) override;
  void DeleteSourceRule(SourceId source, LocationId location) override;
  void AddSourceRuleChange(const SourceRuleChange& change) override;
  Shadow FindShadow(SourceId source, PositionKey position) override;
  void SaveShadow(const Shadow& shadow) override;
  void ForgetShadows(SourceId source) override;
  void SaveRefusedLevel(const RefusedLevel& level) override;
  void DeleteRefusedLevel(SourceId source, PositionKey position) override;

  Status Checkpoint() override;

 private:
  void ReadSubjects(Experiment& experiment);
  // The event time of a source's newest fact.
  struct Newest {
    Timestamp occurred_at = kTimestampMin;
    bool changed = false;  // Since the last commit.
  };

  bool failed() const { return !error_.empty(); }
  // Keeps the connection's error as the one that sticks. `doing` completes "Could not ...".
  void Fail(std::string_view doing);
  // Keeps damage that SQLite cannot see as the error that sticks.
  void FailDamaged(std::string_view what);
  // Runs a bound statement that returns no rows.
  void Run(Statement& statement, std::string_view doing);
  // Steps to the statement's next row. Whether there is one.
  bool StepRow(Statement& statement, std::string_view doing);
  void SaveFulfilments(const fulfilment::Order& order);
  // Forgets answers given before `before`, at most `limit`. `oldest` reads (number, answered_at) of
  // so many, in the order of time; `forget` deletes up to a number.
  void ForgetAnswers(Statement& oldest, Statement& forget, Timestamp before, int limit);
  void Rollback();
  void SaveNewestFacts();
  void WritePosition(PositionKey key, const ledger::Position& position);
  // Writes the rows of positions that are due, or all that wait.
  void WritePositionsDue();
  void WriteAllPositions();
  void SaveProgress();
  // Moves the write-ahead log into the database when it has grown enough.
  void CheckpointIfDue();

  std::shared_ptr<const FileLock> lock_;  // First, so that it is released last.
  Connection connection_;
  WriterStatements statements_;
  std::string path_;
  std::string error_;
  absl::flat_hash_map<SourceId, Newest> newest_;
  PositionBacklog backlog_;
  bool all_positions_due_ = false;  // With the next commit.
  Sequence newest_entry_ = 0;       // Of the journal, with this unit of work.
  int64_t position_lag_;            // See SqliteOptions.
  std::string lines_;               // Kept for its memory.
  int wal_pages_ = 0;               // Pages in the write-ahead log, as of the last commit.
  int checkpoint_pages_;            // See SqliteOptions.
  int restart_pages_;  // At this many pages the log has to be emptied even if readers wait for it.
};

}  // namespace stockd::storage
