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

bool SourceBook::Register() {
  std::vector<std::string> names;
  {
    const absl::ReaderMutexLock lock(&mutex_);
    for (const auto& [id, row] : rows_) names.push_back(id);
  }
  absl::Notification done;
  bool committed = false;
  engine_.Submit(engine::MakeTask(
      [&names](engine::UnitOfWork& unit) {
        for (const std::string& name : names) {
          if (unit.catalogue().FindSource(name) != kNoSource) continue;
          unit.store().SaveSource(unit.catalogue().PutSource({.name = name}));
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

void SourceBook::CountDuplicates(SourceId source, int64_t duplicates) {
  const std::string name = engine_.catalogue().SourceName(source);
  const absl::MutexLock lock(&mutex_);
  if (const auto found = rows_.find(name); found != rows_.end())
    found->second.duplicates += duplicates;
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
                        .duplicates = row.duplicates};
    if (const auto stored = engine_.catalogue().Source(status.id)) {
      status.facts_applied = stored->facts_applied;
      status.level_cursor = stored->level_cursor;
    }
    list.push_back(std::move(status));
  }
  return list;
}

}  // namespace stockd::sync
