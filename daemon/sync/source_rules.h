#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/mutex.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/engine/unit_of_work.h"
#include "daemon/ledger/journal.h"
#include "daemon/ledger/reason.h"
#include "daemon/storage/source_rows.h"

namespace stockd::sync {

// What one source may tell, and what its absolute quantities mean. Never changes: a change of rules
// makes a new one.
class SourceRights {
 public:
  // Without rules: everything may be told, absolute quantities are counts.
  SourceRights() = default;
  // `fallback` is the configured rule; `rules` are those that were put, at most one a location.
  SourceRights(storage::SourceRule fallback, bool echoes, std::vector<storage::SourceRule> rules);

  // Everything may be told, everything absolute is a count, and what it shows is not followed.
  bool plain() const { return plain_; }
  // Whether what the source shows is followed, so that levels of ours that come back are known.
  bool tracked() const { return tracked_; }

  // Whether absolute quantities are only compared, somewhere or everywhere.
  bool compares_some() const { return compares_some_; }
  bool compares_all() const { return compares_all_; }

  const storage::SourceRule& At(LocationId location) const;
  storage::AbsoluteRule AbsoluteAt(LocationId location) const { return At(location).absolute; }
  // Why the source may not tell this; kNone: it may.
  ledger::Reason Refusal(ledger::EntryKind kind, LocationId location,
                         std::string_view channel) const;

  // The rules that were put, by location, and the configured one.
  const std::vector<storage::SourceRule>& rules() const { return rules_; }
  const storage::SourceRule& fallback() const { return fallback_; }
  bool echoes() const { return echoes_; }

 private:
  storage::SourceRule fallback_;
  bool echoes_ = false;
  std::vector<storage::SourceRule> rules_;  // By location; the one for all locations is first.
  absl::flat_hash_map<LocationId, size_t> at_;
  bool plain_ = true;
  bool tracked_ = false;
  bool compares_some_ = false;
  bool compares_all_ = false;
};

// The rules of all sources, in memory. Thread-safe; changed by the writer only.
class SourceRules {
 public:
  // A source as configured.
  struct Default {
    SourceId source = kNoSource;
    storage::AbsoluteRule absolute = storage::AbsoluteRule::kCount;
    bool echoes = false;
  };

  // The rules that were put, as the database has them. Called before Configure().
  void Load(const std::vector<storage::SourceRule>& rules);
  // The configured sources.
  void Configure(const std::vector<Default>& defaults);

  // Never null; a source that is not configured may tell everything.
  std::shared_ptr<const SourceRights> Of(SourceId source) const;

  // Puts or removes the rule, on disk and in memory, and records the change. Whether what the
  // source shows is followed from now on and was not before.
  bool Change(engine::UnitOfWork& unit, const storage::SourceRule& rule, bool remove,
              std::string_view note);

 private:
  using RightsOfSources = absl::flat_hash_map<SourceId, std::shared_ptr<const SourceRights>>;

  const std::shared_ptr<const SourceRights> no_rules_ = std::make_shared<const SourceRights>();
  mutable absl::Mutex mutex_;
  RightsOfSources rights_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stockd::sync
