#pragma once

#include <absl/container/btree_map.h>
#include <absl/synchronization/mutex.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/lag_histogram.h"
#include "daemon/engine/engine.h"
#include "daemon/sync/fact_intake.h"
#include "daemon/sync/level_cursor.h"

namespace stockd::sync {

// A source as the configuration names it.
struct ConfiguredSource {
  std::string id;
  std::string kind;
  storage::AbsoluteRule absolute = storage::AbsoluteRule::kCount;  // Unless a rule was put.
  bool echoes = false;  // It tells back the levels it was sent.
  std::string channel;  // Whose buffer its levels respect; empty: none.
  std::vector<std::string> locations;
  std::string group;
  Duration reconcile_every{};  // How often it is asked for a snapshot to compare; 0: never.
};

// An open session, as far as another session of the same source needs to know it.
class OpenSession {
 public:
  virtual ~OpenSession() = default;
  // Another session of the same source has begun.
  virtual void Replace() = 0;
  // Asks the adapter for a snapshot. False when the session ends or has too much to send.
  virtual bool RequestSnapshot(const v1::SnapshotRequest& request) = 0;
};

// How a source fares, for ListSources.
struct SourceStatus {
  ConfiguredSource configured;
  SourceId id = kNoSource;
  bool connected = false;
  std::string adapter;
  std::optional<Timestamp> session_changed_at;
  int64_t facts_applied = 0;
  int64_t duplicates = 0;
  int64_t echoes = 0;
  Sequence level_cursor = 0;
  uint64_t order_cursor = 0;
  std::optional<v1::AdapterHealth> health;  // The last that it told in its present or last session.
  Duration fact_lag{};                      // How late it told its newest fact; 0: none yet.
  // Since the daemon started: how late facts were told, and how long levels took from the commit to
  // their acknowledgement.
  LagHistogram fact_lags;
  LagHistogram level_lags;
};

// The configured sources with what is known of their sessions. Thread-safe.
class SourceBook {
 public:
  SourceBook(engine::Engine& engine, std::vector<ConfiguredSource> sources);

  // Gives every configured source its number in the database, if it has none, and `records` what
  // is configured of it. Called once the engine runs; blocks until that is durable. False when the
  // engine refused.
  bool Register(SourceRecords& records);

  // kNoSource when it is not configured.
  SourceId Find(std::string_view id) const;
  std::optional<ConfiguredSource> Configured(std::string_view id) const;
  // The positions whose levels the source is sent. Names that are unknown yet match nothing.
  FeedScope ScopeOf(const ConfiguredSource& source) const;

  // A session begins: an earlier one of the same source is told to end.
  void Open(std::string_view id, const std::string& adapter, std::shared_ptr<OpenSession> session);
  // A session ended; does nothing when another has taken its place.
  void Close(std::string_view id, const OpenSession* session);
  // A batch of facts is on disk.
  void NoteFacts(SourceId source, const IntakeResult& result);
  // Levels up to this cursor were acknowledged.
  void NoteLevels(SourceId source, Sequence cursor);
  // A snapshot is on disk that told so many levels back.
  void NoteEchoes(SourceId source, int64_t echoes);
  // The session told how its adapter fares; does nothing when another has taken its place.
  void NoteHealth(std::string_view id, const OpenSession* session, v1::AdapterHealth health);
  // Asks the source's open session for a snapshot. False when there is none, or it ends.
  bool RequestSnapshot(std::string_view id, const v1::SnapshotRequest& request);

  std::vector<SourceStatus> List() const;

 private:
  struct Row {
    ConfiguredSource configured;
    std::string adapter;
    std::shared_ptr<OpenSession> session;
    std::optional<Timestamp> session_changed_at;
    int64_t duplicates = 0;
    int64_t echoes = 0;
    std::optional<v1::AdapterHealth> health;
    Timestamp newest_fact_at = kTimestampMin;
    Duration fact_lag{};
    LagHistogram fact_lags;
    LagHistogram level_lags;
  };

  engine::Engine& engine_;
  mutable absl::Mutex mutex_;
  absl::btree_map<std::string, Row> rows_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::sync
