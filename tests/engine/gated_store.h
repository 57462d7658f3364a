#pragma once

#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>

#include <string>

#include "daemon/storage/store.h"
#include "tests/support/process_clock.h"

namespace stockd::support {

// The real store, whose commits a test can hold back or let fail. Thread-compatible but for the
// gate's own functions, which any thread may call.
class GatedStore : public storage::Store {
 public:
  explicit GatedStore(storage::Store& real) : real_(real) {}

  // Commits wait from now on, until Open().
  void Close() {
    const absl::MutexLock lock(&mutex_);
    closed_ = true;
  }
  void Open() {
    const absl::MutexLock lock(&mutex_);
    closed_ = false;
  }
  // The next commit and all later ones fail with this text, as those of a real store do after the
  // first failure.
  void FailWith(std::string error) {
    const absl::MutexLock lock(&mutex_);
    error_ = std::move(error);
  }
  // Waits until a commit stands at the closed gate; false after kPatience.
  bool WaitForCommit() {
    const absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(this, &GatedStore::IsWaiting),
                                   absl::FromChrono(kPatience));
  }

  storage::Status Commit() override {
    {
      const absl::MutexLock lock(&mutex_);
      waiting_ = true;
      mutex_.Await(absl::Condition(this, &GatedStore::IsOpen));
      waiting_ = false;
      if (!error_.empty()) return {error_};
    }
    return real_.Commit();
  }

