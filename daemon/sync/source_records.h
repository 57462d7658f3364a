#pragma once

#include "daemon/storage/reader.h"
#include "daemon/sync/refused_levels.h"
#include "daemon/sync/shadows.h"
#include "daemon/sync/source_rules.h"

namespace stockd::sync {

// What synchronisation keeps about sources, on disk and in memory. Thread-safe.
struct SourceRecords {
  SourceRules rules;
  Shadows shadows;
  RefusedLevels refused;

  // Reads the database. Called once, before the engine starts. Throws storage::ReadError.
  void Load(storage::Reader& reader) {
    rules.Load(reader.ListSourceRules());
    shadows.Load(reader.ListPendingShadows());
    refused.Load(reader.ListRefusedLevels());
  }

  // Puts or removes a rule. What was known of a source that nobody followed is no base for
  // differences: it is forgotten when that begins.
  void ChangeRule(engine::UnitOfWork& unit, const storage::SourceRule& rule, bool remove,
                  std::string_view note) {
    if (rules.Change(unit, rule, remove, note)) shadows.Forget(unit, rule.source);
  }
};

}  // namespace stockd::sync
