#pragma once

#include <absl/synchronization/mutex.h>

#include <string>

#include "daemon/storage/store.h"

namespace stockd::support {

// The real store, whose commits a test can hold back or let fail. Thread-compatible but for the
// gate's own functions, which any thread may call.
class GatedStore final : public storage::Store {
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
  // Waits until a commit stands at the closed gate; false after ten seconds.
  bool WaitForCommit() {
    const absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(this, &GatedStore::IsWaiting),
                                   absl::Seconds(10));
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
  void SaveQuarantined(const storage::QuarantinedFact& fact) override {
    real_.SaveQuarantined(fact);
  }
  void DeleteQuarantined(int64_t id) override { real_.DeleteQuarantined(id); }
  void SaveItem(const storage::Item& item) override { real_.SaveItem(item); }
  void SaveLocation(const storage::Location& location) override { real_.SaveLocation(location); }
  void SaveGroup(const storage::Group& group) override { real_.SaveGroup(group); }
  void SaveChannel(const storage::Channel& channel) override { real_.SaveChannel(channel); }
  void SaveSafetyStock(const storage::SafetyStock& rule) override { real_.SaveSafetyStock(rule); }
  void DeleteSafetyStock(ItemId item, LocationId location) override {
    real_.DeleteSafetyStock(item, location);
  }
  void SaveSource(const storage::Source& source) override { real_.SaveSource(source); }
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
