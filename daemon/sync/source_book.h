#pragma once

#include <absl/container/btree_map.h>
#include <absl/synchronization/mutex.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/engine/engine.h"
#include "daemon/sync/level_cursor.h"

namespace stockd::sync {

// A source as the configuration names it.
struct ConfiguredSource {
  std::string id;
  std::string kind;
  bool applies_counts = true;  // False: its absolute quantities are only compared.
  std::string channel;         // Whose buffer its levels respect; empty: none.
  std::vector<std::string> locations;
  std::string group;
};

// An open session, as far as another session of the same source needs to know it.
class OpenSession {
 public:
  virtual ~OpenSession() = default;
  // Another session of the same source has begun.
  virtual void Replace() = 0;
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
  Sequence level_cursor = 0;
};

// The configured sources with what is known of their sessions. Thread-safe.
class SourceBook {
 public:
  SourceBook(engine::Engine& engine, std::vector<ConfiguredSource> sources);

  // Gives every configured source its number in the database, if it has none. Called once the
  // engine runs; blocks until that is durable. False when the engine refused.
  bool Register();

  // kNoSource when it is not configured.
  SourceId Find(std::string_view id) const;
  std::optional<ConfiguredSource> Configured(std::string_view id) const;
  // The positions whose levels the source is sent. Names that are unknown yet match nothing.
  FeedScope ScopeOf(const ConfiguredSource& source) const;

  // A session begins: an earlier one of the same source is told to end.
  void Open(std::string_view id, const std::string& adapter, std::shared_ptr<OpenSession> session);
  // A session ended; does nothing when another has taken its place.
  void Close(std::string_view id, const OpenSession* session);
  void CountDuplicates(SourceId source, int64_t duplicates);

  std::vector<SourceStatus> List() const;

 private:
  struct Row {
    ConfiguredSource configured;
    std::string adapter;
    std::shared_ptr<OpenSession> session;
    std::optional<Timestamp> session_changed_at;
    int64_t duplicates = 0;
  };

  engine::Engine& engine_;
  mutable absl::Mutex mutex_;
  absl::btree_map<std::string, Row> rows_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::sync