  storage::Status Load(const storage::LoadVisitor& visitor, storage::Counters& counters) override {
    return real_.Load(visitor, counters);
  }
  void Begin() override { real_.Begin(); }
  std::optional<ledger::JournalEntry> FindFact(SourceId source,
                                               std::string_view event_id) override {
    return real_.FindFact(source, event_id);
  }
  Quantity DeltaAfter(PositionKey key, Timestamp after) override {
    return real_.DeltaAfter(key, after);
  }
  std::optional<ledger::Reservation> FindReservation(std::string_view id) override {
    return real_.FindReservation(id);
  }
  std::optional<ledger::AnsweredRequest> FindRequest(std::string_view request_id) override {
    return real_.FindRequest(request_id);
  }
  bool SnapshotKnown(SourceId source, std::string_view snapshot_id) override {
    return real_.SnapshotKnown(source, snapshot_id);
  }
  std::optional<storage::QuarantinedFact> FindQuarantined(int64_t id) override {
    return real_.FindQuarantined(id);
  }
  bool QuarantineHolds(SourceId source, std::string_view event_id, std::string_view fact) override {
    return real_.QuarantineHolds(source, event_id, fact);
  }
  std::vector<storage::QuarantinedFact> ListQuarantined(std::string_view sku,
                                                        std::string_view location, int64_t after,
                                                        int limit) override {
    return real_.ListQuarantined(sku, location, after, limit);
  }
  std::optional<storage::Quota> FindQuota(std::string_view id) override {
    return real_.FindQuota(id);
  }
  std::optional<fulfilment::Order> FindOrder(std::string_view id) override {
    return real_.FindOrder(id);
  }
  std::optional<fulfilment::AnsweredOrder> FindOrderRequest(std::string_view request_id) override {
    return real_.FindOrderRequest(request_id);
  }
  void InsertOrder(const fulfilment::Order& order) override { real_.InsertOrder(order); }
  void UpdateOrder(const fulfilment::Order& order) override { real_.UpdateOrder(order); }
  void AppendOrderEvent(const fulfilment::OrderEvent& event) override {
    real_.AppendOrderEvent(event);
  }
  void AddOrderRequest(std::string_view request_id, const fulfilment::AnsweredOrder& request,
                       Timestamp now) override {
    real_.AddOrderRequest(request_id, request, now);
  }
  void ForgetOrderRequests(Timestamp before, int limit) override {
    real_.ForgetOrderRequests(before, limit);
  }
  void SaveQuota(const storage::Quota& quota) override { real_.SaveQuota(quota); }
  void SaveCalendar(LocationId location, const fulfilment::StoreCalendar& calendar) override {
    real_.SaveCalendar(location, calendar);
  }
  void DeleteCalendar(LocationId location) override { real_.DeleteCalendar(location); }
  void SaveSourceRule(const storage::SourceRule& rule) override { real_.SaveSourceRule(rule); }
  void DeleteSourceRule(SourceId source, LocationId location) override {
    real_.DeleteSourceRule(source, location);
  }
  void AddSourceRuleChange(const storage::SourceRuleChange& change) override {
    real_.AddSourceRuleChange(change);
  }
  storage::Shadow FindShadow(SourceId source, PositionKey position) override {
    return real_.FindShadow(source, position);
  }
  void SaveShadow(const storage::Shadow& shadow) override { real_.SaveShadow(shadow); }
  void ForgetShadows(SourceId source) override { real_.ForgetShadows(source); }
  void SaveRefusedLevel(const storage::RefusedLevel& level) override {
    real_.SaveRefusedLevel(level);
  }
  void DeleteRefusedLevel(SourceId source, PositionKey position) override {
    real_.DeleteRefusedLevel(source, position);
  }
  Quantity OnHandAsOf(PositionKey key, Timestamp instant) override {
    return real_.OnHandAsOf(key, instant);
  }
  void WalkBack(PositionKey key, Sequence version,
                const std::function<bool(const ledger::JournalEntry&)>& each) override {
    real_.WalkBack(key, version, each);
  }
  void SaveSkuMapping(const storage::SkuMapping& mapping) override {
    real_.SaveSkuMapping(mapping);
  }
  void DeleteSkuMapping(SourceId source, std::string_view code) override {
    real_.DeleteSkuMapping(source, code);
  }
  void SaveLocationMapping(const storage::LocationMapping& mapping) override {
    real_.SaveLocationMapping(mapping);
  }
  void DeleteLocationMapping(SourceId source, std::string_view code) override {
    real_.DeleteLocationMapping(source, code);
  }
  void SaveBundle(ItemId bundle, std::span<const storage::BundlePart> parts) override {
    real_.SaveBundle(bundle, parts);
  }
  void AddRejected(const storage::QuarantinedFact& fact, Timestamp now,
                   std::string_view note) override {
    real_.AddRejected(fact, now, note);
  }
  int64_t RejectQuarantined(SourceId source, ledger::Reason reason, Timestamp now,
                            std::string_view note) override {
    return real_.RejectQuarantined(source, reason, now, note);
  }
  void SaveDevice(const storage::Device& device) override { real_.SaveDevice(device); }
  void SaveDeviceGap(SourceId source, std::string_view device,
                     const storage::DeviceGap& gap) override {
    real_.SaveDeviceGap(source, device, gap);
  }
  void DeleteDeviceGap(SourceId source, std::string_view device, uint64_t first) override {
    real_.DeleteDeviceGap(source, device, first);
  }
  int64_t BeginReconciliation(const storage::Reconciliation& reconciliation) override {
    return real_.BeginReconciliation(reconciliation);
  }
  void SaveDrift(int64_t reconciliation, const storage::Drift& drift) override {
    real_.SaveDrift(reconciliation, drift);
  }
  void EndReconciliation(int64_t reconciliation, int64_t position_count) override {
    real_.EndReconciliation(reconciliation, position_count);
  }
  void SavePosition(PositionKey key, const ledger::Position& position) override {
    real_.SavePosition(key, position);
  }
  void AppendJournal(const ledger::JournalEntry& entry) override { real_.AppendJournal(entry); }
  void InsertReservation(const ledger::Reservation& reservation) override {
    real_.InsertReservation(reservation);
  }
  void UpdateReservation(const ledger::Reservation& reservation) override {
    real_.UpdateReservation(reservation);
  }
  void AddRequest(std::string_view request_id, const ledger::AnsweredRequest& request,
                  Timestamp now) override {
    real_.AddRequest(request_id, request, now);
  }
  void ForgetRequests(Timestamp before, int limit) override { real_.ForgetRequests(before, limit); }
  void SaveSupply(const ledger::Supply& supply) override { real_.SaveSupply(supply); }
  void AddCoverage(const storage::CountCoverage& coverage) override { real_.AddCoverage(coverage); }
  void AddSnapshot(SourceId source, std::string_view snapshot_id, Timestamp as_of,
                   Timestamp now) override {
    real_.AddSnapshot(source, snapshot_id, as_of, now);
  }
  void ForgetCoverages(Timestamp before, int limit) override {
    real_.ForgetCoverages(before, limit);
  }
  void ForgetSnapshots(SourceId source, Timestamp before) override {
    real_.ForgetSnapshots(source, before);
  }
  void SaveQuarantined(const storage::QuarantinedFact& fact) override {
    real_.SaveQuarantined(fact);
  }
  void DeleteQuarantined(int64_t id) override { real_.DeleteQuarantined(id); }
  void KeepItemChange(const storage::Item& item, Timestamp now) override {
    real_.KeepItemChange(item, now);
  }
  void KeepVisits(const storage::VisitCount& count, Timestamp now) override {
    real_.KeepVisits(count, now);
  }
  void KeepContact(const storage::Contact& contact, Timestamp now) override {
    real_.KeepContact(contact, now);
  }
  void InsertExperiment(const storage::Experiment& experiment) override {
    real_.InsertExperiment(experiment);
  }
  void EndExperiment(std::string_view id, Timestamp ends_at) override {
    real_.EndExperiment(id, ends_at);
  }
  std::optional<storage::Experiment> FindExperiment(std::string_view id) override {
    return real_.FindExperiment(id);
  }
  std::vector<storage::Experiment> RunningExperiments() override {
    return real_.RunningExperiments();
  }
  void SaveItem(const storage::Item& item) override { real_.SaveItem(item); }
  void SaveLocation(const storage::Location& location) override { real_.SaveLocation(location); }
  void SaveGroup(const storage::Group& group) override { real_.SaveGroup(group); }
  void SaveChannel(const storage::Channel& channel) override { real_.SaveChannel(channel); }
  void SaveSafetyStock(const storage::SafetyStock& rule) override { real_.SaveSafetyStock(rule); }
  void DeleteSafetyStock(ItemId item, LocationId location) override {
    real_.DeleteSafetyStock(item, location);
  }
  void SaveSource(const storage::Source& source) override { real_.SaveSource(source); }
  std::vector<storage::WaitingOrderFact> ListWaitingOrderFacts(std::string_view order_id,
                                                               int limit) override {
    return real_.ListWaitingOrderFacts(order_id, limit);
  }
  std::optional<storage::WaitingOrderFact> FindWaitingOrderFact(int64_t id) override {
    return real_.FindWaitingOrderFact(id);
  }
  std::optional<storage::WaitingOrderFact> FindWaitingOrderFact(SourceId source,
                                                                std::string_view event_id,
                                                                std::string_view fact) override {
    return real_.FindWaitingOrderFact(source, event_id, fact);
  }
  int64_t AddWaitingOrderFact(const storage::WaitingOrderFact& fact) override {
    return real_.AddWaitingOrderFact(fact);
  }
  void UpdateWaitingOrderFact(int64_t id, ledger::Reason reason, int32_t attempts) override {
    real_.UpdateWaitingOrderFact(id, reason, attempts);
  }
  void DeleteWaitingOrderFact(int64_t id) override { real_.DeleteWaitingOrderFact(id); }
  void RejectWaitingOrderFact(int64_t id, Timestamp now, std::string_view note) override {
    real_.RejectWaitingOrderFact(id, now, note);
  }
  void SaveShelfPosition(const storage::ShelfPosition& shelf) override {
    real_.SaveShelfPosition(shelf);
  }
  void DeleteShelfPosition(PositionKey position) override { real_.DeleteShelfPosition(position); }
  storage::Status Checkpoint() override { return real_.Checkpoint(); }

 private:
  bool IsOpen() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !closed_; }
  bool IsWaiting() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return waiting_; }

  storage::Store& real_;
  absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool waiting_ ABSL_GUARDED_BY(mutex_) = false;
  std::string error_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::support
