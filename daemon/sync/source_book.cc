#include "daemon/sync/source_book.h"

#include <absl/synchronization/notification.h>

#include <utility>

namespace stockd::sync {
namespace {

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

// A location that no position has: a scope of it contains nothing.
constexpr LocationId kNowhere{0xFFFFFFFF};

}  // namespace

SourceBook::SourceBook(engine::Engine& engine, std::vector<ConfiguredSource> sources)
    : engine_(engine) {
  for (ConfiguredSource& source : sources) {
    std::string id = source.id;
    rows_[std::move(id)].configured = std::move(source);
  }
}

bool SourceBook::Register(SourceRecords& records) {
  std::vector<ConfiguredSource> sources;
  {
    const absl::ReaderMutexLock lock(&mutex_);
    for (const auto& [id, row] : rows_) sources.push_back(row.configured);
  }
  absl::Notification done;
  bool committed = false;
  engine_.Submit(engine::MakeTask(
      [&sources, &records](engine::UnitOfWork& unit) {
        std::vector<SourceRules::Default> defaults;
        for (const ConfiguredSource& source : sources) {
          if (unit.catalogue().FindSource(source.id) == kNoSource)
            unit.store().SaveSource(unit.catalogue().PutSource({.name = source.id}));
          defaults.push_back({.source = unit.catalogue().FindSource(source.id),
                              .absolute = source.absolute,
                              .echoes = source.echoes});
        }
        records.rules.Configure(defaults);
        for (const SourceRules::Default& source : defaults) {
          // Nobody will follow it now, so nothing may be taken up from here one day.
          if (!records.rules.Of(source.source)->tracked())
            records.shadows.Forget(unit, source.source);
        }
        return true;
      },
      [&](engine::CommitOutcome outcome, bool) {
        committed = outcome == engine::CommitOutcome::kCommitted;
        done.Notify();
      }));
  done.WaitForNotification();
  return committed;
}

SourceId SourceBook::Find(std::string_view id) const {
  {
    const absl::ReaderMutexLock lock(&mutex_);
    if (!rows_.contains(View(id))) return kNoSource;
  }
  return engine_.catalogue().FindSource(id);
}

std::optional<ConfiguredSource> SourceBook::Configured(std::string_view id) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto found = rows_.find(View(id));
  if (found == rows_.end()) return std::nullopt;
  return found->second.configured;
}

FeedScope SourceBook::ScopeOf(const ConfiguredSource& source) const {
  const engine::Catalogue& catalogue = engine_.catalogue();
  FeedScope scope{.items = {}, .locations = {}, .channel = catalogue.FindChannel(source.channel)};
  const auto add = [&scope](LocationId location) {
    scope.locations.insert(location == kNoLocation ? kNowhere : location);
  };
  for (const std::string& code : source.locations) add(catalogue.FindLocation(code));
  if (!source.group.empty()) {
    const auto group = catalogue.Group(catalogue.FindGroup(source.group));
    if (!group) {
      add(kNoLocation);
    } else {
      for (const LocationId location : group->locations) add(location);
    }
  }
  return scope;
}

void SourceBook::Open(std::string_view id, const std::string& adapter,
                      std::shared_ptr<OpenSession> session) {
  std::shared_ptr<OpenSession> earlier;
  {
    const absl::MutexLock lock(&mutex_);
    Row& row = rows_[std::string(id)];
    earlier = std::exchange(row.session, std::move(session));
    row.adapter = adapter;
    row.session_changed_at = engine_.Now();
    row.health.reset();
  }
  // Outside the lock: ending a session may come back to Close().
  if (earlier) earlier->Replace();
}

void SourceBook::Close(std::string_view id, const OpenSession* session) {
  std::shared_ptr<OpenSession> ended;
  const absl::MutexLock lock(&mutex_);
  const auto found = rows_.find(View(id));
  if (found == rows_.end() || found->second.session.get() != session) return;
  ended = std::move(found->second.session);
  found->second.session_changed_at = engine_.Now();
}

void SourceBook::NoteFacts(SourceId source, const IntakeResult& result) {
  const std::string name = engine_.catalogue().SourceName(source);
  const absl::MutexLock lock(&mutex_);
  const auto found = rows_.find(name);
  if (found == rows_.end()) return;
  Row& row = found->second;
  row.duplicates += result.duplicates;
  row.echoes += result.echoes;
  row.fact_lags.Add(result.fact_lags);
  if (result.applied == 0 || result.newest_at < row.newest_fact_at) return;
  row.newest_fact_at = result.newest_at;
  row.fact_lag = result.newest_lag;
}

void SourceBook::NoteLevels(SourceId source, Sequence cursor) {
  const std::optional<Timestamp> decided_at = engine_.changes().DecidedAt(cursor);
  if (!decided_at) return;  // It catches up with what is older than the daemon remembers.
  const Duration lag = engine_.Now() - *decided_at;
  const std::string name = engine_.catalogue().SourceName(source);
  const absl::MutexLock lock(&mutex_);
  if (const auto found = rows_.find(name); found != rows_.end()) found->second.level_lags.Add(lag);
}

void SourceBook::NoteEchoes(SourceId source, int64_t echoes) {
  const std::string name = engine_.catalogue().SourceName(source);
  const absl::MutexLock lock(&mutex_);
  if (const auto found = rows_.find(name); found != rows_.end()) found->second.echoes += echoes;
}

void SourceBook::NoteHealth(std::string_view id, const OpenSession* session,
                            v1::AdapterHealth health) {
  const absl::MutexLock lock(&mutex_);
  const auto found = rows_.find(View(id));
  if (found == rows_.end() || found->second.session.get() != session) return;
  found->second.health = std::move(health);
}

bool SourceBook::RequestSnapshot(std::string_view id, const v1::SnapshotRequest& request) {
  std::shared_ptr<OpenSession> session;
  {
    const absl::ReaderMutexLock lock(&mutex_);
    const auto found = rows_.find(View(id));
    if (found != rows_.end()) session = found->second.session;
  }
  // Outside the lock: the session may write at once.
  return session != nullptr && session->RequestSnapshot(request);
}

std::vector<SourceStatus> SourceBook::List() const {
  std::vector<SourceStatus> list;
  const absl::ReaderMutexLock lock(&mutex_);
  for (const auto& [id, row] : rows_) {
    SourceStatus status{.configured = row.configured,
                        .id = engine_.catalogue().FindSource(id),
                        .connected = row.session != nullptr,
                        .adapter = row.adapter,
                        .session_changed_at = row.session_changed_at,
                        .duplicates = row.duplicates,
                        .echoes = row.echoes,
                        .health = row.health,
                        .fact_lag = row.fact_lag,
                        .fact_lags = row.fact_lags,
                        .level_lags = row.level_lags};
    if (const auto stored = engine_.catalogue().Source(status.id)) {
      status.facts_applied = stored->facts_applied;
      status.level_cursor = stored->level_cursor;
      status.order_cursor = stored->order_cursor;
    }
    list.push_back(std::move(status));
  }
  return list;
}

}  // namespace stockd::sync
